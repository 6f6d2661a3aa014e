"""Stream keys: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import Query, Reply


class StreamKeys(Section):
    """Operations under /stream-keys."""

    def create(self, room_id: str, query: Query = ()) -> Reply:
        """Create the RTMP ingest key and URL of a room.

        Args:
            room_id: id of the room.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/stream-key/create-rtmp-stream-key
        """
        return self._call("POST", "stream-keys", "room", room_id, query=query)

    def retrieve(self, room_id: str, query: Query = ()) -> Reply:
        """Fetch the active RTMP ingest key of a room.

        Args:
            room_id: id of the room.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/stream-key/get-rtmp-stream-key
        """
        return self._call("GET", "stream-keys", "room", room_id, query=query)

    def disable(self, room_id: str, query: Query = ()) -> Reply:
        """Disable the room's active RTMP ingest key.

        Args:
            room_id: id of the room.
            query: passed on.

        https://www.100ms.live/docs/server-side/v2/api-reference/stream-key/disable-rtmp-stream-key
        """
        return self._call("POST", "stream-keys", "room", room_id, "disable", query=query)
