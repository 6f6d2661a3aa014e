"""Templates: https://www.100ms.live/docs/server-side/v2/api-reference/policy/template-object"""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, RootModel, ValidatorFunctionWrapHandler, WrapValidator

from hms.models.base import Items, Members, Model
from hms.models.query import PageQuery
from hms.models.template_destinations import Destinations, Thumbnails, Translation
from hms.models.template_roles import Role
from hms.models.template_settings import TemplateSettings

__all__ = [
    "Destinations",
    "RecordingConfigs",
    "Role",
    "TemplateCreate",
    "TemplateListQuery",
    "TemplateSettings",
    "TemplateUpdate",
]


class WhiteboardPermissions(Model):
    """Roles by what they may do with the whiteboard.

    Attributes:
        admin: open, close and see it.
        writer: draw on it and see it.
        reader: see it.
    """

    admin: Items[str] | None = None
    writer: Items[str] | None = None
    reader: Items[str] | None = None


class Whiteboard(Model):
    """The whiteboard.

    Attributes:
        permissions: who may do what.
    """

    permissions: WhiteboardPermissions | None = None


class CaptionPermissions(Model):
    """Roles by what they may do with captions.

    Attributes:
        admin: switch them on and off.
    """

    admin: Items[str] | None = None


class Captions(Model):
    """Captions in the room.

    Attributes:
        permissions: who may do what.
        mode: kind of transcription.
        translation: translation of captions.
    """

    permissions: CaptionPermissions | None = None
    mode: Literal["caption"] | None = None
    translation: Translation | None = None


class NoiseCancellation(Model):
    """Noise cancellation in the room.

    Attributes:
        enabled: whether peers can switch it on.
    """

    enabled: bool | None = None


def _one_or_each(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    return [check(item, index) for index, item in enumerate(value)] if isinstance(value, list) else check(value)


class Plugins(Model):
    """Plugins of the rooms.

    Attributes:
        whiteboard: the whiteboard.
        transcriptions: captions in the room, as an object or a list of objects.
        noiseCancellation: noise cancellation in the room.
    """

    whiteboard: Whiteboard | None = None
    transcriptions: (
        Annotated[Captions, WrapValidator(_one_or_each, json_schema_input_type=Captions | Items[Captions])] | None
    ) = None
    noiseCancellation: NoiseCancellation | None = None


class TemplateMembers(Model):
    """What create and update share.

    Attributes:
        name: letters, digits, spaces and `-._:`; 100ms makes one up, or keeps the template's, when there is none.
        roles: roles by name; 100ms fills in what a role leaves out.
        settings: settings of the rooms.
        destinations: where rooms are recorded and streamed to.
        plugins: plugins of the rooms.
    """

    response_fields = frozenset({"id", "_id", "customerId", "customer", "createdAt", "updatedAt"})

    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9 .:_-]+$")] | None = None
    roles: Members[Role] | None = None
    settings: TemplateSettings | None = None
    destinations: Destinations | None = None
    plugins: Plugins | None = None


class TemplateCreate(TemplateMembers):
    """A new template, or the new configuration of the template that has this name already.

    https://www.100ms.live/docs/server-side/v2/api-reference/policy/create-template-via-api
    """


class TemplateUpdate(TemplateMembers):
    """A template, or a part of it.

    100ms documents that an update has roles and settings, and replaces the template.

    https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-a-template
    """


class BrowserComposite(Model):
    """Recording of the room as a browser shows it.

    Attributes:
        enabled: whether there is one; 100ms shows it in answers.
        autoStart: whether it starts with the first peer; 100ms's default is false.
        autoStopTimeout: seconds from the last peer's leaving to its end.
        width: pixels.
        height: pixels.
    """

    enabled: bool | None = None
    autoStart: bool | None = None
    autoStopTimeout: int | None = None
    width: int | None = None
    height: int | None = None


class CustomComposite(Model):
    """Recording of the room as an app of one's own shows it.

    Attributes:
        enabled: whether there is one; 100ms's default is false.
    """

    enabled: bool | None = None


class CompositeRecording(Model):
    """Recording of all peers together.

    Attributes:
        browserComposite: as a browser shows the room.
        customComposite: as an app of one's own shows it.
    """

    browserComposite: BrowserComposite | None = None
    customComposite: CustomComposite | None = None


class TrackRecording(Model):
    """Recording of each track.

    Attributes:
        enabled: whether there is one; 100ms's default is false.
    """

    enabled: bool | None = None


class StreamRecording(Model):
    """Recording of each peer.

    Attributes:
        enabled: whether there is one; 100ms's default is false.
        width: pixels.
        height: pixels.
    """

    enabled: bool | None = None
    width: int | None = None
    height: int | None = None


class RecordingConfig(Model):
    """How the template's rooms are recorded.

    Attributes:
        name: its name.
        role: role that the recorder joins in.
        maxDuration: seconds.
        presignDuration: seconds for which URLs of recordings are valid.
        thumbnails: pictures taken from recordings.
        compositeRecording: recording of all peers together.
        trackRecording: recording of each track.
        streamRecording: recording of each peer.
    """

    name: str
    role: str
    maxDuration: int | None = None
    presignDuration: int | None = None
    thumbnails: Thumbnails | None = None
    compositeRecording: CompositeRecording | None = None
    trackRecording: TrackRecording | None = None
    streamRecording: StreamRecording | None = None


class RecordingConfigs(RootModel[Annotated[Items[RecordingConfig], Field(max_length=1)]]):
    """How the template's rooms are recorded, one way at most.

    https://www.100ms.live/docs/server-side/v2/api-reference/policy/configure-recordings
    """

    model_config = ConfigDict(strict=True, hide_input_in_errors=True)


class TemplateListQuery(PageQuery):
    """Which page of the templates: https://www.100ms.live/docs/server-side/v2/api-reference/policy/list-templates"""
