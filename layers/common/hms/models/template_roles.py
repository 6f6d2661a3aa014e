"""Roles of a template: https://www.100ms.live/docs/server-side/v2/api-reference/policy/create-update-role"""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hms.models.base import Items, Model, rule_error

RIDS = "fhq"

FrameRate = Annotated[int, Field(ge=1, le=30)]


class AudioParams(Model):
    """Audio of the microphone.

    Attributes:
        bitRate: bitrate in kbps, 16 to 128; 100ms's default is 32.
        codec: audio codec.
    """

    bitRate: Annotated[int, Field(ge=16, le=128)] | None = None
    codec: Literal["opus"] | None = None


class VideoParams(Model):
    """Video of the camera.

    Attributes:
        bitRate: bitrate in kbps, 30 to 2000; 100ms's default is 256.
        codec: video codec.
        frameRate: frames per second, 1 to 30; 100ms's default is 25.
        width: width in pixels, 50 to 1920; 100ms's default is 320.
        height: height in pixels, 50 to 1080; 100ms's default is 180.
    """

    bitRate: Annotated[int, Field(ge=30, le=2000)] | None = None
    codec: Literal["vp8"] | None = None
    frameRate: FrameRate | None = None
    width: Annotated[int, Field(ge=50, le=1920)] | None = None
    height: Annotated[int, Field(ge=50, le=1080)] | None = None


class ScreenParams(Model):
    """Video of the shared screen.

    Attributes:
        bitRate: bitrate in kbps, at least 500; 100ms's default is 1024.
        codec: video codec.
        frameRate: frames per second, 1 to 30; 100ms's default is 10.
        width: width in pixels, 480 to 1920; 100ms's default is 1280.
        height: height in pixels, 270 to 1080; 100ms's default is 720.
    """

    bitRate: Annotated[int, Field(ge=500)] | None = None
    codec: Literal["vp8"] | None = None
    frameRate: FrameRate | None = None
    width: Annotated[int, Field(ge=480, le=1920)] | None = None
    height: Annotated[int, Field(ge=270, le=1080)] | None = None


class SimulcastLayer(Model):
    """A simulcast layer: one of the qualities in which video is sent.

    Attributes:
        rid: id of the layer: `f` (full), `h` (half) or `q` (quarter).
        scaleResolutionDownBy: factor that divides width and height, 1.0 to 12.0.
        maxBitrate: maximum bitrate in kbps, up to 2000; 100ms's default is 0.
        maxFramerate: maximum frames per second, 1 to 30.
    """

    rid: Literal["f", "h", "q"]
    scaleResolutionDownBy: Annotated[float, Field(ge=1.0, le=12.0)]
    maxBitrate: Annotated[int, Field(ge=0, le=2000)] | None = None
    maxFramerate: FrameRate


class SimulcastLayers(Model):
    """Simulcast layers of a video. The list may be empty, as in 100ms's samples for screens.

    Attributes:
        layers: up to 3 layers, from the full resolution to the smallest.
    """

    layers: Annotated[Items[SimulcastLayer], Field(max_length=3)] | None = None

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        layers = self.layers or []
        if layers and (layers[0].rid, layers[0].scaleResolutionDownBy) != ("f", 1.0):
            raise rule_error("layers", "the first layer must have rid f and scaleResolutionDownBy 1.0")
        for larger, smaller in pairwise(layers):
            if RIDS.index(smaller.rid) <= RIDS.index(larger.rid):
                raise rule_error("layers", "rid must be in the order f, h, q, without repeats")
            if smaller.scaleResolutionDownBy <= larger.scaleResolutionDownBy:
                raise rule_error("layers", "scaleResolutionDownBy must increase from layer to layer")
        return self


class Simulcast(Model):
    """Simulcast: sending video in several qualities.

    Attributes:
        video: simulcast of the camera.
        screen: simulcast of the shared screen.
    """

    video: SimulcastLayers | None = None
    screen: SimulcastLayers | None = None


class PublishParams(Model):
    """Tracks that the role can publish.

    Attributes:
        allowed: kinds of tracks; default: none.
        audio: audio of the microphone.
        video: video of the camera.
        screen: video of the shared screen.
        simulcast: simulcast of camera and screen.
    """

    allowed: Items[Literal["audio", "video", "screen", "simulcast"]] | None = None
    audio: AudioParams | None = None
    video: VideoParams | None = None
    screen: ScreenParams | None = None
    simulcast: Simulcast | None = None


class SubscribeDegradation(Model):
    """Reduction of video quality on bad connections. If it is set, 100ms turns on simulcast of screens.

    Attributes:
        packetLossThreshold: packet loss that reduces the quality, in percent, 1 to 100; 100ms's default is 50.
        degradeGracePeriodSeconds: seconds before the quality is reduced, 1 to 10; 100ms's default is 1.
        recoverGracePeriodSeconds: seconds before the quality is restored, 1 to 10; 100ms's default is 4.
    """

    packetLossThreshold: Annotated[int, Field(ge=1, le=100)] | None = None
    degradeGracePeriodSeconds: Annotated[int, Field(ge=1, le=10)] | None = None
    recoverGracePeriodSeconds: Annotated[int, Field(ge=1, le=10)] | None = None


class SubscribeParams(Model):
    """Tracks that the role receives.

    Attributes:
        subscribeToRoles: names of the roles whose tracks it receives.
        maxSubsBitRate: maximum bitrate in kbps.
        subscribeDegradation: reduction of video quality on bad connections.
    """

    subscribeToRoles: Items[str] | None = None
    maxSubsBitRate: int | None = None
    subscribeDegradation: SubscribeDegradation | None = None


class Permissions(Model):
    """Permissions of the role. 100ms's default is true for the last three and false for the others.

    Attributes:
        endRoom: end the session.
        removeOthers: remove peers.
        mute: mute peers.
        unmute: ask peers to unmute.
        changeRole: change the roles of peers.
        sendRoomState: send the state of the room.
        pollRead: see polls.
        pollWrite: start and see polls.
        browserRecording: start recordings, also of RTMP streams; 100ms's default is true.
        rtmpStreaming: start RTMP streams; 100ms's default is true.
        hlsStreaming: start live streams, pause their recording, and send timed metadata; 100ms's default is true.
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
    """A role of a template. 100ms sets missing members to their defaults.

    Attributes:
        name: name, unique in the template. A name that differs from the path renames the role.
        publishParams: tracks that the role can publish.
        subscribeParams: tracks that the role receives.
        permissions: permissions of the role.
        priority: 1 (highest) to 5 (lowest). On a bad connection, tracks with low priority are dropped first.
        maxPeerCount: maximum number of peers; 0: unlimited; -1: none. 100ms's default is 0.
    """

    name: str | None = None
    publishParams: PublishParams | None = None
    subscribeParams: SubscribeParams | None = None
    permissions: Permissions | None = None
    priority: Annotated[int, Field(ge=1, le=5)] | None = None
    maxPeerCount: Annotated[int, Field(ge=-1)] | None = None
