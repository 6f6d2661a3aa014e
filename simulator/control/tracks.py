"""Serve the control calls with which peers share their screen, mute and unmute. In 100ms, the client SDKs do this."""

from typing import Any

from flask import Blueprint

from simulator.control.bodies import FLAG, object_schema, read_body
from simulator.request_parsing import state
from simulator.sessions.publishing import Publishing

Json = dict[str, Any]

_TYPES: Json = {"type": "array", "items": {"enum": ["audio", "video"]}, "uniqueItems": True, "minItems": 1}
_START = object_schema("source", "types", source={"enum": ["regular", "screen"]}, types=_TYPES)
_MUTE = object_schema("mute", mute=FLAG)

blueprint = Blueprint("tracks_control", __name__)


@blueprint.post("/rooms/<room_id>/peers/<peer_id>/tracks")
def start_tracks(room_id: str, peer_id: str) -> Json:
    """Start tracks of a peer that share a stream, such as a screen with its sound."""
    start = read_body(_START)
    tracks = state(Publishing).start(room_id, peer_id, start["types"], start["source"])
    return {"tracks": {track.id: track.to_dict() for track in tracks}}


@blueprint.post("/rooms/<room_id>/peers/<peer_id>/tracks/<track_id>")
def mute_track(room_id: str, peer_id: str, track_id: str) -> Json:
    """Mute or unmute a track."""
    return state(Publishing).set_mute(room_id, peer_id, track_id, read_body(_MUTE)["mute"]).to_dict()


@blueprint.delete("/rooms/<room_id>/peers/<peer_id>/tracks/<track_id>")
def stop_track(room_id: str, peer_id: str, track_id: str) -> Json:
    """Stop a track."""
    state(Publishing).stop(room_id, peer_id, track_id)
    return {}
