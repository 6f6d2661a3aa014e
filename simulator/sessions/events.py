"""What sessions tell of themselves, as the webhooks and the analytics events name it."""

from datetime import datetime
from typing import Any

from simulator.clock import stamp
from simulator.errors import ApiError
from simulator.happenings import Happening, Happenings
from simulator.sessions.session import Peer, Session
from simulator.sessions.tracks import Track

Json = dict[str, Any]

_NEVER = "0001-01-01T00:00:00Z"


class SessionEvents:
    """Tells what happens in sessions."""

    def __init__(self, happenings: Happenings) -> None:
        self._happenings = happenings

    def opened(self, session: Session) -> None:
        """A session began."""
        self._in_session("session.open.success", session, {})

    def closed(self, session: Session, ended_at: datetime) -> None:
        """A session is over."""
        end = {
            "session_duration": int((ended_at - session.created_at).total_seconds()),
            "session_stopped_at": stamp(ended_at),
        }
        self._in_session("session.close.success", session, end)

    def joined(self, session: Session, peer: Peer) -> None:
        """A peer came in."""
        self._in_session("peer.join.success", session, _whole(peer))

    def refused(self, room_id: str, peer: Peer) -> None:
        """A peer could not come in because of its role."""
        # assumed: a join into a full role fails in the words for a role that may not join.
        failure = {"joined_at": _NEVER, "error_message": "role not allowed"}
        self._tell("peer.join.failure", room_id, "", _whole(peer) | failure)

    def left(self, session: Session, peer: Peer, left_at: datetime, reason: str, message: str) -> None:
        """A peer went out."""
        stay = {
            "left_at": stamp(left_at),
            "duration": int((left_at - peer.joined_at).total_seconds()),
            "reason": reason,
            "message": message,  # assumed: "" where nobody gave the reason of a leave
        }
        self._in_session("peer.leave.success", session, _whole(peer) | stay)

    def not_left(self, session: Session, peer: Peer, error: ApiError) -> None:
        """A peer could not go, because it was gone."""
        failure = {"left_at": _NEVER, "duration": 0, "error_message": error.message}
        self._tell("peer.leave.failure", session.room_id, session.id, _whole(peer) | failure)

    def role_changed(self, session: Session, peer: Peer, previous: str, now: datetime) -> None:
        """A peer got another role."""
        change = {"previous_role": previous, "role_changed_at": stamp(now)}
        self._in_session("role.change.success", session, _asked(peer) | change)

    def role_not_changed(self, session: Session, peer: Peer, role: str, error: ApiError) -> None:
        """A peer was refused another role."""
        failure = {"role": role, "error_message": error.message}
        self._in_session("role.change.failure", session, _asked(peer) | failure)

    def room_ended(self, session: Session, reason: str, lock: bool) -> None:
        """A call ended a room's session."""
        self._in_session("room.end.success", session, _end(reason, lock))

    def room_not_ended(self, room_id: str, reason: str, lock: bool, error: ApiError) -> None:
        """A call could not end a room's session, because there was none."""
        # assumed: the session that failed to end has no id, and began at the zero time.
        failure = {"session_started_at": _NEVER, "error_code": error.status, "error_message": error.message}
        self._tell("room.end.failure", room_id, "", _end(reason, lock) | failure)

    def track_added(self, session: Session, peer: Peer, track: Track) -> None:
        """A peer began to publish a track."""
        self._tell("track.add.success", session.room_id, session.id, _published(peer, track))

    def track_removed(self, session: Session, peer: Peer, track: Track, now: datetime) -> None:
        """A peer stopped publishing a track."""
        end = {"stopped_at": stamp(now)}
        self._tell("track.remove.success", session.room_id, session.id, _published(peer, track) | end)

    def _in_session(self, event_type: str, session: Session, data: Json) -> None:
        started = {"session_started_at": stamp(session.created_at)}
        self._tell(event_type, session.room_id, session.id, data | started)

    def _tell(self, event_type: str, room_id: str, session_id: str, data: Json) -> None:
        self._happenings.tell(Happening(event_type, room_id, session_id, data))


def _named(peer: Peer) -> Json:
    return {
        "peer_id": peer.id,
        "user_id": peer.user_id,
        "user_name": peer.name,
        "role": peer.role,
        "joined_at": stamp(peer.joined_at),
    }


def _asked(peer: Peer) -> Json:
    """Without `role_change_requested_by`, which is absent when a call of the API asked."""
    return _named(peer) | {"user_data": peer.metadata}


def _whole(peer: Peer) -> Json:
    return _named(peer) | {"user_data": peer.metadata, "type": peer.type}


def _published(peer: Peer, track: Track) -> Json:
    shown = track.shown()
    members = ("stream_id", "type", "source", "mute", "started_at")
    return _named(peer) | {"track_id": track.id} | {name: shown[name] for name in members}


def _end(reason: str, lock: bool) -> Json:
    # assumed: the end of a room by a call of the API has `api` as its source, and "" for the peer of the sample.
    caller = {"peer_id": "", "role": "", "user_id": "", "user_name": "", "source": "api"}
    return {**caller, "lock_room": lock, "reason": reason}
