"""Keyword arguments for the bodies under /room-codes. Only type checkers load this module."""

from typing import TypedDict


class RoomCodeUpdateParams(TypedDict, total=False):
    """Members of `RoomCodeUpdate`."""

    code: str
    enabled: bool
