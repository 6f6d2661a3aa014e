"""Keep the workspace's room codes."""

import secrets
import string
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jsonschema import ValidationError

from simulator.clock import FormatTime, format_timestamp
from simulator.contract import check_body, no_documented_text
from simulator.errors import BadRequest, Forbidden, NotFound, invalid_body
from simulator.ids import new_uuid
from simulator.paging import Page, PageQuery, page
from simulator.rooms.state import Room, Rooms
from simulator.store import Store

Json = dict[str, Any]

MAX_CODES = 100


@dataclass
class RoomCode:
    """A code for a room and a role; `updated_at` is the time of the last change of `enabled`."""

    code: str
    room_id: str
    role: str
    enabled: bool
    created_at: datetime
    updated_at: datetime

    def to_dict(self, format_time: FormatTime = format_timestamp) -> Json:
        """Return the code as in the API."""
        return {
            "code": self.code,
            "room_id": self.room_id,
            "role": self.role,
            "enabled": self.enabled,
            "created_at": format_time(self.created_at),
            "updated_at": format_time(self.updated_at),
        }


class RoomCodes:
    """All codes, by code and by room."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._codes: dict[str, RoomCode] = {}
        self._of_room: dict[str, list[RoomCode]] = {}

    def create_all(self, room_id: str) -> list[RoomCode]:
        """Create codes for roles without an enabled one, disable those of deleted roles, and return all codes.

        Raises NotFound for an unknown room, Forbidden for a disabled room.
        """
        room = self._store[Rooms].get_enabled(room_id)
        roles = self._store[Rooms].template(room).roles
        codes = self._of_room.setdefault(room.id, [])
        for code in codes:
            if code.role not in roles:
                self._set_enabled(code, False)
        known = {code.role for code in codes if code.enabled}
        for role in (role for role in roles if role not in known):
            self._add(room, role)
        return list(codes)

    def create(self, room_id: str, role: str) -> RoomCode:
        """Create another code for a role. Raises NotFound, and Forbidden if the room is disabled."""
        room = self._store[Rooms].get_enabled(room_id)
        self._store[Rooms].template(room).role(role)
        return self._add(room, role)

    def select(self, room_id: str, query: PageQuery, role: str | None, enabled: bool | None) -> Page[RoomCode]:
        """Return a page of a room's codes, newest first. Raises the same errors as `create`."""
        room = self._store[Rooms].get_enabled(room_id)
        if role is not None:
            self._store[Rooms].template(room).role(role)
        # [room-codes.order] newest first, as the general guide says.
        return page(
            reversed(self._of_room.get(room.id, [])),
            query,
            lambda code: code.code,
            lambda code: (role is None or code.role == role) and (enabled is None or code.enabled == enabled),
        )

    def update(self, body: Json) -> RoomCode:
        """Enable or disable a code. Raises BadRequest, NotFound, and Forbidden if its role was deleted."""
        check_body("updateRoomCode", body, _documented_text)
        code = self.get(body["code"])
        room = self._store[Rooms].get(code.room_id)
        if body["enabled"] and code.role not in self._store[Rooms].template(room).roles:
            raise Forbidden("Code can not be enabled (role/room does not exist)")
        self._set_enabled(code, body["enabled"])
        return code

    def exchange(self, body: Json) -> str:
        """Return an app token for the code's room and role. Raises BadRequest, NotFound, Forbidden."""
        check_body("exchangeRoomCodeForToken", body, no_documented_text)
        # [room-codes.code-exchange-without-user-id] a user without an ID gets one
        user_id = body.get("user_id") or new_uuid()
        if not isinstance(user_id, str):
            raise invalid_body("Invalid body param: user_id")
        code = self.get_usable(body["code"])
        return self._store.tokens.sign_app_token(code.room_id, code.role, user_id)

    def get_usable(self, code: str) -> RoomCode:
        """Return a code with which users can join.

        Raises NotFound for an unknown code or a deleted role, Forbidden for a disabled code or room.
        """
        # [room-codes.refused-exchange] the statuses and texts; the documentation says only that these codes do not
        # work.
        room_code = self.get(code)
        if not room_code.enabled:
            raise Forbidden("Code is disabled")
        room = self._store[Rooms].get_enabled(room_code.room_id)
        self._store[Rooms].template(room).role(room_code.role)
        return room_code

    def get(self, code: str) -> RoomCode:
        """Return a code. Raises NotFound."""
        if code not in self._codes:
            raise NotFound("Code not found")
        return self._codes[code]

    def _add(self, room: Room, role: str) -> RoomCode:
        codes = self._of_room.setdefault(room.id, [])
        if len(codes) >= MAX_CODES:
            # [room-codes.too-many] the limit is documented, its error is not
            raise BadRequest("Room has 100 codes already")
        now = self._store.clock.now()
        code = RoomCode(self._new_code(), room.id, role, True, now, now)
        self._codes[code.code] = code
        codes.append(code)
        return code

    def _set_enabled(self, code: RoomCode, enabled: bool) -> None:
        if code.enabled != enabled:
            code.enabled = enabled
            code.updated_at = self._store.clock.now()

    def _new_code(self) -> str:
        while True:
            word = "-".join("".join(secrets.choice(string.ascii_lowercase) for _ in range(n)) for n in (3, 4, 3))
            if word not in self._codes:
                return word


def _documented_text(error: ValidationError) -> str | None:
    match list(error.absolute_path), error.validator:
        case [], "additionalProperties":
            return "Invalid body parameter - body contains a field other than enabled"
        case ["enabled"], "type":
            return "Invalid body parameter - enabled is not a boolean"
    return None
