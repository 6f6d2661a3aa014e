"""Settings of a template: https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-settings"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from hms.models.base import Members, Model, rule_error
from hms.models.uploads import Bucket


class UploadCredentials(Model):
    """Credentials for the bucket.

    Attributes:
        key: access key.
        secretKey: secret key.
        secret: other name of `secretKey`, from a sample response of 100ms.
    """

    key: str
    secretKey: str | None = None
    secret: str | None = None

    @model_validator(mode="after")
    def _check_secret(self) -> Self:
        if self.secretKey is None and self.secret is None:
            raise rule_error("secretKey", "is required")
        return self


class Upload(Bucket):
    """Storage for recordings. Without it, 100ms stores them.

    `prefix` is optional on two pages of the documentation and required on one. It is optional here.

    Attributes:
        credentials: credentials for the bucket.
    """

    credentials: UploadCredentials | None = None


class RecordingSettings(Model):
    """Recording settings of the template.

    Attributes:
        enabled: deprecated by 100ms, use the recordings of the template; 100ms's default is false.
        upload: storage for recordings.
    """

    enabled: bool | None = None
    upload: Upload | None = None


class RoomState(Model):
    """State of the room that is sent to peers before they join.

    Attributes:
        messageInterval: seconds between updates, 5 to 3600, a multiple of 5.
        sendPeerList: whether the list of peers is sent, not only their number.
        stopRoomStateOnJoin: whether updates stop after a peer joins.
        enabled: whether the state is sent.
    """

    messageInterval: Annotated[int, Field(ge=5, le=3600, multiple_of=5)] | None = None
    sendPeerList: bool | None = None
    stopRoomStateOnJoin: bool | None = None
    enabled: bool | None = None


class TemplateSettings(Model):
    """Settings of a template. 100ms does not document whether an update keeps missing members.

    Attributes:
        region: region that hosts the rooms.
        recording: recording settings.
        roomState: state of the room that is sent to peers before they join.
        retry: undocumented member of 100ms's responses.
    """

    region: Literal["in", "us", "eu", "auto"] | None = None
    recording: RecordingSettings | None = None
    roomState: RoomState | None = None
    retry: Members[Any] | None = None
