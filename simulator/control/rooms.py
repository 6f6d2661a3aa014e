"""Serve the control call that lists rooms with their peers, sessions and recordings."""

from typing import Any

from flask import Blueprint

from simulator.clock import format_timestamp
from simulator.jobs.job import JobFilter
from simulator.paging import PageQuery
from simulator.recordings.state import Recording, Recordings
from simulator.request_parsing import state
from simulator.rooms.state import Room, RoomFilter, Rooms
from simulator.sessions.state import Session, SessionFilter, Sessions

Json = dict[str, Any]

LAST_ROOMS = PageQuery(50, "")
LAST_OF_ROOM = PageQuery(5, "")

blueprint = Blueprint("rooms_control", __name__)


@blueprint.get("/rooms")
def list_rooms() -> Json:
    """Return the newest rooms with their current peers and newest sessions and recordings."""
    return {"rooms": [_room_summary(room) for room in state(Rooms).select(LAST_ROOMS, RoomFilter()).items]}


def _room_summary(room: Room) -> Json:
    session = state(Sessions).active(room.id)
    return {
        "id": room.id,
        "name": room.name,
        "enabled": room.enabled,
        "roles": list(state(Rooms).template(room).roles),
        "peers": [peer.to_dict() for peer in session.connected()] if session else [],
        "sessions": [
            _session_summary(item)
            for item in state(Sessions).select(LAST_OF_ROOM, SessionFilter(room_id=room.id)).items
        ],
        "recordings": [
            _recording_summary(item)
            for item in state(Recordings).select(LAST_OF_ROOM, JobFilter(room_id=room.id)).items
        ],
    }


def _session_summary(session: Session) -> Json:
    summary: Json = {"id": session.id, "active": session.active, "created_at": format_timestamp(session.created_at)}
    return summary | {"peers": len(session.peers)}


def _recording_summary(recording: Recording) -> Json:
    return {"id": recording.id, "status": recording.status, "created_at": format_timestamp(recording.created_at)}
