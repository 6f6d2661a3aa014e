"""Roles of a template: https://www.100ms.live/docs/server-side/v2/api-reference/policy/create-update-role"""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hms.models.base import Items, Model, rule_error

RIDS = "fhq"

FrameRate = Annotated[int, Field(ge=1, le=30)]


class AudioParams(Model):
    """Sound of a microphone.

    Attributes:
        bitRate: kbps, 16 to 128; 100ms's default is 32.
        codec: how it is encoded.
    """

    bitRate: Annotated[int, Field(ge=16, le=128)] | None = None
    codec: Literal["opus"] | None = None


class VideoParams(Model):
    """Picture of a camera.

    Attributes:
        bitRate: kbps, 30 to 2000; 100ms's default is 256.
        codec: how it is encoded.
        frameRate: frames a second, 1 to 30; 100ms's default is 25.
        width: pixels, 50 to 1920; 100ms's default is 320.
        height: pixels, 50 to 1080; 100ms's default is 180.
    """

    bitRate: Annotated[int, Field(ge=30, le=2000)] | None = None
    codec: Literal["vp8"] | None = None
    frameRate: FrameRate | None = None
    width: Annotated[int, Field(ge=50, le=1920)] | None = None
    height: Annotated[int, Field(ge=50, le=1080)] | None = None


class ScreenParams(Model):
    """Picture of a shared screen.

    Attributes:
        bitRate: kbps, at least 500; 100ms's default is 1024.
        codec: how it is encoded.
        frameRate: frames a second, 1 to 30; 100ms's default is 10.
        width: pixels, 480 to 1920; 100ms's default is 1280.
        height: pixels, 270 to 1080; 100ms's default is 720.
    """

    bitRate: Annotated[int, Field(ge=500)] | None = None
    codec: Literal["vp8"] | None = None
    frameRate: FrameRate | None = None
    width: Annotated[int, Field(ge=480, le=1920)] | None = None
    height: Annotated[int, Field(ge=270, le=1080)] | None = None


class SimulcastLayer(Model):
    """One of the qualities that a picture is sent in.

    Attributes:
        rid: `f` full, `h` half, `q` quarter.
        scaleResolutionDownBy: factor by which the picture is smaller, 1.0 to 12.0.
        maxBitrate: kbps, up to 2000; 100ms's default is 0.
        maxFramerate: frames a second, 1 to 30.
    """

    rid: Literal["f", "h", "q"]
    scaleResolutionDownBy: Annotated[float, Field(ge=1.0, le=12.0)]
    maxBitrate: Annotated[int, Field(ge=0, le=2000)] | None = None
    maxFramerate: FrameRate


class SimulcastLayers(Model):
    """The qualities that a picture is sent in; there may be none, as the samples have it for screens.

    Attributes:
        layers: up to 3, the full one first, then ever smaller ones.
    """

    layers: Annotated[Items[SimulcastLayer], Field(max_length=3)] | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        layers = self.layers or []
        if layers and (layers[0].rid, layers[0].scaleResolutionDownBy) != ("f", 1.0):
            raise rule_error("layers", "the first must have rid f and scaleResolutionDownBy 1.0")
        for larger, smaller in pairwise(layers):
            if RIDS.index(smaller.rid) <= RIDS.index(larger.rid):
                raise rule_error("layers", "rid must go f, h, q, each once")
            if smaller.scaleResolutionDownBy <= larger.scaleResolutionDownBy:
                raise rule_error("layers", "scaleResolutionDownBy must grow from layer to layer")
        return self


class Simulcast(Model):
    """Pictures sent in several qualities.

    Attributes:
        video: of the camera.
        screen: of the shared screen.
    """

    video: SimulcastLayers | None = None
    screen: SimulcastLayers | None = None


class PublishParams(Model):
    """What the role may send.

    Attributes:
        allowed: kinds of tracks; none where it is left out.
        audio: sound of the microphone.
        video: picture of the camera.
        screen: picture of the shared screen.
        simulcast: pictures sent in several qualities.
    """

    allowed: Items[Literal["audio", "video", "screen", "simulcast"]] | None = None
    audio: AudioParams | None = None
    video: VideoParams | None = None
    screen: ScreenParams | None = None
    simulcast: Simulcast | None = None


class SubscribeDegradation(Model):
    """When a bad connection gets a worse picture; its presence turns on simulcast of screens.

    Attributes:
        packetLossThreshold: percentage of packets lost, 1 to 100; 100ms's default is 50.
        degradeGracePeriodSeconds: seconds before it gets worse, 1 to 10; 100ms's default is 1.
        recoverGracePeriodSeconds: seconds before it gets better, 1 to 10; 100ms's default is 4.
    """

    packetLossThreshold: Annotated[int, Field(ge=1, le=100)] | None = None
    degradeGracePeriodSeconds: Annotated[int, Field(ge=1, le=10)] | None = None
    recoverGracePeriodSeconds: Annotated[int, Field(ge=1, le=10)] | None = None


class SubscribeParams(Model):
    """What the role receives.

    Attributes:
        subscribeToRoles: names of the roles that it sees and hears.
        maxSubsBitRate: kbps.
        subscribeDegradation: when a bad connection gets a worse picture.
    """

    subscribeToRoles: Items[str] | None = None
    maxSubsBitRate: int | None = None
    subscribeDegradation: SubscribeDegradation | None = None


class Permissions(Model):
    """What the role may do.

    Attributes:
        endRoom: end the session; 100ms's default is false, as for all but the last three.
        removeOthers: remove peers.
        mute: mute peers.
        unmute: ask peers to unmute.
        changeRole: change roles of peers.
        sendRoomState: send the room's state.
        pollRead: see polls.
        pollWrite: start polls, and see them.
        browserRecording: start recordings, and RTMP streams with one; 100ms's default is true.
        rtmpStreaming: start RTMP streams; 100ms's default is true.
        hlsStreaming: start live streams, pause their recording, send metadata; 100ms's default is true.
    """

    endRoom: bool | None = None
    removeOthers: bool | None = None
    mute: bool | None = None
    unmute: bool | None = None
    changeRole: bool | None = None
    sendRoomState: bool | None = None
    pollRead: bool | None = None
    pollWrite: bool | None = None
    browserRecording: bool | None = None
    rtmpStreaming: bool | None = None
    hlsStreaming: bool | None = None


class Role(Model):
    """A role; 100ms fills in what is left out.

    Attributes:
        name: unique in the template; another one than the path's renames the role.
        publishParams: what it may send.
        subscribeParams: what it receives.
        permissions: what it may do.
        priority: 1 (highest) to 5 (lowest); a bad connection loses the lowest first.
        maxPeerCount: peers at most; 0: any number, which is 100ms's default, -1: none.
    """

    name: str | None = None
    publishParams: PublishParams | None = None
    subscribeParams: SubscribeParams | None = None
    permissions: Permissions | None = None
    priority: Annotated[int, Field(ge=1, le=5)] | None = None
    maxPeerCount: Annotated[int, Field(ge=-1)] | None = None
