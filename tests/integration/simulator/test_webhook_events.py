"""The workspace's events match contract/webhooks.openapi.yaml: all types, with exactly the documented members."""

from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import join, leave, new_room, pass_time, room_of_template
from tests.integration.simulator.receiver import Receiver, eventually, schema_violations
from tests.support.contract import document, examples, webhooks


def differences(events: list[dict[str, Any]]) -> list[str]:
    """Return missing members, wrong values and undocumented members of all events."""
    found = [complaint for event in events for complaint in schema_violations(event)]
    found += [f"{event['type']}: {name} is not documented" for event in events for name in undocumented_members(event)]
    return sorted(set(found))


def undocumented_members(event: dict[str, Any]) -> set[str]:
    """Return the members that neither the sample nor the table of the event's type has."""
    content = webhooks()[event["type"]]
    schemas: dict[str, Any] = document("webhooks")["components"]["schemas"]
    schema = schemas[content["schema"]["$ref"].rpartition("/")[2]]["allOf"][1]
    sample = content["examples"]["sample"]["value"]
    envelope = {"app_id", *sample, *schemas["Envelope"]["properties"]}
    data = {*sample["data"], *schemas[schema["properties"]["data"]["$ref"].rpartition("/")[2]]["properties"]}
    return {name for name in event["data"] if name not in data} | {name for name in event if name not in envelope}


def types_of(*prefixes: str) -> set[str]:
    return {name for name in webhooks() if name.startswith(prefixes)}


def in_all(workspace: Receiver, wanted: set[str]) -> list[dict[str, Any]]:
    """Return the events, once each of these types has arrived."""
    return eventually(lambda: workspace.events, lambda events: wanted <= {event["type"] for event in events})


def session_events(simulator: Client) -> set[str]:
    """Cause every event of sessions, peers, rooms and roles."""
    room_id = room_of_template(simulator, roles={"host": {}, "guest": {}, "stage": {"maxPeerCount": 1}})
    api, control = f"/v2/active-rooms/{room_id}", f"/_simulator/rooms/{room_id}"
    assert simulator.post(f"{api}/end-room", {}).status_code == 404
    first, second = join(simulator, room_id), join(simulator, room_id, "stage")
    late = {"name": "Late", "role": "stage", "user_id": "user.002"}
    assert simulator.post(f"{control}/peers", late).status_code == 403
    for role, status in (("stage", 403), ("guest", 200)):
        change = {"role": role, "requested_by": second}
        assert simulator.post(f"{control}/peers/{first}/role", change).status_code == status
    simulator.post_json(f"{api}/remove-peers", {"peer_id": second, "reason": "removed"})
    assert simulator.delete(f"{control}/peers/{second}").status_code == 404
    simulator.post_json(f"{control}/end", {"peer_id": first, "reason": "End Room by admin"})
    return types_of("session.", "peer.", "room.", "role.")


def stream_events(simulator: Client) -> set[str]:
    """Cause every event of recordings with a browser, streams and transcriptions."""
    room_id = new_room(simulator)
    peer_id = join(simulator, room_id)
    streams = {
        "external-streams": examples("startExternalStream")["twoTargets"],
        "live-streams": examples("startLiveStream")["full"],
    }
    for section, body in streams.items():
        path = f"/v2/{section}/room/{room_id}"
        simulator.post_json(f"{path}/start", body)
        pass_time(simulator, 60)
        simulator.post_json(f"{path}/stop")
        simulator.post_json(f"{path}/start", body)
        simulator.post_json(f"{path}/stop")
    pass_time(simulator, 3600)
    job_id = simulator.post_json(f"/v2/live-streams/room/{room_id}/start", streams["live-streams"])["id"]
    pass_time(simulator, 60)
    simulator.post_json(f"/v2/live-streams/{job_id}/stop")
    pass_time(simulator, 60)
    simulator.post_json(f"/_simulator/jobs/{job_id}/transcription/failure")
    leave(simulator, room_id, peer_id)
    return types_of("beam.", "hls.", "transcription.")


def sfu_events(simulator: Client) -> set[str]:
    """Cause every event of recordings that a room or template enables."""
    (config,) = examples("configureTemplateRecordings")["config"]
    config = config | {
        "trackRecording": {"enabled": True},
        "streamRecording": {"enabled": True, "width": 640, "height": 360},
    }
    template_id = simulator.post_json("/v2/templates", {"name": "recorded"})["id"]
    response = simulator.post(f"/v2/templates/{template_id}/recordings", [config])
    assert response.status_code == 200, response.text
    room_id = new_room(simulator, template_id=template_id, recording_info={"enabled": True})
    for fails in (False, True):
        peer_id = join(simulator, room_id)
        pass_time(simulator, 60)
        for recording in ("session", "track", "stream") if fails else ():
            simulator.post_json(f"/_simulator/rooms/{room_id}/recording-failures", {"recording": recording})
        leave(simulator, room_id, peer_id)
        pass_time(simulator, 3600)
    return types_of("track.", "stream.", "recording.")


def ingest_events(simulator: Client) -> set[str]:
    """Cause every event of RTMP ingestion."""
    hls = {"hlsDestinations": {"stream": {"name": "stream"}}}
    room_id = room_of_template(simulator, roles={"host": {}}, destinations=hls)
    join(simulator, room_id)
    key = {"key": simulator.post_json(f"/v2/stream-keys/room/{room_id}")["key"]}
    for end in ("", "/failure"):
        ingest_id = simulator.post_json("/_simulator/ingests", key)["ingest_id"]
        assert simulator.post("/_simulator/ingests", key).status_code == 409
        path = f"/_simulator/ingests/{ingest_id}"
        assert simulator.call("POST" if end else "DELETE", f"{path}{end}").status_code == 200
        pass_time(simulator, 3600)
    return types_of("ingest.")


CAUSES = [session_events, stream_events, sfu_events, ingest_events]


@pytest.mark.parametrize("cause", CAUSES)
def test_events_are_sent_as_documented(simulator: Client, workspace: Receiver, cause: Any) -> None:
    wanted = cause(simulator)
    assert differences(in_all(workspace, wanted)) == []


def test_all_documented_types_are_caused(simulator: Client) -> None:
    assert len(webhooks()) == 32
    assert set().union(*(cause(simulator) for cause in CAUSES)) == set(webhooks())


def test_a_webhook_can_be_sent_without_its_cause(simulator: Client, workspace: Receiver) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    wanted = types_of("ingest.", "track.recording", "recording.", "transcription.")
    for event_type in wanted:
        simulator.post_json("/_simulator/events", {"type": event_type, "room_id": room_id})
    events = in_all(workspace, wanted)
    assert [complaint for event in events for complaint in schema_violations(event)] == []
    assert {event["data"]["room_id"] for event in events} == {room_id}
