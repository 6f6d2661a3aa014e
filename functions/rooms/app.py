"""Rooms."""

from hms.client import Reply
from hms.gateway import Gateway

gateway = Gateway("rooms")
rooms = gateway.client.rooms


def enable_room(room_id: str) -> Reply:
    """Let peers join the room again."""
    return rooms.update(room_id, {"enabled": True})


def disable_room(room_id: str) -> Reply:
    """Let nobody else join the room."""
    return rooms.update(room_id, {"enabled": False})


gateway.post("/rooms", rooms.create)
gateway.get("/rooms", rooms.list)
gateway.get("/rooms/<room_id>", rooms.retrieve)
gateway.post("/rooms/<room_id>", rooms.update)
gateway.post("/rooms/<room_id>/enable", enable_room)
gateway.post("/rooms/<room_id>/disable", disable_room)

handler = gateway.resolve
