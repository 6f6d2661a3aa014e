"""Format rooms as each call shows them."""

from datetime import datetime
from typing import Any

from simulator.clock import ZERO_TIME, format_nanoseconds, format_timestamp
from simulator.rooms.state import Room, Rooms

Json = dict[str, Any]


def created(rooms: Rooms, room: Room) -> Json:
    """Return the response of create. Its recording is null if the call overwrote a room that follows its template."""
    if room.updated_at is not None:
        return rooms.to_dict(room) | {"recording_info": room.recording_info} | _updated_times(room, room.updated_at)
    recording = room.recording_info or {"enabled": rooms.is_recorded(room)}
    now = format_nanoseconds(room.created_at)  # [rooms.times] as other new objects; two samples have milliseconds
    return rooms.to_dict(room) | {"recording_info": recording, "created_at": now, "updated_at": now}


def updated(rooms: Rooms, room: Room, body: Json) -> Json:
    """Return the response of update. Its old name `recording` is null in a room that follows its template.

    The template and the region are "" if the body names only `enabled`, as on the page for enabling and disabling.
    """
    # [rooms.recording] and [rooms.disable]: each call shows what its sample shows.
    own = room.recording_info
    recording = {"recording": None} if own is None else {"recording_info": own}
    unknown = dict.fromkeys(("template_id", "template", "region"), "") if body.keys() == {"enabled"} else {}
    return rooms.to_dict(room) | unknown | recording | _updated_times(room, room.updated_at or room.created_at)


def retrieved(rooms: Rooms, room: Room) -> Json:
    """Return the response of retrieve. It has no recording in a room that follows its template."""
    times = _times(room.created_at, room.updated_at or room.created_at)
    return rooms.to_dict(room) | _shown_recording(room, "recording_info") | times


def listed(rooms: Rooms, room: Room) -> Json:
    """Return a room of a list. Its recording has the old name; a room that was never updated has the zero time."""
    times = _times(room.created_at, room.updated_at)
    return rooms.to_dict(room) | _shown_recording(room, "recording") | times


def _shown_recording(room: Room, name: str) -> Json:
    """Return the room's own recording without its credentials, or {}."""
    if room.recording_info is None:
        return {}
    recording = dict(room.recording_info)
    if "upload_info" in recording:
        upload: Json = recording["upload_info"]
        recording["upload_info"] = {key: value for key, value in upload.items() if key != "credentials"}
    return {name: recording}


def _times(created_at: datetime, updated_at: datetime | None) -> Json:
    updated = ZERO_TIME if updated_at is None else format_timestamp(updated_at)
    return {"created_at": format_timestamp(created_at), "updated_at": updated}


def _updated_times(room: Room, updated_at: datetime) -> Json:
    return {"created_at": format_timestamp(room.created_at), "updated_at": format_nanoseconds(updated_at)}
