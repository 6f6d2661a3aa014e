"""Serve the routes of active rooms."""

from typing import Any

from flask import Blueprint

from simulator.active_rooms.state import ActiveRooms
from simulator.clock import format_nanoseconds
from simulator.request_parsing import json_body, optional_json_body, query_text, state, store
from simulator.rooms.state import Rooms
from simulator.sessions.state import Peer, Sessions

Json = dict[str, Any]

blueprint = Blueprint("active_rooms", __name__)


@blueprint.get("/active-rooms/<room_id>")
def retrieve_active_room(room_id: str) -> Json:
    """Return the room with its session and the IDs of the connected peers."""
    session = state(Sessions).require_active(room_id)
    room = state(Rooms).get(room_id)
    return {
        "id": room.id,
        "name": room.name,
        "customer_id": store().customer_id,
        "session": {
            "id": session.id,
            "created_at": format_nanoseconds(session.created_at),
            "peers": [peer.id for peer in session.connected()],
        },
    }


@blueprint.get("/active-rooms/<room_id>/peers")
def list_active_peers(room_id: str) -> Json:
    """Return the connected peers by ID."""
    peers = state(ActiveRooms).peers(room_id, query_text("user_id"), query_text("role"))
    return {"peers": {peer.id: _summary(peer) for peer in peers}}


@blueprint.get("/active-rooms/<room_id>/peers/<peer_id>")
def retrieve_active_peer(room_id: str, peer_id: str) -> Json:
    """Return a peer with its tracks."""
    return peer_to_dict(state(Sessions).connected(room_id, peer_id))


@blueprint.post("/active-rooms/<room_id>/peers/<peer_id>")
def update_active_peer(room_id: str, peer_id: str) -> Json:
    """Update a peer."""
    return peer_to_dict(state(ActiveRooms).update(room_id, peer_id, json_body()))


@blueprint.post("/active-rooms/<room_id>/send-message")
def send_active_room_message(room_id: str) -> Json:
    """Send a message. Only recordings keep it."""
    state(ActiveRooms).send_message(room_id, json_body())
    return {"message": "message sent"}


@blueprint.post("/active-rooms/<room_id>/remove-peers")
def remove_active_peers(room_id: str) -> Json:
    """Remove peers from the room."""
    state(ActiveRooms).remove(room_id, json_body())
    return {"message": "peer remove request submitted"}


@blueprint.post("/active-rooms/<room_id>/end-room")
def end_active_room(room_id: str) -> Json:
    """End the session."""
    state(ActiveRooms).end(room_id, optional_json_body())
    return {"message": "session is ending"}


def peer_to_dict(peer: Peer) -> Json:
    """Return a connected peer, with its tracks by ID."""
    return _summary(peer) | {"tracks": {track.id: track.to_dict() for track in peer.tracks}}


def _summary(peer: Peer) -> Json:
    return {
        "id": peer.id,
        "name": peer.name,
        "user_id": peer.user_id,
        "metadata": peer.metadata,
        "role": peer.role,
        "joined_at": format_nanoseconds(peer.joined_at),
    }
