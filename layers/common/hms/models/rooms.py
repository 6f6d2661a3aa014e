"""Rooms: https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/create-via-api"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from hms.models.base import Items, Members, Model, rule_error
from hms.models.query import Flag, Instant, PageQuery
from hms.models.uploads import Bucket

MAX_SIZE = 2_500
MAX_LARGE_SIZE = 20_000


class RoomUploadCredentials(Model):
    """Who may write to the bucket.

    Attributes:
        key: access key; on Azure the storage account's name.
        secret: secret; on Azure the storage account's key.
    """

    key: str
    secret: str


class UploadInfo(Bucket):
    """Where recordings are stored.

    Attributes:
        credentials: who may write there.
    """

    credentials: RoomUploadCredentials | None = None


class RecordingInfo(Model):
    """Recording of the room; it replaces the template's recording settings as a whole.

    Attributes:
        enabled: whether the room is recorded; 100ms's default is false.
        upload_info: where to.
    """

    enabled: bool | None = None
    upload_info: UploadInfo | None = None


class RoomWebhook(Model):
    """Where events of the room are sent instead of to the workspace's webhook.

    Attributes:
        url: the receiver.
        headers: sent with each event.
    """

    url: str
    headers: Members[str] | None = None


class RoomSettings(Model):
    """What create and update share.

    Attributes:
        name: letters, digits, spaces and `@.:_-`; 100ms makes one up when there is none.
        description: free text.
        recording_info: recording of the room.
        size: expected peers, up to 2,500, or 20,000 with `large_room`.
        large_room: whether more than 2,500 peers are expected.
        max_duration_seconds: seconds after which a session ends, 120 to 43,200.
        polls: ids of polls linked to the room.
        webhook: where events of the room are sent.
    """

    response_fields = frozenset(
        {"id", "enabled", "customer_id", "customer", "app_id", "key", "template", "template_id"}
    )
    response_fields |= {"recording", "recording_source_template", "enabled_source_template", "created_at", "updated_at"}

    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9 @.:_-]+$")] | None = None
    description: str | None = None
    recording_info: RecordingInfo | None = None
    size: Annotated[int, Field(ge=0, le=MAX_LARGE_SIZE)] | None = None
    large_room: bool | None = None
    max_duration_seconds: Annotated[int, Field(ge=120, le=43_200)] | None = None
    polls: Items[str] | None = None
    webhook: RoomWebhook | None = None


class RoomCreate(RoomSettings):
    """A new room, or the new configuration of the room that has this name already.

    Attributes:
        template_id: the room's template; the workspace's default when there is none.
        region: where the room is hosted; `auto` follows the template.
    """

    template_id: str | None = None
    region: Literal["eu", "in", "us", "auto"] | None = None

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        if (self.size or 0) > MAX_SIZE and not self.large_room:
            raise rule_error("size", f"greater than {MAX_SIZE}, set large_room to true")
        return self

    @model_validator(mode="before")
    @classmethod
    def _check_template(cls, value: Any) -> Any:
        if isinstance(value, dict) and "template" in value:
            raise rule_error("template", "not taken, use template_id")
        return value


class RoomUpdate(RoomSettings):
    """Changes of a room, which may be large already: its size alone is taken up to 20,000.

    https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/update-a-room

    Attributes:
        enabled: whether peers may join.
        region: as for a new room; also empty, as 100ms shows it for a disabled one.
    """

    enabled: bool | None = None
    region: Literal["eu", "in", "us", "auto", ""] | None = None

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        if (self.size or 0) > MAX_SIZE and self.large_room is False:
            raise rule_error("size", f"greater than {MAX_SIZE}, set large_room to true")
        return self


class RoomListQuery(PageQuery):
    """Which rooms a list shows: https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/list-rooms

    Attributes:
        enabled: only enabled or only disabled ones.
        name: the room's name.
        template_id: the room's template.
        after: created at or after this instant.
        before: created at or before this instant.
    """

    enabled: Flag | None = None
    name: str | None = None
    template_id: str | None = None
    after: Instant | None = None
    before: Instant | None = None
