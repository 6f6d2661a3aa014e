"""Keyword arguments for the bodies under /auth. Only type checkers load this module."""

from typing import TypedDict


class CodeExchangeParams(TypedDict, total=False):
    """Members of `CodeExchange`."""

    code: str
    user_id: str | None
