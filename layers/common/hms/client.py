"""Client of the 100ms Server v2 REST API. Each resource is loaded on first use."""

from functools import cached_property
from typing import TYPE_CHECKING, Self

from hms.credentials import Credentials
from hms.http.transport import Transport
from hms.parameters import Parameters
from hms.requester import Requester
from hms.settings import Settings

if TYPE_CHECKING:
    from hms.resources.active_rooms import ActiveRooms
    from hms.resources.analytics import Analytics
    from hms.resources.auth import Auth
    from hms.resources.external_streams import ExternalStreams
    from hms.resources.live_streams import LiveStreams
    from hms.resources.polls import Polls
    from hms.resources.recording_assets import RecordingAssets
    from hms.resources.recordings import Recordings
    from hms.resources.room_codes import RoomCodes
    from hms.resources.rooms import Rooms
    from hms.resources.sessions import Sessions
    from hms.resources.sip import Sip
    from hms.resources.stream_keys import StreamKeys
    from hms.resources.templates import Templates


class HmsClient:
    """Calls the Server v2 REST API (https://www.100ms.live/docs/server-side/v2/how-to-guides/make-api-calls).

    Args:
        settings: URLs of 100ms, location of the credentials, and validation mode.

    Attributes:
        requester: sends the operations.
        parameters: reads SSM.
        credentials: reads the app's key pair.
        transport: sends HTTP requests.

    Example:
        client = HmsClient.from_environment()
        room = client.rooms.create(name="town-hall").raise_for_status().json()
        for session in client.sessions.iterate({"room_id": room["id"]}, max_items=50):
            print(session["created_at"])
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.transport = Transport()
        self.parameters = Parameters(self.transport, settings.parameter_prefix)
        self.credentials = Credentials(self.parameters)
        self.requester = Requester(settings, self.transport, self.credentials)

    @classmethod
    def from_environment(cls) -> Self:
        """Return a client that is configured by environment variables. It calls SSM and 100ms only on first use."""
        return cls(Settings.from_environment())

    @cached_property
    def rooms(self) -> "Rooms":
        """Operations under /rooms."""
        from hms.resources.rooms import Rooms

        return Rooms(self.requester)

    @cached_property
    def room_codes(self) -> "RoomCodes":
        """Operations under /room-codes."""
        from hms.resources.room_codes import RoomCodes

        return RoomCodes(self.requester)

    @cached_property
    def active_rooms(self) -> "ActiveRooms":
        """Operations under /active-rooms."""
        from hms.resources.active_rooms import ActiveRooms

        return ActiveRooms(self.requester)

    @cached_property
    def recordings(self) -> "Recordings":
        """Operations under /recordings."""
        from hms.resources.recordings import Recordings

        return Recordings(self.requester)

    @cached_property
    def recording_assets(self) -> "RecordingAssets":
        """Operations under /recording-assets."""
        from hms.resources.recording_assets import RecordingAssets

        return RecordingAssets(self.requester)

    @cached_property
    def sessions(self) -> "Sessions":
        """Operations under /sessions."""
        from hms.resources.sessions import Sessions

        return Sessions(self.requester)

    @cached_property
    def stream_keys(self) -> "StreamKeys":
        """Operations under /stream-keys."""
        from hms.resources.stream_keys import StreamKeys

        return StreamKeys(self.requester)

    @cached_property
    def sip(self) -> "Sip":
        """Operations under /sip."""
        from hms.resources.sip import Sip

        return Sip(self.requester)

    @cached_property
    def auth(self) -> "Auth":
        """Operations under /token."""
        from hms.resources.auth import Auth

        return Auth(self.requester)

    @cached_property
    def external_streams(self) -> "ExternalStreams":
        """Operations under /external-streams."""
        from hms.resources.external_streams import ExternalStreams

        return ExternalStreams(self.requester)

    @cached_property
    def live_streams(self) -> "LiveStreams":
        """Operations under /live-streams."""
        from hms.resources.live_streams import LiveStreams

        return LiveStreams(self.requester)

    @cached_property
    def polls(self) -> "Polls":
        """Operations under /polls."""
        from hms.resources.polls import Polls

        return Polls(self.requester)

    @cached_property
    def templates(self) -> "Templates":
        """Operations under /templates."""
        from hms.resources.templates import Templates

        return Templates(self.requester)

    @cached_property
    def analytics(self) -> "Analytics":
        """Operations under /analytics."""
        from hms.resources.analytics import Analytics

        return Analytics(self.requester)
