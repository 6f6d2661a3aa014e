"""Serve the control calls that make jobs, transcriptions and other recordings fail. No other call does."""

from typing import Any

from flask import Blueprint

from simulator.control.bodies import object_schema, read_body
from simulator.errors import NotFound, invalid_body
from simulator.external_streams.state import ExternalStreams
from simulator.jobs.state import FAILURES
from simulator.jobs.transcription import Transcriptions
from simulator.live_streams.state import LiveStreams
from simulator.recordings.failures import DEFAULT_ERROR_TYPE, ERRORS, RECORDING_KINDS, RecordingFailures
from simulator.recordings.state import Recordings
from simulator.request_parsing import json_object, state

Json = dict[str, Any]

_RECORDING_FAILURE = object_schema(
    "recording", recording={"enum": list(RECORDING_KINDS)}, error_type={"enum": list(ERRORS)}
)

blueprint = Blueprint("jobs_control", __name__)


@blueprint.post("/jobs/<job_id>/failure")
def fail_job(job_id: str) -> Json:
    """Fail a recording, live stream or external stream that has not ended, with a documented error type."""
    error_type = json_object().get("error_type", "INTERNAL_ERROR")
    if not isinstance(error_type, str) or error_type not in FAILURES:
        raise invalid_body(f"Invalid body param: error_type must be one of {', '.join(FAILURES)}")
    kinds = (state(Recordings), state(LiveStreams), state(ExternalStreams))
    if not any(jobs.fail_if_active(job_id, error_type) for jobs in kinds):
        raise NotFound("Job not found, or it has ended")
    return {}


@blueprint.post("/jobs/<job_id>/transcription/failure")
def fail_transcription(job_id: str) -> Json:
    """Fail the transcription of a recording or live stream that is in progress."""
    state(Transcriptions).fail(job_id)
    return {}


@blueprint.post("/rooms/<room_id>/recording-failures")
def fail_next_recording(room_id: str) -> Json:
    """Fail the next recording of a session, track or stream that the room or its template enables."""
    failure = read_body(_RECORDING_FAILURE)
    error_type = failure.get("error_type", DEFAULT_ERROR_TYPE)
    state(RecordingFailures).plan(room_id, failure["recording"], error_type)
    return {"recording": failure["recording"], "error_type": error_type}
