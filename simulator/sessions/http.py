"""The routes of sessions."""

from typing import Any

from flask import Blueprint

from simulator.clock import stamp
from simulator.sessions.state import Session, SessionFilter, Sessions
from simulator.web import flag, instant, page_query, state, store, text

Json = dict[str, Any]

blueprint = Blueprint("sessions", __name__)


@blueprint.get("/sessions")
def list_sessions() -> Json:
    """A page of sessions."""
    # assumed: without `active` all sessions are listed, as in the sample; its documented default is true.
    where = SessionFilter(flag("active"), text("room_id"), instant("after"), instant("before"))
    return state(Sessions).select(page_query(), where).shown(_shown)


@blueprint.get("/sessions/<session_id>")
def retrieve_session(session_id: str) -> Json:
    """One session."""
    return _shown(state(Sessions).get(session_id))


def _shown(session: Session) -> Json:
    return {
        "id": session.id,
        "room_id": session.room_id,
        "customer_id": store().customer_id,
        "active": session.active,
        "peers": {peer.id: peer.shown() for peer in session.peers.values()},
        "created_at": stamp(session.created_at),
        "updated_at": stamp(session.updated_at),
    }
