"""Keyword arguments for the bodies under /sip. Only type checkers load this module."""

from typing import TypedDict

SipTrunkParams = TypedDict(
    "SipTrunkParams",
    {
        "username": str | None,
        "password": str | None,
        "address": str | None,
        "from": str | None,
    },
    total=False,
)
"""Members of `SipTrunk`."""


class SipCallParams(TypedDict, total=False):
    """Members of `SipCall`."""

    to: str
    name: str | None
    user_id: str | None
    room_code: str
    trunk_id: str
    video: bool | None
    headers: dict[str, str] | None


class SipDtmfParams(TypedDict, total=False):
    """Members of `SipDtmf`."""

    digits: list[str]
