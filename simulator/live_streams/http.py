"""Serve the routes of live streams."""

from typing import Any

from flask import Blueprint

from simulator.clock import format_seconds, format_timestamp
from simulator.jobs.http import job_filter, start_body, stopped_page
from simulator.live_streams.state import LiveStreams
from simulator.request_parsing import json_body, page_query, state

Json = dict[str, Any]

blueprint = Blueprint("live_streams", __name__)


@blueprint.post("/live-streams/room/<room_id>/start")
def start_live_stream(room_id: str) -> Json:
    """Start a stream of a room."""
    streams = state(LiveStreams)
    return streams.to_dict(streams.start(room_id, start_body()))


@blueprint.post("/live-streams/room/<room_id>/stop")
def stop_live_streams(room_id: str) -> Json:
    """Stop all streams of a room."""
    streams = state(LiveStreams)
    return stopped_page(streams.to_dict(stream, format_timestamp) for stream in streams.stop_room(room_id))


@blueprint.post("/live-streams/<stream_id>/stop")
def stop_live_stream(stream_id: str) -> Json:
    """Stop one stream."""
    streams = state(LiveStreams)
    stream = streams.get_live(stream_id)
    streams.stop(stream)
    return streams.to_dict(stream, format_timestamp)


@blueprint.post("/live-streams/<stream_id>/timed-metadata")
def send_timed_metadata(stream_id: str) -> Json:
    """Send timed metadata in a stream."""
    streams = state(LiveStreams)
    return streams.to_dict(streams.send_timed_metadata(stream_id, json_body()), format_seconds)


@blueprint.post("/live-streams/<stream_id>/pause-recording")
def pause_recording(stream_id: str) -> Json:
    """Pause the recording of a stream."""
    streams = state(LiveStreams)
    stream = streams.get_live(stream_id)
    streams.pause(stream)
    return streams.to_dict(stream, format_seconds)


@blueprint.post("/live-streams/<stream_id>/resume-recording")
def resume_recording(stream_id: str) -> Json:
    """Resume the recording of a stream."""
    streams = state(LiveStreams)
    stream = streams.get_live(stream_id)
    streams.resume(stream)
    return streams.to_dict(stream, format_seconds)


@blueprint.get("/live-streams")
def list_live_streams() -> Json:
    """Return a page of streams."""
    streams = state(LiveStreams)
    return streams.select(page_query(), job_filter()).to_dict(streams.to_list_item)


@blueprint.get("/live-streams/<stream_id>")
def get_live_stream(stream_id: str) -> Json:
    """Return a stream."""
    streams = state(LiveStreams)
    return streams.to_dict(streams.get(stream_id))
