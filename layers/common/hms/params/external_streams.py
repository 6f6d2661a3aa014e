"""The members of the bodies under /external-streams as keyword arguments, for type checkers only."""

from typing import TypedDict


class StreamResolutionParams(TypedDict, total=False):
    """Members of a `StreamResolution`."""

    width: int
    height: int


class ExternalStreamStartParams(TypedDict, total=False):
    """Members of a `ExternalStreamStart`."""

    meeting_url: str | None
    destination: str | None
    rtmp_urls: list[str]
    recording: bool | None
    resolution: StreamResolutionParams | None
