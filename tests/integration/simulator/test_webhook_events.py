"""The workspace's events match contract/webhooks.openapi.yaml."""

from typing import Any

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import join, leave, new_room, pass_time
from tests.integration.simulator.receiver import Receiver, eventually, schema_violations
from tests.support.contract import examples, webhooks

# The simulator causes these events only when a test requests them.
ASKED_FOR = {
    "ingest.start.success",
    "ingest.end.success",
    "ingest.start.failure",
    "ingest.failure",
    "track.recording.failure",
    "stream.recording.failure",
    "recording.failed",
    "transcription.failure",
}


def differences(events: list[dict[str, Any]]) -> list[str]:
    return sorted({complaint for event in events for complaint in schema_violations(event)})


def in_all(simulator: Client, workspace: Receiver, wanted: set[str]) -> list[dict[str, Any]]:
    """Return the events, once each of these types has arrived."""
    return eventually(lambda: workspace.events, lambda events: wanted <= {event["type"] for event in events})


def test_events_of_sessions_are_sent_as_documented(simulator: Client, workspace: Receiver) -> None:
    roles = {"host": {}, "guest": {}, "stage": {"maxPeerCount": 1}}
    room_id = new_room(simulator, template_id=simulator.post_json("/v2/templates", {"roles": roles})["id"])
    room = f"/v2/active-rooms/{room_id}"
    assert simulator.post(f"{room}/end-room", {}).status_code == 404
    first, second = join(simulator, room_id), join(simulator, room_id, "stage")
    peer = {"name": "Late", "role": "stage", "user_id": "user.002"}
    assert simulator.post(f"/_simulator/rooms/{room_id}/peers", peer).status_code == 403
    assert simulator.post(f"{room}/peers/{first}", {"role": "stage"}).status_code == 403
    simulator.post_json(f"{room}/peers/{first}", {"role": "guest"})
    simulator.post_json(f"{room}/remove-peers", {"peer_id": second, "reason": "removed"})
    assert simulator.delete(f"/_simulator/rooms/{room_id}/peers/{second}").status_code == 404
    simulator.post_json(f"{room}/end-room", {"reason": "End Room by admin"})
    wanted = {name for name in webhooks() if name.startswith(("session.", "peer.", "room.", "role."))}
    assert differences(in_all(simulator, workspace, wanted)) == []


def test_events_of_streams_and_recordings_are_sent_as_documented(simulator: Client, workspace: Receiver) -> None:
    room_id = new_room(simulator)
    peer_id = join(simulator, room_id)
    streams = {
        "external-streams": examples("startExternalStream")["twoTargets"],
        "live-streams": examples("startLiveStream")["full"],
    }
    for section, body in streams.items():
        simulator.post_json(f"/v2/{section}/room/{room_id}/start", body)
        pass_time(simulator, 60)
        simulator.post_json(f"/v2/{section}/room/{room_id}/stop")
        simulator.post_json(f"/v2/{section}/room/{room_id}/start", body)
        simulator.post_json(f"/v2/{section}/room/{room_id}/stop")
    pass_time(simulator, 3600)
    leave(simulator, room_id, peer_id)
    wanted = {name for name in webhooks() if name.startswith(("beam.", "hls.", "transcription."))} - ASKED_FOR
    assert differences(in_all(simulator, workspace, wanted)) == []


def test_events_of_sfu_recordings_are_sent_as_documented(simulator: Client, workspace: Receiver) -> None:
    (config,) = examples("configureTemplateRecordings")["config"]
    config |= {"trackRecording": {"enabled": True}, "streamRecording": {"enabled": True, "width": 640, "height": 360}}
    template_id = simulator.post_json("/v2/templates", {"name": "recorded"})["id"]
    response = simulator.post(f"/v2/templates/{template_id}/recordings", [config])
    assert response.status_code == 200, response.text
    room_id = new_room(simulator, template_id=template_id, recording_info={"enabled": True})
    peer_id = join(simulator, room_id)
    pass_time(simulator, 60)
    leave(simulator, room_id, peer_id)
    pass_time(simulator, 3600)
    wanted = {name for name in webhooks() if name.startswith(("track.", "stream.", "recording."))} - ASKED_FOR
    assert differences(in_all(simulator, workspace, wanted)) == []


def test_what_nothing_causes_here_is_sent_when_it_is_asked_for(simulator: Client, workspace: Receiver) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    for event_type in ASKED_FOR:
        simulator.post_json("/_simulator/events", {"type": event_type, "room_id": room_id})
    events = [event for event in in_all(simulator, workspace, ASKED_FOR) if event["type"] in ASKED_FOR]
    assert differences(events) == []
    assert {event["data"]["room_id"] for event in events} == {room_id}
