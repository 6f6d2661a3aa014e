"""Keep the workspace's rooms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jsonschema import ValidationError

from simulator.contract import check_body
from simulator.errors import Forbidden, NotFound, invalid_body
from simulator.ids import new_uuid
from simulator.paging import Page, PageQuery, page
from simulator.store import Store
from simulator.templates.state import Template, Templates

Json = dict[str, Any]

_SETTINGS = (
    "description",
    "recording_info",
    "region",
    "large_room",
    "size",
    "max_duration_seconds",
    "polls",
    "webhook",
)


@dataclass
class Room:
    """A room; `settings` has only the members that callers have set. `updated_at` is None until it is changed."""

    id: str
    name: str
    template_id: str
    settings: Json
    enabled: bool
    created_at: datetime
    updated_at: datetime | None = None

    @property
    def recording_info(self) -> Json | None:
        """The room's own recording configuration, or None if it follows its template."""
        return self.settings.get("recording_info")

    def check_enabled(self) -> None:
        """Raise Forbidden if the room is disabled."""
        if not self.enabled:
            raise Forbidden("Room is disabled")


@dataclass(frozen=True)
class RoomFilter:
    """The filters of a list; None matches all rooms."""

    enabled: bool | None = None
    name: str | None = None
    template_id: str | None = None
    after: datetime | None = None
    before: datetime | None = None

    def matches(self, room: Room) -> bool:
        """Return True if the room passes all filters. `after` and `before` are inclusive."""
        return (
            (self.enabled is None or room.enabled == self.enabled)
            # [rooms.filter-name] matches the whole name, ignoring case.
            and (self.name is None or room.name.lower() == self.name.lower())
            and (self.template_id is None or room.template_id == self.template_id)
            and (self.after is None or room.created_at >= self.after)
            and (self.before is None or room.created_at <= self.before)
        )


class Rooms:
    """All rooms, by ID and by name. Names ignore case."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rooms: dict[str, Room] = {}
        self._by_name: dict[str, Room] = {}

    def get(self, room_id: str) -> Room:
        """Return a room. Raises NotFound."""
        if room_id not in self._rooms:
            raise NotFound("Room not found")
        return self._rooms[room_id]

    def get_enabled(self, room_id: str) -> Room:
        """Return a room. Raises NotFound, and Forbidden if it is disabled."""
        room = self.get(room_id)
        room.check_enabled()
        return room

    def template(self, room: Room) -> Template:
        """Return the room's template."""
        return self._store[Templates].get(room.template_id)

    def select(self, query: PageQuery, criteria: RoomFilter) -> Page[Room]:
        """Return a page of rooms, newest first."""
        return page(reversed(self._rooms.values()), query, lambda room: room.id, criteria.matches)

    def upsert(self, body: Json) -> Room:
        """Create a room, or replace the configuration of the room with this name. Raises BadRequest."""
        check_body("createRoom", body, _documented_text)
        template = self._find_template(body.get("template_id"))
        name = body.get("name") or new_uuid()
        room = self._by_name.get(name.lower())
        now = self._store.clock.now()
        if room is None:
            room = Room(self._store.ids.new(), name, template.id, _settings(body), True, now)
            self._rooms[room.id] = self._by_name[name.lower()] = room
        else:
            # [rooms.create-with-an-existing-name] omitted members return to their defaults; a disabled room stays
            # disabled.
            room.template_id = template.id
            room.settings = _settings(body)
            room.updated_at = now
        return room

    def update(self, room_id: str, body: Json) -> Room:
        """Change the members in the body, and keep the others. Raises NotFound, BadRequest."""
        room = self.get(room_id)
        # [rooms.update-with-the-name-of-another-room] with the name of another room, that room is changed and
        # returned, as on create.
        room = self._by_name.get(str(body.get("name", room.name)).lower(), room)
        check_body("updateRoom", {**room.settings, **body}, _documented_text)
        if "name" in body:
            del self._by_name[room.name.lower()]
            room.name = body["name"]
            self._by_name[room.name.lower()] = room
        room.settings |= _settings(body)
        room.enabled = body.get("enabled", room.enabled)
        room.updated_at = self._store.clock.now()
        return room

    def is_recorded(self, room: Room) -> bool:
        """Return True if the room or its template enables recordings of its sessions."""
        recording = room.recording_info or self.template(room).content["settings"]["recording"] or {}
        return bool(recording.get("enabled"))

    def to_dict(self, room: Room) -> Json:
        """Return the members that all calls show, which exclude the recording and the times."""
        template = self.template(room)
        follows_template = room.recording_info is None
        region = room.settings.get("region", "auto")
        return {
            "id": room.id,
            "name": room.name,
            "enabled": room.enabled,
            "description": "",
            "customer_id": self._store.customer_id,
            "customer": self._store.customer_id,
            "app_id": self._store.app_id,
            "key": f"{self._store.customer_id}:{room.name}",
            "recording_source_template": follows_template,
            "enabled_source_template": follows_template,
            "template_id": room.template_id,
            "template": template.name,
            "large_room": False,
            "polls": [],
            **{name: value for name, value in room.settings.items() if name != "recording_info"},
            "region": template.content["settings"]["region"] if region == "auto" else region,
        }

    def _find_template(self, template_id: str | None) -> Template:
        templates = self._store[Templates]
        if not template_id:
            return templates.default
        try:
            return templates.get(template_id)
        except NotFound as error:
            raise invalid_body("Error: template not found") from error


def _settings(body: Json) -> Json:
    # [rooms.recording-polls] `polls` inside `recording_info` is kept as sent.
    return {name: body[name] for name in _SETTINGS if name in body}


def _documented_text(error: ValidationError) -> str | None:
    match list(error.absolute_path), error.validator, error.validator_value:
        case ["template"], _, _:
            return "Invalid body param: template. Use template_id"
        case ["region"], "enum", _:
            return "Error: region not supported"
        case ["size"], "maximum", 20000:
            return "Invalid body param: room size greater than 20000"
        case ["size"], "maximum", 2500:
            return "Invalid body param: room size greater than 2500, set large_room flag as true"
        case ["max_duration_seconds"], "minimum", _:
            return "Invalid body param: max_duration_seconds less than 120 seconds"
        case ["max_duration_seconds"], "maximum", _:
            return "Invalid body param: max_duration_seconds greater than 43200 seconds"
        case ["recording_info", "upload_info"], "required", ["type", "location"] if "'location'" in error.message:
            return "Bucket location is missing"
        case ["recording_info", "upload_info", *_], _, _:
            return "Invalid upload configuration"
    return None
