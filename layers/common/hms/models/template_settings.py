"""Settings of a template: https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-settings"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from hms.models.base import Members, Model, rule_error
from hms.models.uploads import Bucket


class UploadCredentials(Model):
    """Who may write to the bucket.

    Attributes:
        key: access key.
        secretKey: its secret.
        secret: the same, by the name that one of 100ms's answers has for it.
    """

    key: str
    secretKey: str | None = None
    secret: str | None = None

    @model_validator(mode="after")
    def _check_secret(self) -> Self:
        if self.secretKey is None and self.secret is None:
            raise rule_error("secretKey", "required")
        return self


class Upload(Bucket):
    """Where recordings are stored, with 100ms where there is none.

    One page of the documentation has the prefix as mandatory, two as optional, which is followed.

    Attributes:
        credentials: who may write there.
    """

    credentials: UploadCredentials | None = None


class RecordingSettings(Model):
    """Recordings of the template's rooms.

    Attributes:
        enabled: switch that 100ms has replaced by the recordings of the template; its default is false.
        upload: where they are stored.
    """

    enabled: bool | None = None
    upload: Upload | None = None


class RoomState(Model):
    """State of a room that peers outside of it are shown.

    Attributes:
        messageInterval: seconds between updates, 5 to 3600, a multiple of 5.
        sendPeerList: whether the peers are sent, not their number only.
        stopRoomStateOnJoin: whether it stops for a peer that joins.
        enabled: whether it is sent.
    """

    messageInterval: Annotated[int, Field(ge=5, le=3600, multiple_of=5)] | None = None
    sendPeerList: bool | None = None
    stopRoomStateOnJoin: bool | None = None
    enabled: bool | None = None


class TemplateSettings(Model):
    """Settings of a template; 100ms does not say whether what is left out is kept.

    Attributes:
        region: where rooms are hosted.
        recording: recordings of the rooms.
        roomState: state of a room that peers outside of it are shown.
        retry: 100ms shows it, and does not say what it may hold.
    """

    region: Literal["in", "us", "eu", "auto"] | None = None
    recording: RecordingSettings | None = None
    roomState: RoomState | None = None
    retry: Members[Any] | None = None
