"""Keyword arguments for the bodies under /external-streams. Only type checkers load this module."""

from typing import TypedDict


class StreamResolutionParams(TypedDict, total=False):
    """Members of `StreamResolution`."""

    width: int
    height: int


class ExternalStreamStartParams(TypedDict, total=False):
    """Members of `ExternalStreamStart`."""

    meeting_url: str | None
    destination: str | None
    rtmp_urls: list[str]
    recording: bool | None
    resolution: StreamResolutionParams | None
