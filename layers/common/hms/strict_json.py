"""Reads and writes the JSON that every JSON parser reads alike, and refuses the rest in one place.

HTTP bodies, queue messages, direct commands and the SDK's Python bodies all pass through here.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from hms.errors import BadRequestError, PayloadTooLargeError

JSON_TYPES: dict[type, str] = {dict: "object", list: "array"}
MAX_BYTES = 1024 * 1024
MAX_DEPTH = 100
MAX_CONTAINERS = 10_000
"""Objects and lists in one value. The largest documented request needs some hundred."""

SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


class _InvalidJsonError(ValueError):
    """Carries the sentence for the caller out of json's hooks."""


def parse_input(text: bytes, source: str = "body", *, allow_equal_duplicates: bool = False) -> Any:
    """Return the value of a JSON text that a caller sent: as `parse`, with bounds on what is made of it.

    Raises:
        PayloadTooLargeError: the text is over 1 MiB.
        BadRequestError: also if the value holds over 10,000 objects and lists.
    """
    check_size(text, source)
    value = parse(text, source, allow_equal_duplicates=allow_equal_duplicates)
    if text.count(b"{") + text.count(b"[") > MAX_CONTAINERS and sum(map(len, _iterate_levels(value))) > MAX_CONTAINERS:
        raise BadRequestError(f"Invalid {source}", details=[f"{source}: over {MAX_CONTAINERS} objects and lists"])
    return value


def parse(text: bytes, source: str = "body", *, allow_equal_duplicates: bool = False) -> Any:
    """Return the value of a JSON text.

    Args:
        text: JSON in UTF-8.
        source: what the text is, for the error's details.
        allow_equal_duplicates: whether an object may name a member twice if its values are equal.

    Raises:
        BadRequestError: the text is not JSON in UTF-8, names a member twice, holds NaN, an infinity or a lone
            surrogate, or
            nests over 100 levels.
    """
    to_object = _refuse_different_duplicates if allow_equal_duplicates else _refuse_duplicates
    try:
        value = json.loads(
            text.decode(), parse_constant=_refuse_constant, parse_float=_parse_float, object_pairs_hook=to_object
        )
        if SURROGATE_ESCAPE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise _to_bad_request(error, source) from None
    if sum(1 for _ in _iterate_levels(value)) > MAX_DEPTH:
        raise BadRequestError(f"Invalid {source}", details=[f"{source}: nested too deeply"])
    return value


def encode(value: Any, source: str = "body") -> bytes:
    """Return a Python value as JSON in UTF-8.

    Raises:
        BadRequestError: the value has no such JSON: NaN, an infinity, a lone surrogate, a number of over 4,300 digits,
            endless nesting.
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise _to_bad_request(error, source) from None


def check_size(text: bytes, source: str = "body", limit: int = MAX_BYTES) -> None:
    """Raise PayloadTooLargeError if the text is longer than the limit, in bytes."""
    if len(text) > limit:
        raise PayloadTooLargeError(details=[f"{source}: over {limit} bytes"])


def _iterate_levels(value: Any) -> Iterator[list[dict[str, Any] | list[Any]]]:
    """The objects and lists of a value, level by level, so that no version of Python runs out of stack."""
    level = [value]
    while containers := [item for item in level if isinstance(item, dict | list)]:
        yield containers
        level = [child for item in containers for child in (item.values() if isinstance(item, dict) else item)]


def _to_bad_request(error: ValueError | RecursionError, source: str) -> BadRequestError:
    detail = "nested too deeply" if isinstance(error, RecursionError) else f"not JSON: {_describe(error)}"
    return BadRequestError(f"Invalid {source}", details=[f"{source}: {detail}"])


def _describe(error: ValueError) -> str:
    """Say what is wrong in words of JSON; json's own messages name functions and limits of Python."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno} column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(error, UnicodeEncodeError):
        return "a string holds a lone surrogate"
    if isinstance(error, _InvalidJsonError):
        return str(error)
    return "a number is too large, or no JSON number"


def _refuse_constant(name: str) -> None:
    raise _InvalidJsonError(f"{name} is not a JSON number")


def _parse_float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _InvalidJsonError("a number is too large")
    return number


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _InvalidJsonError("a name stands twice in one object")
    return value


def _refuse_different_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    repeated = ((member, value[name]) for name, member in pairs if member is not value[name])
    if len(value) < len(pairs) and any(json.dumps(first) != json.dumps(last) for first, last in repeated):
        raise _InvalidJsonError("a name stands twice in one object with different values")
    return value
