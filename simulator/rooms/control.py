"""The control call that shows the rooms at a glance, with who is in them and what was made of them."""

from typing import Any

from flask import Blueprint

from simulator.clock import stamp
from simulator.jobs.job import JobFilter
from simulator.paging import PageQuery
from simulator.recordings.state import Recording, Recordings
from simulator.rooms.state import Room, RoomFilter, Rooms
from simulator.sessions.state import Session, SessionFilter, Sessions
from simulator.web import state

Json = dict[str, Any]

MANY = PageQuery(50, "")
FEW = PageQuery(5, "")

blueprint = Blueprint("rooms_control", __name__)


@blueprint.get("/rooms")
def list_rooms() -> Json:
    """The newest rooms with their peers, sessions and recordings."""
    return {"rooms": [_shown(room) for room in state(Rooms).select(MANY, RoomFilter()).items]}


def _shown(room: Room) -> Json:
    session = state(Sessions).active(room.id)
    return {
        "id": room.id,
        "name": room.name,
        "enabled": room.enabled,
        "roles": list(state(Rooms).template(room).roles),
        "peers": [peer.shown() for peer in session.connected()] if session else [],
        "sessions": [_session(it) for it in state(Sessions).select(FEW, SessionFilter(room_id=room.id)).items],
        "recordings": [_recording(it) for it in state(Recordings).select(FEW, JobFilter(room_id=room.id)).items],
    }


def _session(session: Session) -> Json:
    shown: Json = {"id": session.id, "active": session.active, "created_at": stamp(session.created_at)}
    return shown | {"peers": len(session.peers)}


def _recording(recording: Recording) -> Json:
    return {"id": recording.id, "status": recording.status, "created_at": stamp(recording.created_at)}
