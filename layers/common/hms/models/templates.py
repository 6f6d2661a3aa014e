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
    """Roles by their permission on the whiteboard.

    Attributes:
        admin: roles that can open, close and see the whiteboard.
        writer: roles that can draw on and see the whiteboard.
        reader: roles that can see the whiteboard.
    """

    admin: Items[str] | None = None
    writer: Items[str] | None = None
    reader: Items[str] | None = None


class Whiteboard(Model):
    """Whiteboard plugin.

    Attributes:
        permissions: roles by permission.
    """

    permissions: WhiteboardPermissions | None = None


class CaptionPermissions(Model):
    """Roles by their permission on captions.

    Attributes:
        admin: roles that can turn captions on and off.
    """

    admin: Items[str] | None = None


class Captions(Model):
    """Captions in the room.

    Attributes:
        permissions: roles by permission.
        mode: mode of the transcription.
        translation: translation of captions.
    """

    permissions: CaptionPermissions | None = None
    mode: Literal["caption"] | None = None
    translation: Translation | None = None


class NoiseCancellation(Model):
    """Noise cancellation in the room.

    Attributes:
        enabled: whether peers can turn on noise cancellation.
    """

    enabled: bool | None = None


def _one_or_each(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    return [check(item, index) for index, item in enumerate(value)] if isinstance(value, list) else check(value)


class Plugins(Model):
    """Plugins of the template's rooms.

    Attributes:
        whiteboard: whiteboard plugin.
        transcriptions: captions in the room, as an object or a list of objects.
        noiseCancellation: noise cancellation in the room.
    """

    whiteboard: Whiteboard | None = None
    transcriptions: (
        Annotated[Captions, WrapValidator(_one_or_each, json_schema_input_type=Captions | Items[Captions])] | None
    ) = None
    noiseCancellation: NoiseCancellation | None = None


class TemplateMembers(Model):
    """Common members of create and update.

    Attributes:
        name: letters, digits, spaces and `-._:`. Without a name, create generates one and update keeps it.
        roles: roles by name. 100ms sets missing members of a role to their defaults.
        settings: settings of the rooms.
        destinations: destinations of recordings, streams and transcriptions.
        plugins: plugins of the rooms.
    """

    response_fields = frozenset({"id", "_id", "customerId", "customer", "createdAt", "updatedAt"})

    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9 .:_-]+$")] | None = None
    roles: Members[Role] | None = None
    settings: TemplateSettings | None = None
    destinations: Destinations | None = None
    plugins: Plugins | None = None


class TemplateCreate(TemplateMembers):
    """A new template, or the new configuration of the template that has this name.

    https://www.100ms.live/docs/server-side/v2/api-reference/policy/create-template-via-api
    """


class TemplateUpdate(TemplateMembers):
    """A template, or a part of it.

    100ms documents that an update has roles and settings and replaces the template.

    https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-a-template
    """


class BrowserComposite(Model):
    """Recording of the room as a browser shows it.

    Attributes:
        enabled: whether the recording is enabled. It is part of 100ms's responses.
        autoStart: whether the recording starts when the first peer joins; 100ms's default is false.
        autoStopTimeout: seconds between the last peer leaving and the end of the recording.
        width: width in pixels.
        height: height in pixels.
    """

    enabled: bool | None = None
    autoStart: bool | None = None
    autoStopTimeout: int | None = None
    width: int | None = None
    height: int | None = None


class CustomComposite(Model):
    """Recording of the room as your own app shows it.

    Attributes:
        enabled: whether the recording is enabled; 100ms's default is false.
    """

    enabled: bool | None = None


class CompositeRecording(Model):
    """Recording of all peers in one file.

    Attributes:
        browserComposite: recording of the room as a browser shows it.
        customComposite: recording of the room as your own app shows it.
    """

    browserComposite: BrowserComposite | None = None
    customComposite: CustomComposite | None = None


class TrackRecording(Model):
    """Recording of each track in its own file.

    Attributes:
        enabled: whether the recording is enabled; 100ms's default is false.
    """

    enabled: bool | None = None


class StreamRecording(Model):
    """Recording of each peer in its own file.

    Attributes:
        enabled: whether the recording is enabled; 100ms's default is false.
        width: width in pixels.
        height: height in pixels.
    """

    enabled: bool | None = None
    width: int | None = None
    height: int | None = None


class RecordingConfig(Model):
    """Recording configuration of the template's rooms.

    Attributes:
        name: name of the configuration.
        role: role of the recorder, which joins the room as a peer.
        maxDuration: maximum duration in seconds.
        presignDuration: lifetime of the recordings' URLs, in seconds.
        thumbnails: thumbnails of the recordings.
        compositeRecording: recording of all peers in one file.
        trackRecording: recording of each track in its own file.
        streamRecording: recording of each peer in its own file.
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
    """Recording configurations of the template's rooms. The list has at most one item.

    https://www.100ms.live/docs/server-side/v2/api-reference/policy/configure-recordings
    """

    model_config = ConfigDict(strict=True, hide_input_in_errors=True)


class TemplateListQuery(PageQuery):
    """Page of the templates: https://www.100ms.live/docs/server-side/v2/api-reference/policy/list-templates"""
