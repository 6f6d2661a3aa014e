"""The sections of the REST API as a client has them, each loaded when it is first used."""

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hms.api.active_rooms import ActiveRooms
    from hms.api.analytics import Analytics
    from hms.api.auth import Auth
    from hms.api.external_streams import ExternalStreams
    from hms.api.live_streams import LiveStreams
    from hms.api.polls import Polls
    from hms.api.recording_assets import RecordingAssets
    from hms.api.recordings import Recordings
    from hms.api.room_codes import RoomCodes
    from hms.api.rooms import Rooms
    from hms.api.sessions import Sessions
    from hms.api.sip import Sip
    from hms.api.stream_keys import StreamKeys
    from hms.api.templates import Templates


class Sections:
    """What `HmsClient` offers: `client.rooms`, `client.sessions`, …"""

    @cached_property
    def rooms(self) -> "Rooms":
        """Operations under /rooms."""
        section: Rooms = self._section("rooms", "Rooms")
        return section

    @cached_property
    def room_codes(self) -> "RoomCodes":
        """Operations under /room-codes."""
        section: RoomCodes = self._section("room_codes", "RoomCodes")
        return section

    @cached_property
    def active_rooms(self) -> "ActiveRooms":
        """Operations under /active-rooms."""
        section: ActiveRooms = self._section("active_rooms", "ActiveRooms")
        return section

    @cached_property
    def recordings(self) -> "Recordings":
        """Operations under /recordings."""
        section: Recordings = self._section("recordings", "Recordings")
        return section

    @cached_property
    def recording_assets(self) -> "RecordingAssets":
        """Operations under /recording-assets."""
        section: RecordingAssets = self._section("recording_assets", "RecordingAssets")
        return section

    @cached_property
    def sessions(self) -> "Sessions":
        """Operations under /sessions."""
        section: Sessions = self._section("sessions", "Sessions")
        return section

    @cached_property
    def stream_keys(self) -> "StreamKeys":
        """Operations under /stream-keys."""
        section: StreamKeys = self._section("stream_keys", "StreamKeys")
        return section

    @cached_property
    def sip(self) -> "Sip":
        """Operations under /sip."""
        section: Sip = self._section("sip", "Sip")
        return section

    @cached_property
    def auth(self) -> "Auth":
        """Operations under /token."""
        section: Auth = self._section("auth", "Auth")
        return section

    @cached_property
    def external_streams(self) -> "ExternalStreams":
        """Operations under /external-streams."""
        section: ExternalStreams = self._section("external_streams", "ExternalStreams")
        return section

    @cached_property
    def live_streams(self) -> "LiveStreams":
        """Operations under /live-streams."""
        section: LiveStreams = self._section("live_streams", "LiveStreams")
        return section

    @cached_property
    def polls(self) -> "Polls":
        """Operations under /polls."""
        section: Polls = self._section("polls", "Polls")
        return section

    @cached_property
    def templates(self) -> "Templates":
        """Operations under /templates."""
        section: Templates = self._section("templates", "Templates")
        return section

    @cached_property
    def analytics(self) -> "Analytics":
        """Operations under /analytics."""
        section: Analytics = self._section("analytics", "Analytics")
        return section

    def _section(self, module: str, name: str) -> Any:
        return getattr(import_module(f"hms.api.{module}"), name)(self)
