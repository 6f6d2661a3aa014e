"""Rooms: https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/create-via-api"""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from hms.models.base import Items, Members, Model, rule_error
from hms.models.query import Flag, Instant, PageQuery
from hms.models.uploads import Bucket

MAX_SIZE = 2_500
MAX_LARGE_SIZE = 20_000


class RoomUploadCredentials(Model):
    """Credentials for the bucket.

    Attributes:
        key: access key. On Azure: name of the storage account.
        secret: secret key. On Azure: key of the storage account.
    """

    key: str
    secret: str


class UploadInfo(Bucket):
    """Storage for recordings.

    Attributes:
        credentials: credentials for the bucket.
    """

    credentials: RoomUploadCredentials | None = None


class RecordingInfo(Model):
    """Recording settings of the room. They replace all recording settings of the template.

    Attributes:
        enabled: whether the room is recorded; 100ms's default is false.
        upload_info: storage for recordings.
    """

    enabled: bool | None = None
    upload_info: UploadInfo | None = None


class RoomWebhook(Model):
    """Webhook of the room, which replaces the webhook of the workspace.

    Attributes:
        url: URL that receives the events.
        headers: headers of each request.
    """

    url: str
    headers: Members[str] | None = None


class RoomSettings(Model):
    """Common settings of create and update.

    Attributes:
        name: letters, digits, spaces and `@.:_-`. Without a name, 100ms generates one.
        description: description of the room.
        recording_info: recording settings of the room.
        size: expected number of peers, up to 2,500, or up to 20,000 with `large_room`.
        large_room: whether more than 2,500 peers are expected.
        max_duration_seconds: maximum duration of a session, 120 to 43,200 seconds.
        polls: ids of polls that are linked to the room.
        webhook: webhook of the room.
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
    """A new room, or the new configuration of the room that has this name.

    Attributes:
        template_id: id of the room's template. Without it, 100ms uses the default template of the workspace.
        region: region that hosts the room. `auto` uses the region of the template.
    """

    template_id: str | None = None
    region: Literal["eu", "in", "us", "auto"] | None = None

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        if (self.size or 0) > MAX_SIZE and not self.large_room:
            raise rule_error("size", f"must be at most {MAX_SIZE} unless large_room is true")
        return self

    @model_validator(mode="before")
    @classmethod
    def _check_template(cls, value: Any) -> Any:
        if isinstance(value, dict) and "template" in value:
            raise rule_error("template", "is not allowed, use template_id")
        return value


class RoomUpdate(RoomSettings):
    """Changes to a room. If `large_room` is missing, `size` can be up to 20,000, because the room may be large already.

    https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/update-a-room

    Attributes:
        enabled: whether peers can join.
        region: region that hosts the room. It can be empty, as in 100ms's response for a disabled room.
    """

    enabled: bool | None = None
    region: Literal["eu", "in", "us", "auto", ""] | None = None

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        if (self.size or 0) > MAX_SIZE and self.large_room is False:
            raise rule_error("size", f"must be at most {MAX_SIZE} unless large_room is true")
        return self


class RoomListQuery(PageQuery):
    """Filters for rooms: https://www.100ms.live/docs/server-side/v2/api-reference/Rooms/list-rooms

    Attributes:
        enabled: whether to list only enabled or only disabled rooms.
        name: name of the room.
        template_id: id of the rooms' template.
        after: earliest creation time of the rooms.
        before: latest creation time of the rooms.
    """

    enabled: Flag | None = None
    name: str | None = None
    template_id: str | None = None
    after: Instant | None = None
    before: Instant | None = None
