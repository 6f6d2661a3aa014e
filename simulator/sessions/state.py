"""Keep the workspace's sessions: peers join and leave, and sessions start and end with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from simulator.domain_events import DomainEvents
from simulator.errors import ApiError, Forbidden, NotFound
from simulator.ids import new_uuid
from simulator.paging import Page, PageQuery, page
from simulator.rooms.state import Room, Rooms
from simulator.sessions.capacity import check_publishers, check_raised_hands, check_size
from simulator.sessions.events import SessionEvents
from simulator.sessions.session import Peer, PeerType, Session
from simulator.sessions.tracks import TrackType, new_tracks
from simulator.store import Store

__all__ = ["MAX_SESSION_SECONDS", "REASON_KICKED", "Peer", "PeerType", "Session", "SessionFilter", "Sessions"]

MAX_SESSION_SECONDS = 12 * 3600
LeaveReason = Literal[
    "client request", "peer kicked", "websocket closed", "ice connection state closed", "server removed peer"
]
REASON_LEFT: LeaveReason = "client request"
REASON_KICKED: LeaveReason = "peer kicked"
# [sessions.server-removed-peer] the documented reason for leaving an ended session
REASON_ROOM_ENDED: LeaveReason = "server removed peer"

NO_SESSION = "session not found"
NOT_JOINED = "peer not joined"

_WITH_CAMERA: tuple[TrackType, ...] = ("audio", "video")
_WITHOUT_CAMERA: tuple[TrackType, ...] = ("audio",)


@dataclass(frozen=True)
class SessionFilter:
    """The filters of a list; None matches all sessions."""

    active: bool | None = None
    room_id: str | None = None
    after: datetime | None = None
    before: datetime | None = None

    def matches(self, session: Session) -> bool:
        """Return True if the session passes all filters. `after` and `before` are inclusive."""
        return (
            (self.active is None or session.active == self.active)
            and (self.room_id is None or session.room_id == self.room_id)
            and (self.after is None or session.created_at >= self.after)
            and (self.before is None or session.created_at <= self.before)
        )


class Sessions:
    """All sessions and their peers, and the running session of each room."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rooms = store[Rooms]
        self._events = SessionEvents(store[DomainEvents])
        self._sessions: dict[str, Session] = {}
        self._active: dict[str, Session] = {}
        self._peers: dict[str, Peer] = {}

    def active(self, room_id: str) -> Session | None:
        """Return the running session of a room, or None."""
        return self._active.get(room_id)

    def require_active(self, room_id: str) -> Session:
        """Return the running session of a room. Raises NotFound for an unknown room or without a running session."""
        room = self._rooms.get(room_id)
        session = self.active(room.id)
        if session is None:
            # [sessions.calls-that-need-a-session] every call that needs a session has the text of the
            # room.end.failure event.
            raise NotFound(NO_SESSION)
        return session

    def get(self, session_id: str) -> Session:
        """Return a session. Raises NotFound."""
        if session_id not in self._sessions:
            raise NotFound(NO_SESSION)
        return self._sessions[session_id]

    def select(self, query: PageQuery, criteria: SessionFilter) -> Page[Session]:
        """Return a page of sessions, newest first."""
        return page(reversed(self._sessions.values()), query, lambda session: session.id, criteria.matches)

    def connected(self, room_id: str, peer_id: str) -> Peer:
        """Return a connected peer of a room. Raises NotFound."""
        peer = self.require_active(room_id).peers.get(peer_id)
        if peer is None or peer.left_at is not None:
            raise NotFound("Peer not found")  # [sessions.peer-outside-the-room] the text for a peer outside the room
        return peer

    def join(
        self,
        room_id: str,
        *,
        name: str,
        role: str,
        user_id: str,
        metadata: str = "",
        is_bot: bool = False,
        type: PeerType = "regular",  # noqa: A002 - the name in the events
        has_camera: bool = True,
    ) -> Peer:
        """Add a peer. Starts a session if none runs. A bot can have any role, but needs a running session.

        Raises NotFound for an unknown room or role, or for a bot without a session.
        Raises Forbidden if the room is disabled, or the room or the role is full.
        """
        room = self._rooms.get(room_id)
        now = self._store.clock.now()
        peer = Peer(new_uuid(), "", name, role, user_id, metadata, now, is_bot, type, has_camera)
        if is_bot:
            session = self.require_active(room_id)
        else:
            # [sessions.disabled-room] no peer can join a disabled room, even a running session. No event reports the
            # refusal.
            room.check_enabled()
            self._admit(room, peer)
            session = self.active(room_id) or self._open(room, now)
        peer.session_id = session.id
        self._peers[peer.id] = peer
        session.add(peer, now)
        self._events.peer_joined(session, peer)
        self._publish(session, peer)
        return peer

    def leave(self, room_id: str, peer_id: str, reason: LeaveReason = REASON_LEFT, message: str = "") -> None:
        """Remove a peer. The last one ends the session. Raises NotFound for a peer outside the room."""
        peer = self._peers.get(peer_id)
        if peer is None or self.get(peer.session_id).room_id != room_id:
            raise NotFound(NOT_JOINED)
        session = self.get(peer.session_id)
        if peer.left_at is not None:
            error = NotFound(NOT_JOINED)
            self._events.peer_leave_failed(session, peer, error)
            raise error
        others = any(other is not peer for other in session.connected())
        # [sessions.recording-bots] the bot of a recording keeps its session running, because it counts as a peer.
        self._release(session, [peer], reason, message, ends_session=not others)

    def end(self, room_id: str, reason: str = "", lock: bool = False, caller: Peer | None = None) -> None:
        """End the running session, and disable the room if `lock` is true. `caller` is None for a call of the API.

        Raises NotFound without a session.
        """
        room = self._rooms.get(room_id)
        session = self.active(room.id)
        if session is None:
            error = NotFound(NO_SESSION)
            self._events.room_end_failed(room.id, reason, lock, error)
            raise error
        if lock:
            self._rooms.update(room.id, {"enabled": False})
        self._release(session, list(session.connected()), REASON_ROOM_ENDED, reason, ends_session=True)
        self._events.room_ended(session, reason, lock, caller)

    def change_role(self, room_id: str, peer_id: str, role: str, requested_by: str = "") -> None:
        """Change the role of a connected peer. Its tracks follow the new role. `requested_by` is "" for the API.

        Raises NotFound for an unknown peer or role, Forbidden if the role is full.
        """
        peer = self.connected(room_id, peer_id)
        if role == peer.role:
            return
        session = self.get(peer.session_id)
        try:
            self._check_role(self._rooms.get(room_id), role)
        except ApiError as error:
            self._events.role_change_failed(session, peer, role, requested_by, error)
            raise
        previous, peer.role = peer.role, role
        session.updated_at = self._store.clock.now()
        self._events.role_changed(session, peer, previous, requested_by, session.updated_at)
        self._publish(session, peer)

    def change_metadata(self, room_id: str, peer_id: str, metadata: str) -> None:
        """Change the metadata of a connected peer.

        Raises NotFound for an unknown peer, Forbidden if too many hands are raised in a large room.
        """
        peer = self.connected(room_id, peer_id)
        room = self._rooms.get(room_id)
        check_raised_hands(room, (other for other in self._connected(room) if other is not peer), metadata)
        peer.metadata = metadata

    def _open(self, room: Room, now: datetime) -> Session:
        session = Session(self._store.ids.new(), room.id, now, now)
        self._sessions[session.id] = self._active[room.id] = session
        # [sessions.longest-session] the longest session is the limit of the room when the session began.
        seconds = room.settings.get("max_duration_seconds", MAX_SESSION_SECONDS)
        self._store.clock.call_later(seconds, lambda: self._expire(session))
        self._events.session_opened(session)
        return session

    def _expire(self, session: Session) -> None:
        if session.active:
            self._release(session, list(session.connected()), REASON_ROOM_ENDED, "", ends_session=True)

    def _release(
        self, session: Session, peers: list[Peer], reason: LeaveReason, message: str, ends_session: bool
    ) -> None:
        """Remove peers, and end the session if `ends_session`. Publishes events only after all changes."""
        now = self._store.clock.now()
        for peer in peers:
            session.release(peer, now)
        if ends_session:
            session.end(now)
            del self._active[session.room_id]
        for peer in peers:
            for track in peer.tracks:
                self._events.track_removed(session, peer, track, now)
            self._events.peer_left(session, peer, now, reason, message)
        if ends_session:
            self._events.session_closed(session, now)

    def _admit(self, room: Room, peer: Peer) -> None:
        try:
            self._check_role(room, peer.role)
            check_size(room, self._connected(room))
            check_raised_hands(room, self._connected(room), peer.metadata)
        except ApiError:
            # [sessions.join-into-a-full-role] a join into a full role has the text for a role that may not join.
            self._events.peer_join_failed(room.id, peer, "role not allowed")
            raise

    def _check_role(self, room: Room, name: str) -> None:
        limit = self._role(room, name)["maxPeerCount"]
        peer_count = sum(peer.role == name and not peer.is_bot for peer in self._connected(room))
        if limit and peer_count >= limit:
            # [sessions.full-role] 403 for a full role, with the text of role.change.failure
            raise Forbidden("role limit reached")
        check_publishers(room, self._connected(room), self._rooms.template(room).roles, name)

    def _connected(self, room: Room) -> Iterable[Peer]:
        session = self.active(room.id)
        return session.connected() if session else ()

    def _role(self, room: Room, name: str) -> dict[str, Any]:
        return self._rooms.template(room).role(name)

    def _publish(self, session: Session, peer: Peer) -> None:
        """Start and stop a peer's tracks so that they match its role."""
        if peer.is_bot:
            return
        now = self._store.clock.now()
        publish_params = self._role(self._rooms.get(session.room_id), peer.role)["publishParams"]
        # [sessions.published-tracks] a peer publishes the microphone and camera that its role allows.
        allowed_by_device = _WITH_CAMERA if peer.has_camera else _WITHOUT_CAMERA
        kept = [track for track in peer.tracks if track.is_allowed(publish_params)]
        stopped = [track for track in peer.tracks if track not in kept]
        running = {track.type for track in kept if track.source == "regular"}
        allowed = publish_params.get("allowed", ())
        started = new_tracks([type_ for type_ in allowed_by_device if type_ in allowed and type_ not in running], now)
        peer.tracks = kept + started
        for track in stopped:
            self._events.track_removed(session, peer, track, now)
        for track in started:
            self._events.track_added(session, peer, track)
