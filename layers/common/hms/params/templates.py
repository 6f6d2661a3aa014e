"""Keyword arguments for the bodies under /templates. Only type checkers load this module."""

from typing import Any, Literal, TypedDict


class ThumbnailsParams(TypedDict, total=False):
    """Members of `Thumbnails`."""

    enabled: bool | None
    width: int | None
    height: int | None
    offsets: list[int] | None
    fps: int | None


class BrowserRecordingDestinationParams(TypedDict, total=False):
    """Members of `BrowserRecordingDestination`."""

    name: str
    role: str
    width: int | None
    height: int | None
    maxDuration: int | None
    thumbnails: ThumbnailsParams | None
    presignDuration: int | None
    autoStart: bool | None
    autoStopTimeout: int | None


class RtmpDestinationParams(TypedDict, total=False):
    """Members of `RtmpDestination`."""

    name: str
    width: int | None
    height: int | None
    maxDuration: int | None
    rtmpUrls: list[str] | None
    recordingEnabled: bool | None
    autoStopTimeout: int | None


class HlsLayerParams(TypedDict, total=False):
    """Members of `HlsLayer`."""

    width: int | None
    height: int | None
    videoBitrate: int | None
    audioBitrate: int | None


class HlsRecordingParams(TypedDict, total=False):
    """Members of `HlsRecording`."""

    hlsVod: bool | None
    singleFilePerLayer: bool | None
    enableZipUpload: bool | None
    layers: list[HlsLayerParams] | None
    thumbnails: ThumbnailsParams | None
    presignDuration: int | None


class HlsDestinationParams(TypedDict, total=False):
    """Members of `HlsDestination`."""

    name: str | None
    role: str | None
    maxDuration: int | None
    layers: list[HlsLayerParams] | None
    playlistType: Literal["event", "live"] | None
    numPlaylistSegments: int | None
    videoFrameRate: int | None
    enableMetadataInsertion: bool | None
    enableStaticUrl: bool | None
    recording: HlsRecordingParams | None
    autoStopTimeout: int | None


class SummarySectionParams(TypedDict, total=False):
    """Members of `SummarySection`."""

    title: str
    format: Literal["bullets", "paragraph"]


class SummaryParams(TypedDict, total=False):
    """Members of `Summary`."""

    enabled: bool | None
    context: str | None
    temperature: float | None
    sections: list[SummarySectionParams] | None


class TranslationParams(TypedDict, total=False):
    """Members of `Translation`."""

    enabled: bool | None
    roleLanguages: dict[str, str] | None


class TranscriptionDestinationParams(TypedDict, total=False):
    """Members of `TranscriptionDestination`."""

    name: str
    role: str
    modes: list[Literal["recorded", "live", "caption"]] | None
    outputModes: list[Literal["txt", "srt", "json"]] | None
    customVocabulary: list[str] | None
    summary: SummaryParams | None
    translation: TranslationParams | None


class DestinationsParams(TypedDict, total=False):
    """Members of `Destinations`."""

    browserRecordings: dict[str, BrowserRecordingDestinationParams] | None
    rtmpDestinations: dict[str, RtmpDestinationParams] | None
    hlsDestinations: dict[str, HlsDestinationParams] | None
    transcriptions: dict[str, TranscriptionDestinationParams] | None


class WhiteboardPermissionsParams(TypedDict, total=False):
    """Members of `WhiteboardPermissions`."""

    admin: list[str] | None
    writer: list[str] | None
    reader: list[str] | None


class WhiteboardParams(TypedDict, total=False):
    """Members of `Whiteboard`."""

    permissions: WhiteboardPermissionsParams | None


class CaptionPermissionsParams(TypedDict, total=False):
    """Members of `CaptionPermissions`."""

    admin: list[str] | None


class CaptionsParams(TypedDict, total=False):
    """Members of `Captions`."""

    permissions: CaptionPermissionsParams | None
    mode: Literal["caption"] | None
    translation: TranslationParams | None


class NoiseCancellationParams(TypedDict, total=False):
    """Members of `NoiseCancellation`."""

    enabled: bool | None


class PluginsParams(TypedDict, total=False):
    """Members of `Plugins`."""

    whiteboard: WhiteboardParams | None
    transcriptions: CaptionsParams | list[CaptionsParams] | None
    noiseCancellation: NoiseCancellationParams | None


