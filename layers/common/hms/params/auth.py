"""The members of the bodies under /auth as keyword arguments, for type checkers only."""

from typing import TypedDict


class CodeExchangeParams(TypedDict, total=False):
    """Members of a `CodeExchange`."""

    code: str
    user_id: str | None
