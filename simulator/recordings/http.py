"""Serve the routes of recordings."""

from typing import Any

from flask import Blueprint

from simulator.clock import format_nanoseconds
from simulator.jobs.http import job_filter, start_body
from simulator.recordings.state import Recording, Recordings
from simulator.request_parsing import page_query, state

Json = dict[str, Any]

blueprint = Blueprint("recordings", __name__)


@blueprint.post("/recordings/room/<room_id>/start")
def start_recording(room_id: str) -> Json:
    """Start a recording of a room."""
    recordings = state(Recordings)
    return recordings.to_dict(recordings.start(room_id, start_body()), format_nanoseconds)


@blueprint.post("/recordings/room/<room_id>/stop")
def stop_room_recordings(room_id: str) -> Json:
    """Stop all recordings of a room."""
    stopped = state(Recordings).stop_room(room_id)
    return {
        "limit": len(stopped),
        "data": [_to_dict_without_destination(recording) for recording in stopped],
        "last": stopped[-1].id,
    }


@blueprint.post("/recordings/room/<room_id>/pause")
def pause_room_recording(room_id: str) -> Json:
    """Pause all recordings of a room. Returns the newest."""
    recordings = state(Recordings)
    # [recordings.pause-and-resume] pause and resume apply to all recordings of the room, and return the newest.
    paused = recordings.live_in(room_id)
    for recording in paused:
        recordings.pause(recording)
    return recordings.to_dict(paused[0]) | {"asset_types": None}


@blueprint.post("/recordings/room/<room_id>/resume")
def resume_room_recording(room_id: str) -> Json:
    """Resume all recordings of a room. Returns the newest."""
    recordings = state(Recordings)
    resumed = recordings.live_in(room_id)
    for recording in resumed:
        recordings.resume(recording)
    return recordings.to_dict(resumed[0]) | {"asset_types": None}


@blueprint.post("/recordings/<recording_id>/stop")
def stop_recording(recording_id: str) -> Json:
    """Stop one recording."""
    recordings = state(Recordings)
    recording = recordings.get_live(recording_id)
    recordings.stop(recording)
    return _to_dict_without_destination(recording)


@blueprint.get("/recordings/<recording_id>")
def get_recording(recording_id: str) -> Json:
    """Return a recording."""
    return _to_dict_without_destination(state(Recordings).get(recording_id))


@blueprint.get("/recordings/<recording_id>/config")
def get_recording_config(recording_id: str) -> Json:
    """Return the configuration of a recording."""
    # [recordings.configuration] the body of its start request; the call is
    # undocumented.
    return state(Recordings).get(recording_id).request


@blueprint.get("/recordings")
def list_recordings() -> Json:
    """Return a page of recordings."""
    return state(Recordings).select(page_query(), job_filter()).to_dict(_to_list_item)


def _to_dict_without_destination(recording: Recording) -> Json:
    recording_dict = state(Recordings).to_dict(recording)
    del recording_dict["destination"]
    return recording_dict


def _to_list_item(recording: Recording) -> Json:
    recording_dict = _to_dict_without_destination(recording)
    del recording_dict["recording_assets"]
    return recording_dict
