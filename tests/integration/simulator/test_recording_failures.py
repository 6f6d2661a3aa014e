"""Recordings that a configuration enables fail, and transcriptions fail."""

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import (
    START,
    finish,
    join,
    leave,
    new_room,
    pass_time,
    recording_webhooks,
    room_of_template,
)

TEXTS = {
    "INPUT_ERROR": "No input streams available to create recording",
    "CLOUD_ACCESS_ERROR": "Error accessing cloud bucket. Please make sure upload config is correct",
    "API_ERROR": "INTERNAL_ERROR",
}


def hold_session(simulator: Client, room_id: str) -> None:
    peer_id = join(simulator, room_id)
    pass_time(simulator, 60)
    leave(simulator, room_id, peer_id)
    pass_time(simulator, 60)


@pytest.mark.parametrize("error_type", TEXTS)
def test_the_next_session_recording_fails(simulator: Client, error_type: str) -> None:
    room_id = new_room(simulator, recording_info={"enabled": True})
    path = f"/_simulator/rooms/{room_id}/recording-failures"
    with recording_webhooks(simulator) as received:
        simulator.post_json(path, {"recording": "session", "error_type": error_type})
        hold_session(simulator, room_id)
        failed = received.event("recording.failed")["data"]
        hold_session(simulator, room_id)
        assert received.event("recording.success")
    assert (failed["error_type"], failed["error"]) == (error_type, TEXTS[error_type])
    assert len(simulator.get_json("/v2/recording-assets", room_id=room_id, type="room-composite-legacy")["data"]) == 1


@pytest.mark.parametrize("body", [{}, {"recording": "screen"}, {"recording": "session", "error_type": "BROKEN"}])
def test_a_failure_names_a_documented_recording_and_error(simulator: Client, body: dict[str, str]) -> None:
    assert simulator.post(f"/_simulator/rooms/{new_room(simulator)}/recording-failures", body).status_code == 400
    assert simulator.post("/_simulator/rooms/0/recording-failures", {"recording": "session"}).status_code == 404


@pytest.mark.parametrize("recording", ["track", "stream"])
def test_a_recording_that_failed_has_no_link(simulator: Client, recording: str) -> None:
    room_id = room_of_template(simulator, roles={"host": {"publishParams": {"allowed": ["audio"]}}})
    template_id = simulator.get_json(f"/v2/rooms/{room_id}")["template_id"]
    config = {"name": "default", "role": "host", f"{recording}Recording": {"enabled": True}}
    assert simulator.post(f"/v2/templates/{template_id}/recordings", [config]).status_code == 200
    simulator.post_json(f"/_simulator/rooms/{room_id}/recording-failures", {"recording": recording})
    with recording_webhooks(simulator) as received:
        hold_session(simulator, room_id)
        failed = received.event(f"{recording}.recording.failure")["data"]
    (asset,) = simulator.get_json("/v2/recording-assets", room_id=room_id)["data"]
    assert (asset["status"], asset["path"]) == ("failed", failed["recording_path"])
    assert simulator.get(f"/v2/recording-assets/{asset['id']}/presigned-url").status_code == 404


def test_a_transcription_in_progress_fails_once(simulator: Client) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    body = {"transcription": {"enabled": True, "summary": {"enabled": True}}}
    job_id = simulator.post_json(f"/v2/recordings/room/{room_id}/start", body)["id"]
    path = f"/_simulator/jobs/{job_id}/transcription/failure"
    assert simulator.post(path).status_code == 404
    pass_time(simulator, START)
    simulator.post_json(f"/v2/recordings/{job_id}/stop")
    finish(simulator)
    with recording_webhooks(simulator) as received:
        simulator.post_json(path)
        assert simulator.post(path).status_code == 404
        pass_time(simulator, 3600)
        received.event("transcription.failure")
        assert "transcription.success" not in received.types()
    assets = simulator.get_json(f"/v2/recordings/{job_id}")["recording_assets"]
    assert {asset["status"] for asset in assets if asset["type"] in ("transcript", "summary")} == {"failed"}
