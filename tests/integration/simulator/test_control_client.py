"""The control client has a method for each control call."""

from typing import Any
from urllib.parse import quote_plus

import pytest

from simulator.app import create_app
from simulator.control_client import ControlClient, ControlError
from simulator.middleware import CONTROL_PREFIX
from simulator.store import Store
from simulator.tokens import Tokens
from tests.integration.simulator.client import Client, sign
from tests.integration.simulator.jobs import new_room
from tests.integration.simulator.receiver import eventually
from tests.integration.simulator.test_ingest import new_key, streaming_room
from tests.integration.simulator.test_polls import COLOURS, Vote
from tests.integration.simulator.test_sip import Line

APP = create_app(Store(Tokens("", "")))


class RecordingClient(ControlClient):
    """Records the endpoint of each call."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.called: set[str] = set()
        self._routes = APP.url_map.bind("localhost")

    def _call(self, method: str, path: list[str], *options: Any, **more: Any) -> dict[str, Any]:
        endpoint, _ = self._routes.match("/".join([CONTROL_PREFIX, *map(quote_plus, path)]), method)
        self.called.add(endpoint)
        return super()._call(method, path, *options, **more)


@pytest.fixture
def control(simulator: Client) -> RecordingClient:
    return RecordingClient(simulator.url)


def join_and_act(simulator: Client, control: ControlClient) -> None:
    room_id = new_room(simulator)
    token = sign(type="app", room_id=room_id, role="host", user_id="user-1")
    assert control.join(token=token, preview=True)["peer"] is None
    admission = control.join(token=token, name="Ada", metadata="{}")
    assert admission["peer"] is not None
    ada = admission["peer"]["id"]
    bob = control.add_peer(room_id, "Bob", "guest", "user-2")
    assert control.change_role(room_id, bob["id"], "host", requested_by=ada)["role"] == "host"
    (track_id,) = control.start_tracks(room_id, ada, "screen", ["video"])
    assert control.mute_track(room_id, ada, track_id)["mute"] is True
    control.stop_track(room_id, ada, track_id)
    control.send_message(room_id, ada, "Hello", roles=["host"])
    control.remove_peer(room_id, bob["id"], reason="client request")
    assert [peer["name"] for peer in control.rooms()[0]["peers"]] == ["Ada"]
    control.end_room(room_id, ada, lock=True)
    assert control.rooms()[0]["enabled"] is False


def respond(simulator: Client, control: ControlClient) -> None:
    vote = Vote(simulator, COLOURS)
    vote.join()
    control.respond_to_poll(vote.poll_id, vote.session_id, 1, option=2)
    assert len(vote.responses()) == 1


def telephone(simulator: Client, control: ControlClient) -> None:
    line = Line(simulator)
    control.plan_sip_answer("declined", ring_seconds=0)
    line.call()
    assert line.is_empty()
    assert control.dial_in(line.code, "+15550101", name="Eve")["name"] == "Eve"
    assert control.tones() == []


def stream(simulator: Client, control: ControlClient) -> None:
    room_id = streaming_room(simulator)
    ingest = control.connect_encoder(new_key(simulator, room_id))
    control.fail_job(ingest["live_stream_id"])
    with pytest.raises(ControlError, match="Transcription not found"):
        control.fail_transcription(ingest["live_stream_id"])
    control.fail_ingest(control.connect_encoder(new_key(simulator, streaming_room(simulator)))["ingest_id"])
    control.disconnect_encoder(control.connect_encoder(new_key(simulator, streaming_room(simulator)))["ingest_id"])
    control.fail_next_recording(room_id, "track")


def inspect(simulator: Client, control: ControlClient) -> None:
    room_id = new_room(simulator)
    control.set_webhook("http://127.0.0.1:9/closed", {"X-Trace": "7"})
    assert control.add_event("peer.join.success", room_id, peer_id="peer-1")["data"]["peer_id"] == "peer-1"
    assert eventually(control.deliveries, bool)[0]["url"] == "http://127.0.0.1:9/closed"
    control.add_fault(method="GET", path="/v2/rooms", status=503, times=2)
    assert control.faults() == [{"method": "GET", "path": "/v2/rooms", "status": 503, "times": 2}]
    control.clear_faults()
    simulator.get("/v2/rooms")
    assert control.requests()[-1]["path"] == "/v2/rooms"
    control.clear_requests()
    assert control.requests() == []
    assert control.advance_clock(86_400).endswith("Z")
    control.reset()
    assert control.rooms() == []


def test_it_has_a_method_for_each_control_call(simulator: Client, control: RecordingClient) -> None:
    for story in (join_and_act, respond, telephone, stream, inspect):
        story(simulator, control)
    routes = {rule.endpoint for rule in APP.url_map.iter_rules() if rule.rule.startswith(CONTROL_PREFIX)}
    assert control.called == routes


def test_a_refused_call_raises_its_reason(control: ControlClient) -> None:
    with pytest.raises(ControlError, match=r"Invalid body param; .*path must begin with /v2") as refused:
        control.add_fault(path="/rooms")
    assert refused.value.status == 400
    with pytest.raises(ControlError, match="Room not found") as refused:
        control.add_peer("a/b", "Ada", "host", "user-1")
    assert refused.value.status == 404
