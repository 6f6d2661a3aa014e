"""The members of the bodies under /sip as keyword arguments, for type checkers only."""

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
"""Members of a `SipTrunk`."""


class SipCallParams(TypedDict, total=False):
    """Members of a `SipCall`."""

    to: str
    name: str | None
    user_id: str | None
    room_code: str
    trunk_id: str
    video: bool | None
    headers: dict[str, str] | None


class SipDtmfParams(TypedDict, total=False):
    """Members of a `SipDtmf`."""

    digits: list[str]
