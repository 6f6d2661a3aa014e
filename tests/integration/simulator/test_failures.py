"""Jobs and recordings fail by what their request, room or session is."""

from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import (
    START,
    ReceivedEvents,
    finish,
    join,
    leave,
    new_room,
    pass_time,
    recording_webhooks,
)
from tests.integration.simulator.receiver import schema_violations

UNREACHABLE = {"type": "s3", "location": "recordings.invalid", "credentials": {"key": "k", "secret": "s"}}


def started(simulator: Client, section: str, room_id: str, **body: Any) -> str:
    """Start a job. Returns its path."""
    job_id = simulator.post_json(f"/v2/{section}/room/{room_id}/start", {"destination": "", **body})["id"]
    pass_time(simulator, START)
    return f"/v2/{section}/{job_id}"


def failure(events: ReceivedEvents, event_type: str) -> tuple[str, str]:
    event = events.event(event_type)
    return event["data"]["error_type"], event["data"].get("error_message") or event["data"]["error"]


@pytest.mark.parametrize("section", ["recordings", "live-streams", "external-streams"])
@pytest.mark.parametrize("url", ["https://app.invalid/preview/abc", "HTTPS://APP.INVALID.", "https://[x"])
def test_an_unreachable_meeting_url_fails_the_job(simulator: Client, section: str, url: str) -> None:
    with recording_webhooks(simulator) as events:
        room_id = new_room(simulator)
        join(simulator, room_id)
        targets = {"rtmp_urls": ["rtmp://example.com/live"]} if section == "external-streams" else {}
        path = started(simulator, section, room_id, meeting_url=url, **targets)
        error = failure(events, "hls.failure" if section == "live-streams" else "beam.failure")
    assert error[0] == "MAX_RETRIES_REACHED"
    assert error[1].startswith("Beam couldn't connect to Meeting URL after")
    assert simulator.get_json(path)["status"] == "failed"


def test_an_unreachable_rtmp_url_fails_the_stream(simulator: Client) -> None:
    with recording_webhooks(simulator) as events:
        room_id = new_room(simulator)
        urls = ["rtmp://example.com/live", "rtmps://tv.invalid/live"]
        path = started(simulator, "external-streams", room_id, rtmp_urls=urls)
        assert failure(events, "beam.failure") == ("INTERNAL_ERROR", "Internal error")
    assert simulator.get_json(path)["status"] == "failed"


@pytest.mark.parametrize("location", ["recordings.invalid", "invalid"])
def test_an_unreachable_bucket_fails_the_upload(simulator: Client, location: str) -> None:
    with recording_webhooks(simulator) as events:
        room_id = new_room(simulator, recording_info={"upload_info": UNREACHABLE | {"location": location}})
        join(simulator, room_id)
        path = started(simulator, "recordings", room_id)
        simulator.post_json(f"{path}/stop")
        finish(simulator)
        assert failure(events, "beam.failure")[0] == "UPLOAD_ERROR"
        assert "beam.recording.success" not in events.types()
    assert (simulator.get_json(path)["status"], simulator.get_json("/v2/recording-assets")["data"]) == ("failed", [])


def test_a_stream_that_is_not_recorded_needs_no_bucket(simulator: Client) -> None:
    room_id = new_room(simulator, recording_info={"upload_info": UNREACHABLE})
    path = started(simulator, "live-streams", room_id)
    simulator.post_json(f"{path}/stop")
    finish(simulator)
    assert simulator.get_json(path)["status"] == "completed"


def test_a_session_without_streams_has_no_recording(simulator: Client) -> None:
    with recording_webhooks(simulator) as events:
        roles: Any = {"viewer": {"publishParams": {"allowed": []}}}
        template_id = simulator.post_json("/v2/templates", {"roles": roles})["id"]
        room_id = new_room(simulator, template_id=template_id, recording_info={"enabled": True})
        leave(simulator, room_id, join(simulator, room_id, "viewer"))
        finish(simulator)
        assert schema_violations(events.event("recording.failed")) == []
        assert failure(events, "recording.failed") == ("INPUT_ERROR", "No input streams available to create recording")
        assert "recording.success" not in events.types()
    assert simulator.get_json("/v2/recording-assets")["data"] == []


def test_a_session_recording_needs_its_bucket(simulator: Client) -> None:
    with recording_webhooks(simulator) as events:
        room_id = new_room(simulator, recording_info={"enabled": True, "upload_info": UNREACHABLE})
        leave(simulator, room_id, join(simulator, room_id))
        finish(simulator)
        assert failure(events, "recording.failed")[0] == "CLOUD_ACCESS_ERROR"
    assert simulator.get_json("/v2/recording-assets")["data"] == []


def test_end_room_stops_a_job_by_a_request(simulator: Client) -> None:
    with recording_webhooks(simulator) as events:
        room_id = new_room(simulator)
        join(simulator, room_id)
        started(simulator, "recordings", room_id)
        simulator.post_json(f"/v2/active-rooms/{room_id}/end-room", {})
        pass_time(simulator, 2)
        assert events.event("beam.stopped.success")["data"]["reason"] == "client request"


def test_a_session_that_ends_without_a_request_stops_its_job_within_a_minute(simulator: Client) -> None:
    with recording_webhooks(simulator) as events:
        room_id = new_room(simulator, max_duration_seconds=120)
        join(simulator, room_id)
        path = started(simulator, "recordings", room_id)
        pass_time(simulator, 170)
        assert simulator.get_json(path)["status"] == "running"
        pass_time(simulator, 15)
        assert events.event("beam.stopped.success")["data"]["reason"] == "room ended"
