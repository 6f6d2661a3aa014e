"""The members of the bodies under /room-codes as keyword arguments, for type checkers only."""

from typing import TypedDict


class RoomCodeUpdateParams(TypedDict, total=False):
    """Members of a `RoomCodeUpdate`."""

    code: str
    enabled: bool
