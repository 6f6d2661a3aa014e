"""Start, mute and stop the tracks of connected peers, as the client SDKs do."""

from simulator.domain_events import DomainEvents
from simulator.errors import Forbidden, NotFound
from simulator.rooms.state import Rooms
from simulator.sessions.events import SessionEvents
from simulator.sessions.state import Peer, Sessions
from simulator.sessions.tracks import Track, TrackSource, TrackType, new_tracks
from simulator.store import Store


class Publishing:
    """The tracks of connected peers. Every method raises NotFound for a peer outside the room."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sessions = store[Sessions]
        self._events = SessionEvents(store[DomainEvents])

    def start(self, room_id: str, peer_id: str, types: list[TrackType], source: TrackSource) -> list[Track]:
        """Start tracks that share a stream, such as a screen with its sound. Raises Forbidden unless the role may."""
        peer = self._sessions.connected(room_id, peer_id)
        rooms = self._store[Rooms]
        publish_params = rooms.template(rooms.get(room_id)).role(peer.role)["publishParams"]
        tracks = new_tracks(types, self._store.clock.now(), source)
        if not all(track.is_allowed(publish_params) for track in tracks):
            # [joining.forbidden-track] the status and text for a track that the role may not publish
            raise Forbidden("role not allowed")
        peer.tracks += tracks
        for track in tracks:
            self._events.track_added(self._sessions.get(peer.session_id), peer, track)
        return tracks

    def set_mute(self, room_id: str, peer_id: str, track_id: str, mute: bool) -> Track:
        """Mute or unmute a track. An event reports only a change. Raises NotFound for an unknown track."""
        peer = self._sessions.connected(room_id, peer_id)
        track = _find_track(peer, track_id)
        if track.mute != mute:
            track.mute = mute
            self._events.track_updated(self._sessions.get(peer.session_id), peer, track)
        return track

    def stop(self, room_id: str, peer_id: str, track_id: str) -> None:
        """Stop a track. Raises NotFound for an unknown track."""
        peer = self._sessions.connected(room_id, peer_id)
        track = _find_track(peer, track_id)
        peer.tracks.remove(track)
        self._events.track_removed(self._sessions.get(peer.session_id), peer, track, self._store.clock.now())


def _find_track(peer: Peer, track_id: str) -> Track:
    for track in peer.tracks:
        if track.id == track_id:
            return track
    raise NotFound("Track not found")
