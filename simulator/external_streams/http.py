"""Serve the routes of external streams."""

from typing import Any

from flask import Blueprint

from simulator.external_streams.state import ExternalStreams
from simulator.jobs.http import job_filter, start_body, stopped_page
from simulator.request_parsing import page_query, state

Json = dict[str, Any]

blueprint = Blueprint("external_streams", __name__)


@blueprint.post("/external-streams/room/<room_id>/start")
def start_external_stream(room_id: str) -> Json:
    """Start a stream of a room."""
    streams = state(ExternalStreams)
    return streams.to_dict(streams.start(room_id, start_body()))


@blueprint.post("/external-streams/room/<room_id>/stop")
def stop_external_streams(room_id: str) -> Json:
    """Stop all streams of a room."""
    streams = state(ExternalStreams)
    return stopped_page(streams.to_dict(stream) for stream in streams.stop_room(room_id))


@blueprint.post("/external-streams/<stream_id>/stop")
def stop_external_stream(stream_id: str) -> Json:
    """Stop one stream."""
    streams = state(ExternalStreams)
    stream = streams.get_live(stream_id)
    streams.stop(stream)
    return streams.to_dict(stream)


@blueprint.get("/external-streams")
def list_external_streams() -> Json:
    """Return a page of streams."""
    streams = state(ExternalStreams)
    return streams.select(page_query(), job_filter()).to_dict(streams.to_dict)


@blueprint.get("/external-streams/<stream_id>")
def get_external_stream(stream_id: str) -> Json:
    """Return a stream."""
    streams = state(ExternalStreams)
    return streams.to_dict(streams.get(stream_id))
