"""Life cycle of external streams."""

from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import (
    MEETING_URL,
    START,
    finish,
    join,
    new_room,
    pass_time,
    recording_webhooks,
    room_of_template,
    statuses,
)
from tests.integration.simulator.receiver import schema_violations
from tests.support.contract import check, examples

TARGETS = ["rtmp://example.com:443/stream", "rtmps://example.net/live"]


def start(simulator: Client, room_id: str, **body: Any) -> str:
    return str(simulator.post_json(f"/v2/external-streams/room/{room_id}/start", {"rtmp_urls": TARGETS, **body})["id"])


def started(simulator: Client, **body: Any) -> str:
    """Return the path of a running stream in a room with a peer."""
    room_id = new_room(simulator)
    join(simulator, room_id)
    stream_id = start(simulator, room_id, **body)
    pass_time(simulator, START)
    return f"/v2/external-streams/{stream_id}"


def test_a_stream_goes_from_starting_to_completed(simulator: Client) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    path = f"/v2/external-streams/{start(simulator, room_id)}"
    assert statuses(simulator, path, 0, 3) == ["starting", "running"]
    assert simulator.post_json(f"{path}/stop")["status"] == "stopping"
    assert statuses(simulator, path, 1, 4) == ["post_processing", "completed"]
    shown = simulator.get_json(path)
    assert (shown["rtmp_urls"], shown["recording"], shown["recording_assets"]) == (TARGETS, False, [])


def test_every_operation_answers_as_documented(simulator: Client) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    room = f"/v2/external-streams/room/{room_id}"
    request = examples("startExternalStream")["twoTargets"]
    begun = check("startExternalStream", simulator.post(f"{room}/start", request), "starting")
    stream = f"/v2/external-streams/{begun['id']}"
    pass_time(simulator, START)
    check("stopExternalStream", simulator.post(f"{stream}/stop"), "stopped")
    start(simulator, room_id, recording=True)
    pass_time(simulator, START + 5)
    check("stopExternalStreamsForRoom", simulator.post(f"{room}/stop"), "stopped")
    finish(simulator)
    check("getExternalStream", simulator.get(stream), "completed")
    check("listExternalStreams", simulator.get("/v2/external-streams", status="completed"), "page")


def test_a_recorded_stream_leaves_one_video(simulator: Client) -> None:
    path = started(simulator, recording=True, resolution={"width": 720, "height": 1280})
    pass_time(simulator, 40)
    simulator.post_json(f"{path}/stop")
    finish(simulator)
    (video,) = simulator.get_json(path)["recording_assets"]
    assert (video["type"], video["metadata"]) == ("room-composite", {"resolution": {"width": 720, "height": 1280}})
    assert video["duration"] in range(40, 45)


def test_the_template_sets_recording_size_and_times(simulator: Client) -> None:
    destination = {"name": "tv", "recordingEnabled": True, "width": 640, "height": 480, "maxDuration": 600}
    room_id = room_of_template(simulator, roles={"host": {}}, destinations={"rtmpDestinations": {"tv": destination}})
    join(simulator, room_id)
    path = f"/v2/external-streams/{start(simulator, room_id, meeting_url=MEETING_URL)}"
    shown = simulator.get_json(path)
    assert (shown["destination"], shown["recording"]) == ("tv", True)
    assert shown["resolution"] == {"width": 640, "height": 480}
    assert statuses(simulator, path, START, 595, 10) == ["running", "running", "completed"]
    again = simulator.post_json(
        f"/v2/external-streams/room/{room_id}/start",
        {"rtmp_urls": TARGETS, "meeting_url": MEETING_URL, "recording": False},
    )
    assert again["recording"] is False


