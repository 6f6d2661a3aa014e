"""Peers share screens, mute, unmute, change roles and end rooms."""

from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import join, new_room, recording_webhooks, room_of_template
from tests.integration.simulator.receiver import schema_violations

TRACKS = {"source": "screen", "types": ["video", "audio"]}


def track_events(simulator: Client, room_id: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = simulator.get_json("/v2/analytics/events", room_id=room_id, limit=100)["events"]
    return [event for event in events if event["type"].startswith("track.")]


def tracks(simulator: Client, room_id: str, peer_id: str) -> dict[str, Any]:
    found: dict[str, Any] = simulator.get_json(f"/v2/active-rooms/{room_id}/peers/{peer_id}")["tracks"]
    return found


def test_a_track_is_muted_and_unmuted(simulator: Client) -> None:
    room_id = new_room(simulator)
    peer_id = join(simulator, room_id)
    track_id = next(iter(tracks(simulator, room_id, peer_id)))
    path = f"/_simulator/rooms/{room_id}/peers/{peer_id}/tracks/{track_id}"
    for mute in (True, True, False):
        assert simulator.post_json(path, {"mute": mute})["mute"] is mute
        assert tracks(simulator, room_id, peer_id)[track_id]["mute"] is mute
    added, *updates = [event for event in track_events(simulator, room_id) if event["data"]["track_id"] == track_id]
    assert [event["type"] for event in updates] == ["track.update.success"] * 2
    assert [event["data"]["mute"] for event in updates] == [True, False]
    assert updates[1]["data"] == added["data"]
    assert simulator.post(path, {"mute": "yes"}).status_code == 400
    assert simulator.post(f"{path}0", {"mute": True}).json() == {"code": 404, "message": "Track not found"}


def test_a_screen_is_shared_beside_the_camera(simulator: Client) -> None:
    room_id = new_room(simulator)
    peer_id = join(simulator, room_id)
    path = f"/_simulator/rooms/{room_id}/peers/{peer_id}/tracks"
    shared = simulator.post_json(path, TRACKS)["tracks"]
    assert {(track["type"], track["source"]) for track in shared.values()} == {("video", "screen"), ("audio", "screen")}
    assert len({track["stream_id"] for track in shared.values()}) == 1
    assert len(tracks(simulator, room_id, peer_id)) == 4
    for track_id in shared:
        assert simulator.delete(f"{path}/{track_id}").status_code == 200
    assert {track["source"] for track in tracks(simulator, room_id, peer_id).values()} == {"regular"}
    ended = [event for event in track_events(simulator, room_id) if event["type"] == "track.remove.success"]
    assert [event["data"]["source"] for event in ended] == ["screen"] * 2
    assert simulator.post(path, {"source": "screen", "types": []}).status_code == 400
    assert simulator.post(path, {"source": "window", "types": ["video"]}).status_code == 400


def test_a_role_limits_what_is_shared(simulator: Client) -> None:
    roles: Any = {"host": {}, "guest": {"publishParams": {"allowed": ["audio", "video"]}}}
    room_id = room_of_template(simulator, roles=roles)
    host, guest = join(simulator, room_id), join(simulator, room_id, "guest")
    peers = f"/_simulator/rooms/{room_id}/peers"
    assert simulator.post(f"{peers}/{guest}/tracks", TRACKS).status_code == 403
    simulator.post_json(f"{peers}/{host}/tracks", TRACKS)
    simulator.post_json(f"/v2/active-rooms/{room_id}/peers/{host}", {"role": "guest"})
    kept = tracks(simulator, room_id, host).values()
    assert sorted((track["type"], track["source"]) for track in kept) == [("audio", "regular"), ("video", "regular")]


@pytest.mark.parametrize("source", ["regular", "screen"])
def test_a_stream_recording_has_the_source_of_its_tracks(simulator: Client, source: str) -> None:
    room_id = room_of_template(simulator, roles={"host": {}})
    template_id = simulator.get_json(f"/v2/rooms/{room_id}")["template_id"]
    config = {"name": "default", "role": "host", "streamRecording": {"enabled": True}}
    assert simulator.post(f"/v2/templates/{template_id}/recordings", [config]).status_code == 200
    with recording_webhooks(simulator) as received:
        peer = f"{room_id}/peers/{join(simulator, room_id)}"
        simulator.post_json(f"/_simulator/rooms/{peer}/tracks", TRACKS)
        simulator.delete(f"/_simulator/rooms/{peer}")
        simulator.post_json("/_simulator/clock", {"advance_seconds": 60})
        events = received.events("stream.recording.success", 2)
    (recorded,) = [event for event in events if event["data"]["type"] == source]
    assert schema_violations(recorded) == []


def test_a_peer_changes_the_role_of_another_and_ends_the_room(simulator: Client) -> None:
    room_id = room_of_template(simulator, roles={"host": {}, "guest": {}, "stage": {"maxPeerCount": 1}})
    room = f"/_simulator/rooms/{room_id}"
    with recording_webhooks(simulator) as received:
        host, guest = join(simulator, room_id), join(simulator, room_id, "guest")
        join(simulator, room_id, "stage")
        change = {"role": "host", "requested_by": host}
        assert simulator.post_json(f"{room}/peers/{guest}/role", change)["role"] == "host"
        full = {"role": "stage", "requested_by": host}
        assert simulator.post(f"{room}/peers/{guest}/role", full).status_code == 403
        assert simulator.post(f"{room}/peers/{guest}/role", change | {"requested_by": "0"}).status_code == 404
        simulator.post_json(f"{room}/end", {"peer_id": host, "reason": "late", "lock": True})
        changed, refused = received.event("role.change.success"), received.event("role.change.failure")
        ended = received.event("room.end.success")
    assert changed["data"]["role_change_requested_by"] == refused["data"]["role_change_requested_by"] == host
    expected = {"peer_id": host, "user_id": "user.001", "role": "host", "source": "peer", "reason": "late"}
    assert expected.items() <= ended["data"].items()
    assert ended["data"]["lock_room"] is True
    assert [schema_violations(event) for event in (changed, refused, ended)] == [[], [], []]
