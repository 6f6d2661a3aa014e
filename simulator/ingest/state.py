"""Keep the connections of RTMP encoders. Each starts a live stream, and can reconnect while that stream waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from simulator.clock import format_seconds
from simulator.domain_events import DomainEvent, DomainEvents
from simulator.errors import ApiError, BadRequest, Conflict, Forbidden, NotFound
from simulator.jobs.meeting_urls import default_meeting_url
from simulator.live_streams.state import LiveStream, LiveStreams
from simulator.rooms.state import Room, Rooms
from simulator.store import Store
from simulator.stream_keys.state import StreamKeys

Json = dict[str, Any]

EndReason = Literal["publish error", "reconnection window expired", "stream closed", "internal error"]
END_REASONS: tuple[EndReason, ...] = get_args(EndReason)


@dataclass
class Ingest:
    """The connection of an encoder to a room; `disconnected_at` is None while the encoder sends."""

    id: str
    room_id: str
    stream_id: str
    live_stream: LiveStream
    started_at: datetime
    disconnected_at: datetime | None = None

    def to_dict(self) -> Json:
        """Return the IDs and the start, as the events name them."""
        return {
            "ingest_id": self.id,
            "stream_id": self.stream_id,
            "started_at": format_seconds(self.started_at),
        }


class Ingests:
    """All ingests that have not ended, by room."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._of_room: dict[str, Ingest] = {}
        store[DomainEvents].subscribe(self._on_event)

    def connect(self, key: str) -> Ingest:
        """Connect an encoder: start a live stream, or continue the one that waits for it.

        Raises NotFound for an unknown key. Raises other errors with the documented reason, which an event reports too.
        """
        room = self._store[StreamKeys].find_room(key)
        ingest = self._of_room.get(room.id)
        try:
            if not self._store[StreamKeys].is_usable(key):
                raise Forbidden("stream key disabled")
            if ingest is not None:
                return self._reconnect(ingest)
            return self._start(room)
        except ApiError as error:
            self._publish(room.id, "ingest.start.failure", {"error_message": error.message})
            raise

    def disconnect(self, ingest_id: str) -> None:
        """Disconnect an encoder. Its stream waits for it. Raises NotFound."""
        ingest = self._get(ingest_id)
        if ingest.disconnected_at is not None:
            return
        since = ingest.disconnected_at = self._store.clock.now()
        window = ingest.live_stream.destination.idle_seconds
        self._store.clock.call_later(window, lambda: self._expire(ingest, since))

    def end(self, ingest_id: str, reason: EndReason) -> None:
        """End an ingest at once, and stop its stream. Raises NotFound."""
        self._end(self._get(ingest_id), reason)

    def fail(self, ingest_id: str) -> None:
        """Fail an ingest, and stop its stream. Raises NotFound."""
        ingest = self._get(ingest_id)
        del self._of_room[ingest.room_id]
        failure = {"ingest_id": ingest.id, "error_message": "internal error"}
        self._publish(ingest.room_id, "ingest.failure", failure)
        self._stop_stream(ingest)

    def _start(self, room: Room) -> Ingest:
        if not self._store[Rooms].template(room).content["destinations"].get("hlsDestinations"):
            raise BadRequest("no hls destinations")
        streams = self._store[LiveStreams]
        if streams.is_live_in(room.id):
            # [ingest.remote-session] the reason if a call has started a live stream
            raise Conflict("remote session active")
        try:
            # [ingest.meeting-url] the stream opens the room's own URL, even if a call would need a meeting_url.
            stream = streams.start(room.id, {"meeting_url": default_meeting_url(room)})
        except ApiError as error:
            raise BadRequest("beam start error") from error
        stream.ingested = True
        ids = self._store.ids
        ingest = Ingest(ids.new(), room.id, ids.new(), stream, self._store.clock.now())
        self._of_room[room.id] = ingest
        self._publish(room.id, "ingest.start.success", ingest.to_dict())
        return ingest

    def _reconnect(self, ingest: Ingest) -> Ingest:
        if ingest.disconnected_at is None:
            raise Conflict("already connected")
        ingest.disconnected_at = None  # [ingest.reconnection] no event reports that an encoder reconnected
        return ingest

    def _expire(self, ingest: Ingest, since: datetime) -> None:
        if self._of_room.get(ingest.room_id) is ingest and ingest.disconnected_at == since:
            self._end(ingest, "reconnection window expired")

    def _end(self, ingest: Ingest, reason: EndReason) -> None:
        del self._of_room[ingest.room_id]
        now = self._store.clock.now()
        end = {
            "completed_at": format_seconds(now),
            "duration": int((now - ingest.started_at).total_seconds()),
            "last_disconnected_at": format_seconds(ingest.disconnected_at or now),
            "reason": reason,
        }
        self._publish(ingest.room_id, "ingest.end.success", ingest.to_dict() | end)
        self._stop_stream(ingest)

    def _stop_stream(self, ingest: Ingest) -> None:
        if ingest.live_stream.live:
            # [ingest.stop-reason] the stop has the reason of a stream that its peers have left.
            self._store[LiveStreams].stop(ingest.live_stream, "last peer left")

    def _on_event(self, domain_event: DomainEvent) -> None:
        """End an ingest whose live stream has stopped."""
        ingest = self._of_room.get(domain_event.room_id)
        if ingest is None or domain_event.data.get("job_id") != ingest.live_stream.id:
            return
        if domain_event.type in ("hls.stopped.success", "hls.failure"):
            self._end(ingest, "stream closed")

    def _get(self, ingest_id: str) -> Ingest:
        for ingest in self._of_room.values():
            if ingest.id == ingest_id:
                return ingest
        raise NotFound("Ingest not found, or it has ended")

    def _publish(self, room_id: str, event_type: str, data: Json) -> None:
        self._store[DomainEvents].publish(DomainEvent(event_type, room_id, data=data))
