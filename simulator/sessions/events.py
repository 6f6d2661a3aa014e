"""What sessions tell of themselves, as the webhooks and the analytics events name it."""

from datetime import datetime
from typing import Any

from simulator.clock import format_timestamp
from simulator.domain_events import DomainEvent, DomainEvents
from simulator.errors import ApiError
from simulator.sessions.session import Peer, Session
from simulator.sessions.tracks import Track

Json = dict[str, Any]

_ZERO_TIME = "0001-01-01T00:00:00Z"


class SessionEvents:
    """Tells what happens in sessions."""

    def __init__(self, domain_events: DomainEvents) -> None:
        self._domain_events = domain_events

    def session_opened(self, session: Session) -> None:
        """A session began."""
        self._publish_session_event("session.open.success", session, {})

    def session_closed(self, session: Session, ended_at: datetime) -> None:
        """A session is over."""
        end = {
            "session_duration": int((ended_at - session.created_at).total_seconds()),
            "session_stopped_at": format_timestamp(ended_at),
        }
        self._publish_session_event("session.close.success", session, end)

    def peer_joined(self, session: Session, peer: Peer) -> None:
        """A peer came in."""
        self._publish_session_event("peer.join.success", session, _full_peer(peer))

    def peer_join_failed(self, room_id: str, peer: Peer) -> None:
        """A peer could not come in because of its role."""
        # assumed: a join into a full role fails in the words for a role that may not join.
        failure = {"joined_at": _ZERO_TIME, "error_message": "role not allowed"}
        self._publish_event("peer.join.failure", room_id, "", _full_peer(peer) | failure)

    def peer_left(self, session: Session, peer: Peer, left_at: datetime, reason: str, message: str) -> None:
        """A peer went out."""
        stay = {
            "left_at": format_timestamp(left_at),
            "duration": int((left_at - peer.joined_at).total_seconds()),
            "reason": reason,
            "message": message,  # assumed: "" where nobody gave the reason of a leave
        }
        self._publish_session_event("peer.leave.success", session, _full_peer(peer) | stay)

    def peer_leave_failed(self, session: Session, peer: Peer, error: ApiError) -> None:
        """A peer could not go, because it was gone."""
        failure = {"left_at": _ZERO_TIME, "duration": 0, "error_message": error.message}
        self._publish_event("peer.leave.failure", session.room_id, session.id, _full_peer(peer) | failure)

    def role_changed(self, session: Session, peer: Peer, previous: str, now: datetime) -> None:
        """A peer got another role."""
        change = {"previous_role": previous, "role_changed_at": format_timestamp(now)}
        self._publish_session_event("role.change.success", session, _role_change_peer(peer) | change)

    def role_change_failed(self, session: Session, peer: Peer, role: str, error: ApiError) -> None:
        """A peer was refused another role."""
        failure = {"role": role, "error_message": error.message}
        self._publish_session_event("role.change.failure", session, _role_change_peer(peer) | failure)

    def room_ended(self, session: Session, reason: str, lock: bool) -> None:
        """A call ended a room's session."""
        self._publish_session_event("room.end.success", session, _room_end_data(reason, lock))

    def room_end_failed(self, room_id: str, reason: str, lock: bool, error: ApiError) -> None:
        """A call could not end a room's session, because there was none."""
        # assumed: the session that failed to end has no id, and began at the zero time.
        failure = {"session_started_at": _ZERO_TIME, "error_code": error.status, "error_message": error.message}
        self._publish_event("room.end.failure", room_id, "", _room_end_data(reason, lock) | failure)

    def track_added(self, session: Session, peer: Peer, track: Track) -> None:
        """A peer began to publish a track."""
        self._publish_event("track.add.success", session.room_id, session.id, _track_data(peer, track))

    def track_removed(self, session: Session, peer: Peer, track: Track, now: datetime) -> None:
        """A peer stopped publishing a track."""
        end = {"stopped_at": format_timestamp(now)}
        self._publish_event("track.remove.success", session.room_id, session.id, _track_data(peer, track) | end)

    def _publish_session_event(self, event_type: str, session: Session, data: Json) -> None:
        started = {"session_started_at": format_timestamp(session.created_at)}
        self._publish_event(event_type, session.room_id, session.id, data | started)

    def _publish_event(self, event_type: str, room_id: str, session_id: str, data: Json) -> None:
        self._domain_events.publish(DomainEvent(event_type, room_id, session_id, data))


def _peer_ids(peer: Peer) -> Json:
    return {
        "peer_id": peer.id,
        "user_id": peer.user_id,
        "user_name": peer.name,
        "role": peer.role,
        "joined_at": format_timestamp(peer.joined_at),
    }


def _role_change_peer(peer: Peer) -> Json:
    """Without `role_change_requested_by`, which is absent when a call of the API asked."""
    return _peer_ids(peer) | {"user_data": peer.metadata}


def _full_peer(peer: Peer) -> Json:
    return _peer_ids(peer) | {"user_data": peer.metadata, "type": peer.type}


def _track_data(peer: Peer, track: Track) -> Json:
    track_members = track.to_dict()
    names = ("stream_id", "type", "source", "mute", "started_at")
    return _peer_ids(peer) | {"track_id": track.id} | {name: track_members[name] for name in names}


def _room_end_data(reason: str, lock: bool) -> Json:
    # assumed: the end of a room by a call of the API has `api` as its source, and "" for the peer of the sample.
    caller = {"peer_id": "", "role": "", "user_id": "", "user_name": "", "source": "api"}
    return {**caller, "lock_room": lock, "reason": reason}
