"""Plan failures of recordings that a room or its template enables. No call starts them, so none can fail them."""

from typing import Literal, get_args

from simulator.rooms.state import Rooms
from simulator.store import Store

RecordingKind = Literal["session", "track", "stream"]
RECORDING_KINDS: tuple[RecordingKind, ...] = get_args(RecordingKind)

DEFAULT_ERROR_TYPE = "API_ERROR"

# The documented failures of session recordings: error text by error type.
ERRORS = {
    "INPUT_ERROR": "No input streams available to create recording",
    "CLOUD_ACCESS_ERROR": "Error accessing cloud bucket. Please make sure upload config is correct",
    "CONFIG_ERROR": "INTERNAL_ERROR",
    "MEMORY_ERROR": "INTERNAL_ERROR",
    "PROCESSING_CMD_ERROR": "INTERNAL_ERROR",
    DEFAULT_ERROR_TYPE: "INTERNAL_ERROR",
}


class RecordingFailures:
    """The error types of the next recordings that fail, by room and kind."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._planned: dict[tuple[str, RecordingKind], str] = {}

    def plan(self, room_id: str, kind: RecordingKind, error_type: str) -> None:
        """Make the room's next recording of this kind fail. Raises NotFound for an unknown room."""
        self._planned[self._store[Rooms].get(room_id).id, kind] = error_type

    def take(self, room_id: str, kind: RecordingKind) -> str | None:
        """Return the error type of a recording that must fail, or None. Each failure applies once."""
        return self._planned.pop((room_id, kind), None)
