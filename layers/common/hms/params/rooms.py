"""Keyword arguments for the bodies under /rooms. Only type checkers load this module."""

from typing import Literal, TypedDict


class UploadOptionsParams(TypedDict, total=False):
    """Members of `UploadOptions`."""

    region: str | None
    account_id: str | None


class RoomUploadCredentialsParams(TypedDict, total=False):
    """Members of `RoomUploadCredentials`."""

    key: str
    secret: str


class UploadInfoParams(TypedDict, total=False):
    """Members of `UploadInfo`."""

    type: Literal["s3", "gs", "oss", "azure", "r2"]
    location: str
    prefix: str | None
    options: UploadOptionsParams | None
    credentials: RoomUploadCredentialsParams | None


class RecordingInfoParams(TypedDict, total=False):
    """Members of `RecordingInfo`."""

    enabled: bool | None
    upload_info: UploadInfoParams | None


class RoomWebhookParams(TypedDict, total=False):
    """Members of `RoomWebhook`."""

    url: str
    headers: dict[str, str] | None


class RoomCreateParams(TypedDict, total=False):
    """Members of `RoomCreate`."""

    name: str | None
    description: str | None
    recording_info: RecordingInfoParams | None
    size: int | None
    large_room: bool | None
    max_duration_seconds: int | None
    polls: list[str] | None
    webhook: RoomWebhookParams | None
    template_id: str | None
    region: Literal["eu", "in", "us", "auto"] | None


class RoomUpdateParams(TypedDict, total=False):
    """Members of `RoomUpdate`."""

    name: str | None
    description: str | None
    recording_info: RecordingInfoParams | None
    size: int | None
    large_room: bool | None
    max_duration_seconds: int | None
    polls: list[str] | None
    webhook: RoomWebhookParams | None
    enabled: bool | None
    region: Literal["eu", "in", "us", "auto", ""] | None
