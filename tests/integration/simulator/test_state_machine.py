"""Random operations on rooms, codes, peers and recordings: no 500, and reads show the earlier writes."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from tests.integration.simulator.client import Client

STATUSES = ["starting", "running", "stopping", "post_processing", "completed", "failed"]
NAMES = st.sampled_from(["town-hall", "Town-Hall", "stand-up", "retro", "RETRO"])


@dataclass
class Known:
    """The expected state of a room."""

    name: str
    enabled: bool = True
    peers: set[str] = field(default_factory=set)
    codes: dict[str, bool] = field(default_factory=dict)
    recordings: dict[str, int] = field(default_factory=dict)


class Workspace(RuleBasedStateMachine):
    """A workspace and its expected state."""

    client: Client
    rooms = Bundle("rooms")

    def __init__(self) -> None:
        super().__init__()
        self.control("POST", "/reset")
        self.known: dict[str, Known] = {}

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        response = self.client.call(method, f"/v2{path}", json=body)
        assert response.status_code < 500, response.text
        return response.status_code, response.json() if response.content else None

    def control(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        response = self.client.call(method, f"/_simulator{path}", json=body)
        assert response.status_code < 500, response.text
        return response.status_code, response.json() if response.content else None

    @rule(target=rooms, name=NAMES)
    def create_room(self, name: str) -> str:
        status, room = self.call("POST", "/rooms", {"name": name})
        assert status == 200
        same = [room_id for room_id, known in self.known.items() if known.name.lower() == name.lower()]
        if same:
            assert same == [room["id"]]
        self.known.setdefault(room["id"], Known(name))
        room_id: str = room["id"]
        return room_id

    @rule(room_id=rooms, enabled=st.booleans())
    def enable_or_disable(self, room_id: str, enabled: bool) -> None:
        status, room = self.call("POST", f"/rooms/{room_id}", {"enabled": enabled})
        assert (status, room["enabled"]) == (200, enabled)
        self.known[room_id].enabled = enabled

    @rule(room_id=rooms)
    def create_codes(self, room_id: str) -> None:
        known = self.known[room_id]
        status, response = self.call("POST", f"/room-codes/room/{room_id}")
        assert status == (200 if known.enabled else 403)
        if known.enabled:
            assert {code["role"] for code in response["data"]} == {"host", "guest"}
            for code in response["data"]:
                assert known.codes.setdefault(code["code"], True) == code["enabled"]

    @rule(room_id=rooms, enabled=st.booleans(), data=st.data())
    def switch_code(self, room_id: str, enabled: bool, data: st.DataObject) -> None:
        known = self.known[room_id]
        if known.codes:
            code = data.draw(st.sampled_from(sorted(known.codes)))
            status, _ = self.call("POST", "/room-codes/code", {"code": code, "enabled": enabled})
            assert status == 200
            known.codes[code] = enabled

    @rule(room_id=rooms)
    def exchange_codes(self, room_id: str) -> None:
        known = self.known[room_id]
        for code, enabled in known.codes.items():
            status, _ = self.call("POST", "/token", {"code": code})
            assert (status == 200) == (enabled and known.enabled)

    @rule(room_id=rooms, role=st.sampled_from(["host", "guest", "nobody"]))
    def join(self, room_id: str, role: str) -> None:
        known = self.known[room_id]
        peer = {"name": "Ann", "role": role, "user_id": "u"}
        status, joined = self.control("POST", f"/rooms/{room_id}/peers", peer)
        assert (status == 200) == (known.enabled and role != "nobody")
        if status == 200:
            known.peers.add(joined["id"])

    @rule(room_id=rooms, data=st.data())
    def leave(self, room_id: str, data: st.DataObject) -> None:
        known = self.known[room_id]
        if known.peers:
            peer_id = data.draw(st.sampled_from(sorted(known.peers)))
            assert self.control("DELETE", f"/rooms/{room_id}/peers/{peer_id}")[0] == 200
            known.peers.discard(peer_id)

    @rule(room_id=rooms, lock=st.booleans())
    def end_room(self, room_id: str, lock: bool) -> None:
        known = self.known[room_id]
        status, _ = self.call("POST", f"/active-rooms/{room_id}/end-room", {"lock": lock})
        assert status == 200 or not known.peers
        if status == 200:
            known.peers.clear()
            known.enabled = known.enabled and not lock

    @rule(room_id=rooms)
    def start_recording(self, room_id: str) -> None:
        status, job = self.call("POST", f"/recordings/room/{room_id}/start", {"meeting_url": "https://example.com/m"})
        if status == 409:
            assert job["message"] == "beam already started"
            return
        assert (status, job["status"]) == (200, "starting")
        self.known[room_id].recordings[job["id"]] = 0

    @rule(room_id=rooms)
    def stop_recordings(self, room_id: str) -> None:
        assert self.call("POST", f"/recordings/room/{room_id}/stop")[0] in (200, 404)

    @rule(seconds=st.sampled_from([1, 5, 60, 299]))
    def pass_time(self, seconds: int) -> None:
        assert self.control("POST", "/clock", {"advance_seconds": seconds})[0] == 200

    @invariant()
    def rooms_are_what_they_were_made(self) -> None:
        for room_id, known in self.known.items():
            status, room = self.call("GET", f"/rooms/{room_id}")
            assert (status, room["enabled"]) == (200, known.enabled)
            assert room["name"].lower() == known.name.lower()

    @invariant()
    def active_rooms_hold_the_peers_that_joined(self) -> None:
        for room_id, known in self.known.items():
            status, active = self.call("GET", f"/active-rooms/{room_id}/peers")
            present = set(active["peers"]) if status == 200 else set()
            assert known.peers <= present
            if not known.recordings:  # a recorder is a peer too
                assert known.peers == present

    @invariant()
    def recordings_only_go_forward(self) -> None:
        for known in self.known.values():
            for job_id, seen in known.recordings.items():
                status, job = self.call("GET", f"/recordings/{job_id}")
                assert status == 200
                known.recordings[job_id] = STATUSES.index(job["status"])
                assert known.recordings[job_id] >= seen


@pytest.mark.timeout(240)
@pytest.mark.parametrize("examples", [10, pytest.param(80, marks=pytest.mark.storm)])
def test_a_workspace_driven_at_random_stays_whole(simulator: Client, examples: int) -> None:
    Workspace.client = simulator
    machine = Workspace.TestCase
    machine.settings = settings(
        max_examples=examples,
        stateful_step_count=50,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    machine().runTest()
