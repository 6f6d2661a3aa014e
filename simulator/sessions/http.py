"""Serve the routes of sessions."""

from typing import Any

from flask import Blueprint

from simulator.clock import format_timestamp
from simulator.paging import STATED_MIN_LIMIT
from simulator.request_parsing import page_query, query_flag, query_instant, query_text, state, store
from simulator.sessions.state import Session, SessionFilter, Sessions

Json = dict[str, Any]

blueprint = Blueprint("sessions", __name__)


@blueprint.get("/sessions")
def list_sessions() -> Json:
    """Return a page of sessions."""
    # [sessions.list-without-active] all sessions without `active`, as in the sample, although the documented default
    # is true.
    criteria = SessionFilter(
        query_flag("active"), query_text("room_id"), query_instant("after"), query_instant("before")
    )
    return state(Sessions).select(page_query(lowest=STATED_MIN_LIMIT), criteria).to_dict(_session_to_dict)


@blueprint.get("/sessions/<session_id>")
def retrieve_session(session_id: str) -> Json:
    """Return a session."""
    return _session_to_dict(state(Sessions).get(session_id))


def _session_to_dict(session: Session) -> Json:
    # [sessions.app-id] no `app_id`, as in the samples.
    return {
        "id": session.id,
        "room_id": session.room_id,
        "customer_id": store().customer_id,
        "active": session.active,
        "peers": {peer.id: peer.to_dict() for peer in session.peers.values()},
        "created_at": format_timestamp(session.created_at),
        "updated_at": format_timestamp(session.updated_at),
    }