def test_the_events_of_a_recorded_stream_carry_what_is_documented(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        path = started(simulator, recording=True)
        simulator.post_json(f"{path}/stop")
        finish(simulator)
        events = [received.event(f"beam.{name}.success") for name in ("started", "stopped", "recording")]
    assert [complaint for event in events for complaint in schema_violations(event)] == []
    assert events[0]["data"]["rtmp"] == [{"url": url} for url in TARGETS]
    assert {event["data"]["peer_id"] for event in events} != {""}


def test_a_stream_that_is_not_recorded_sends_no_recording_event(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        path = started(simulator)
        simulator.post_json(f"{path}/stop")
        finish(simulator)
        assert received.event("beam.stopped.success")["data"]["recording_enabled"] is False
        assert "beam.recording.success" not in received.types()


def test_a_failure_contains_the_destination_of_the_stream(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        path = started(simulator)
        simulator.post_json(
            f"/_simulator/jobs/{path.rpartition('/')[2]}/failure", {"error_type": "MAX_RETRIES_REACHED"}
        )
        failure = received.event("beam.failure")
    assert schema_violations(failure) == []
    assert "Meeting URL" in failure["data"]["error_message"]


def test_end_room_stops_the_stream(simulator: Client) -> None:
    path = started(simulator)
    room_id = simulator.get_json(path)["room_id"]
    simulator.post_json(f"/v2/active-rooms/{room_id}/end-room", {"reason": "over", "lock": False})
    assert statuses(simulator, path, 0, 5) == ["stopping", "completed"]


def test_a_room_has_one_stream_at_a_time(simulator: Client) -> None:
    path = started(simulator)
    room_id = simulator.get_json(path)["room_id"]
    answer = simulator.post(f"/v2/external-streams/room/{room_id}/start", {"rtmp_urls": TARGETS})
    assert answer.json() == {"code": 409, "message": "beam already started"}
    simulator.post_json(f"{path}/stop")
    assert start(simulator, room_id) != path.rpartition("/")[2]


def test_where_nothing_streams_there_is_nothing_to_find(simulator: Client) -> None:
    path = started(simulator)
    room_id = simulator.post_json(f"{path}/stop")["room_id"]
    for call in (f"/v2/external-streams/room/{room_id}/stop", f"{path}/stop"):
        assert simulator.post(call).json() == {"code": 404, "message": "beam not found"}


def test_an_unknown_stream_is_not_found(simulator: Client) -> None:
    assert simulator.get("/v2/external-streams/0").json() == {"code": 404, "message": "External stream not found"}
    assert simulator.post("/v2/external-streams/0/stop").status_code == 404
    for call in ("start", "stop"):
        answer = simulator.post(f"/v2/external-streams/room/0/{call}", {"rtmp_urls": TARGETS})
        assert answer.json() == {"code": 403, "message": "user does not have required permission"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rtmp_urls": []},
        {"rtmp_urls": ["https://example.com"]},
        {"rtmp_urls": ["rtmp://example.com/live"] * 6},
        {"rtmp_urls": TARGETS, "resolution": {"width": 1280}},
        {"rtmp_urls": TARGETS, "resolution": {"width": 1280, "height": 479}},
        {"rtmp_urls": TARGETS, "resolution": {"width": 1920, "height": 1920}},
        {"rtmp_urls": TARGETS, "recording": "yes"},
    ],
)
def test_a_body_that_breaks_a_rule_is_refused(simulator: Client, body: dict[str, Any]) -> None:
    path = f"/v2/external-streams/room/{new_room(simulator)}/start"
    assert simulator.post(path, body).json()["message"] == "Invalid body param"
    assert simulator.get_json("/v2/external-streams")["data"] == []


def test_a_template_without_a_subdomain_needs_a_meeting_url(simulator: Client) -> None:
    path = f"/v2/external-streams/room/{room_of_template(simulator)}/start"
    assert simulator.post(path, {"rtmp_urls": TARGETS}).status_code == 400


def test_the_list_is_filtered_and_paged_newest_first(simulator: Client) -> None:
    first = simulator.post_json(f"{started(simulator)}/stop")
    others = [start(simulator, new_room(simulator)) for _ in range(10)]
    page = simulator.get_json("/v2/external-streams")
    assert [item["id"] for item in page["data"]] == others[::-1]
    rest = simulator.get_json("/v2/external-streams", start=page["last"])
    assert [item["id"] for item in rest["data"]] == [first["id"]]
    for query in ({"room_id": first["room_id"]}, {"session_id": first["session_id"]}, {"status": "stopping"}):
        assert [item["id"] for item in simulator.get_json("/v2/external-streams", **query)["data"]] == [first["id"]]
    assert simulator.get_json("/v2/external-streams", status="paused")["data"] == []
