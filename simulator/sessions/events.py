"""Publish the events of sessions, with the names of the webhooks and analytics events."""

from datetime import datetime
from typing import Any

from simulator.clock import ZERO_TIME, format_nanoseconds
from simulator.domain_events import DomainEvent, DomainEvents
from simulator.errors import ApiError
from simulator.sessions.session import Peer, Session
from simulator.sessions.tracks import Track

Json = dict[str, Any]


class SessionEvents:
    """Publishes the events of sessions, peers and tracks."""

    def __init__(self, domain_events: DomainEvents) -> None:
        self._domain_events = domain_events

    def session_opened(self, session: Session) -> None:
        """Publish the start of a session."""
        self._publish_session_event("session.open.success", session, {})

    def session_closed(self, session: Session, ended_at: datetime) -> None:
        """Publish the end of a session."""
        end = {
            "session_duration": int((ended_at - session.created_at).total_seconds()),
            "session_stopped_at": format_nanoseconds(ended_at),
        }
        self._publish_session_event("session.close.success", session, end)

    def peer_joined(self, session: Session, peer: Peer) -> None:
        """Publish that a peer joined."""
        self._publish_session_event("peer.join.success", session, _full_peer(peer))

    def peer_join_failed(self, room_id: str, peer: Peer, error_message: str) -> None:
        """Publish that a peer could not join. `error_message` is a documented reason."""
        failure = {"joined_at": ZERO_TIME, "error_message": error_message}
        self._publish_event("peer.join.failure", room_id, "", _full_peer(peer) | failure)

    def peer_left(self, session: Session, peer: Peer, left_at: datetime, reason: str, message: str) -> None:
        """Publish that a peer left."""
        stay = {
            "left_at": format_nanoseconds(left_at),
            "duration": int((left_at - peer.joined_at).total_seconds()),
            "reason": reason,
            "message": message,  # [sessions.leave-message] "" for a leave without a reason
        }
        self._publish_session_event("peer.leave.success", session, _full_peer(peer) | stay)

    def peer_leave_failed(self, session: Session, peer: Peer, error: ApiError) -> None:
        """Publish that a peer could not leave because it had left already."""
        failure = {"left_at": ZERO_TIME, "duration": 0, "error_message": error.message}
        self._publish_event("peer.leave.failure", session.room_id, session.id, _full_peer(peer) | failure)

    def role_changed(self, session: Session, peer: Peer, previous: str, requested_by: str, now: datetime) -> None:
        """Publish that the role of a peer changed."""
        change = {"previous_role": previous, "role_changed_at": format_nanoseconds(now)}
        self._publish_session_event("role.change.success", session, _role_change_peer(peer, requested_by) | change)

    def role_change_failed(self, session: Session, peer: Peer, role: str, requested_by: str, error: ApiError) -> None:
        """Publish that the role of a peer could not be changed."""
        failure = {"role": role, "error_message": error.message}
        self._publish_session_event("role.change.failure", session, _role_change_peer(peer, requested_by) | failure)

    def room_ended(self, session: Session, reason: str, lock: bool, caller: Peer | None) -> None:
        """Publish that a call ended a room's session. `caller` is None for a call of the API."""
        self._publish_session_event("room.end.success", session, _room_end_data(reason, lock, caller))

    def room_end_failed(self, room_id: str, reason: str, lock: bool, error: ApiError) -> None:
        """Publish that a call could not end a room's session because none was running."""
        # [sessions.failed-end] the session has no ID, and starts at the zero time.
        failure = {"session_started_at": ZERO_TIME, "error_code": error.status, "error_message": error.message}
        self._publish_event("room.end.failure", room_id, "", _room_end_data(reason, lock) | failure)

    def track_added(self, session: Session, peer: Peer, track: Track) -> None:
        """Publish the start of a track."""
        self._publish_event("track.add.success", session.room_id, session.id, _track_data(peer, track))

    def track_updated(self, session: Session, peer: Peer, track: Track) -> None:
        """Publish that a track was muted or unmuted."""
        self._publish_event("track.update.success", session.room_id, session.id, _track_data(peer, track))

    def track_removed(self, session: Session, peer: Peer, track: Track, now: datetime) -> None:
        """Publish the end of a track."""
        end = {"stopped_at": format_nanoseconds(now)}
        self._publish_event("track.remove.success", session.room_id, session.id, _track_data(peer, track) | end)

    def _publish_session_event(self, event_type: str, session: Session, data: Json) -> None:
        started = {"session_started_at": format_nanoseconds(session.created_at)}
        self._publish_event(event_type, session.room_id, session.id, data | started)

    def _publish_event(self, event_type: str, room_id: str, session_id: str, data: Json) -> None:
        self._domain_events.publish(DomainEvent(event_type, room_id, session_id, data))


def _peer_ids(peer: Peer) -> Json:
    return {
        "peer_id": peer.id,
        "user_id": peer.user_id,
        "user_name": peer.name,
        "role": peer.role,
        "joined_at": format_nanoseconds(peer.joined_at),
    }


def _role_change_peer(peer: Peer, requested_by: str) -> Json:
    data = _peer_ids(peer) | {"user_data": peer.metadata}
    # A change by an API call has no `role_change_requested_by`.
    return data | {"role_change_requested_by": requested_by} if requested_by else data


def _full_peer(peer: Peer) -> Json:
    return _peer_ids(peer) | {"user_data": peer.metadata, "type": peer.type}


def _track_data(peer: Peer, track: Track) -> Json:
    track_members = track.to_dict()
    names = ("stream_id", "type", "source", "mute", "started_at")
    return _peer_ids(peer) | {"track_id": track.id} | {name: track_members[name] for name in names}


def _room_end_data(reason: str, lock: bool, caller: Peer | None = None) -> Json:
    if caller is None:
        # [sessions.end-of-a-room-by-the-api] the source is `api`; the peer's members of the sample are "".
        data = {"peer_id": "", "role": "", "user_id": "", "user_name": "", "source": "api"}
    else:
        ids = {"peer_id": caller.id, "role": caller.role, "user_id": caller.user_id, "user_name": caller.name}
        data = ids | {"source": "peer"}
    return {**data, "lock_room": lock, "reason": reason}