class AudioParamsParams(TypedDict, total=False):
    """Members of `AudioParams`."""

    bitRate: int | None
    codec: Literal["opus"] | None


class VideoParamsParams(TypedDict, total=False):
    """Members of `VideoParams`."""

    bitRate: int | None
    codec: Literal["vp8"] | None
    frameRate: int | None
    width: int | None
    height: int | None


class ScreenParamsParams(TypedDict, total=False):
    """Members of `ScreenParams`."""

    bitRate: int | None
    codec: Literal["vp8"] | None
    frameRate: int | None
    width: int | None
    height: int | None


class SimulcastLayerParams(TypedDict, total=False):
    """Members of `SimulcastLayer`."""

    rid: Literal["f", "h", "q"]
    scaleResolutionDownBy: float
    maxBitrate: int | None
    maxFramerate: int


class SimulcastLayersParams(TypedDict, total=False):
    """Members of `SimulcastLayers`."""

    layers: list[SimulcastLayerParams] | None


class SimulcastParams(TypedDict, total=False):
    """Members of `Simulcast`."""

    video: SimulcastLayersParams | None
    screen: SimulcastLayersParams | None


class PublishParamsParams(TypedDict, total=False):
    """Members of `PublishParams`."""

    allowed: list[Literal["audio", "video", "screen", "simulcast"]] | None
    audio: AudioParamsParams | None
    video: VideoParamsParams | None
    screen: ScreenParamsParams | None
    simulcast: SimulcastParams | None


class SubscribeDegradationParams(TypedDict, total=False):
    """Members of `SubscribeDegradation`."""

    packetLossThreshold: int | None
    degradeGracePeriodSeconds: int | None
    recoverGracePeriodSeconds: int | None


class SubscribeParamsParams(TypedDict, total=False):
    """Members of `SubscribeParams`."""

    subscribeToRoles: list[str] | None
    maxSubsBitRate: int | None
    subscribeDegradation: SubscribeDegradationParams | None


class PermissionsParams(TypedDict, total=False):
    """Members of `Permissions`."""

    endRoom: bool | None
    removeOthers: bool | None
    mute: bool | None
    unmute: bool | None
    changeRole: bool | None
    sendRoomState: bool | None
    pollRead: bool | None
    pollWrite: bool | None
    browserRecording: bool | None
    rtmpStreaming: bool | None
    hlsStreaming: bool | None


class RoleParams(TypedDict, total=False):
    """Members of `Role`."""

    name: str | None
    publishParams: PublishParamsParams | None
    subscribeParams: SubscribeParamsParams | None
    permissions: PermissionsParams | None
    priority: int | None
    maxPeerCount: int | None


class UploadOptionsParams(TypedDict, total=False):
    """Members of `UploadOptions`."""

    region: str | None
    account_id: str | None


class UploadCredentialsParams(TypedDict, total=False):
    """Members of `UploadCredentials`."""

    key: str
    secretKey: str | None
    secret: str | None


class UploadParams(TypedDict, total=False):
    """Members of `Upload`."""

    type: Literal["s3", "gs", "oss", "azure", "r2"]
    location: str
    prefix: str | None
    options: UploadOptionsParams | None
    credentials: UploadCredentialsParams | None


class RecordingSettingsParams(TypedDict, total=False):
    """Members of `RecordingSettings`."""

    enabled: bool | None
    upload: UploadParams | None


class RoomStateParams(TypedDict, total=False):
    """Members of `RoomState`."""

    messageInterval: int | None
    sendPeerList: bool | None
    stopRoomStateOnJoin: bool | None
    enabled: bool | None


class TemplateSettingsParams(TypedDict, total=False):
    """Members of `TemplateSettings`."""

    region: Literal["eu", "in", "us", "auto"] | None
    recording: RecordingSettingsParams | None
    roomState: RoomStateParams | None
    retry: dict[str, Any] | None


class TemplateCreateParams(TypedDict, total=False):
    """Members of `TemplateCreate`."""

    name: str | None
    destinations: DestinationsParams | None
    plugins: PluginsParams | None
    roles: dict[str, RoleParams] | None
    settings: TemplateSettingsParams | None


class TemplateUpdateParams(TypedDict, total=False):
    """Members of `TemplateUpdate`."""

    name: str | None
    destinations: DestinationsParams | None
    plugins: PluginsParams | None
    roles: dict[str, RoleParams] | None
    settings: TemplateSettingsParams | None
