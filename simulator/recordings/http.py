"""The routes of recordings."""

from typing import Any

from flask import Blueprint

from simulator.jobs.http import job_filter
from simulator.recordings.state import Recording, Recordings
from simulator.web import body, page_query, state

Json = dict[str, Any]

blueprint = Blueprint("recordings", __name__)


@blueprint.post("/recordings/room/<room_id>/start")
def start_recording(room_id: str) -> Json:
    """Start to record a room."""
    recordings = state(Recordings)
    return recordings.shown(recordings.start(room_id, body()))


@blueprint.post("/recordings/room/<room_id>/stop")
def stop_room_recordings(room_id: str) -> Json:
    """Stop all recordings of a room."""
    stopped = state(Recordings).stop_room(room_id)
    return {"limit": len(stopped), "data": [_without_destination(each) for each in stopped], "last": stopped[-1].id}


@blueprint.post("/recordings/room/<room_id>/pause")
def pause_room_recording(room_id: str) -> Json:
    """Pause all recordings of a room; answers the newest."""
    recordings = state(Recordings)
    # assumed: pause and resume are for all recordings of the room, and answer the newest.
    paused = recordings.live_in(room_id)
    for recording in paused:
        recordings.pause(recording)
    return recordings.shown(paused[0])


@blueprint.post("/recordings/room/<room_id>/resume")
def resume_room_recording(room_id: str) -> Json:
    """Go on with all recordings of a room; answers the newest."""
    recordings = state(Recordings)
    resumed = recordings.live_in(room_id)
    for recording in resumed:
        recordings.resume(recording)
    return recordings.shown(resumed[0])


@blueprint.post("/recordings/<recording_id>/stop")
def stop_recording(recording_id: str) -> Json:
    """Stop one recording."""
    recordings = state(Recordings)
    recording = recordings.get_live(recording_id)
    recordings.stop(recording)
    return _without_destination(recording)


@blueprint.get("/recordings/<recording_id>")
def get_recording(recording_id: str) -> Json:
    """One recording."""
    return _without_destination(state(Recordings).get(recording_id))


@blueprint.get("/recordings/<recording_id>/config")
def get_recording_config(recording_id: str) -> Json:
    """What one recording was started with."""
    # assumed: the configuration of a recording, a call no page names, is the body it was started with.
    return state(Recordings).get(recording_id).request


@blueprint.get("/recordings")
def list_recordings() -> Json:
    """A page of recordings."""
    return state(Recordings).select(page_query(), job_filter()).shown(_listed)


def _without_destination(recording: Recording) -> Json:
    shown = state(Recordings).shown(recording)
    del shown["destination"]
    return shown


def _listed(recording: Recording) -> Json:
    shown = _without_destination(recording)
    del shown["recording_assets"]
    return shown
