"""Serve the control call that makes a job fail. No other call does."""

from typing import Any

from flask import Blueprint

from simulator.errors import NotFound, invalid_body
from simulator.external_streams.state import ExternalStreams
from simulator.jobs.state import FAILURES
from simulator.live_streams.state import LiveStreams
from simulator.recordings.state import Recordings
from simulator.request_parsing import json_object, state

Json = dict[str, Any]

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
