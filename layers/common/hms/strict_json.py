"""Read and write JSON that every parser interprets the same way. Reject all other input.

HTTP bodies, queue messages, direct commands and the Python bodies of the SDK use this module.
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
"""Maximum number of objects and arrays in one value. The largest documented request has a few hundred."""

TOO_DEEP = f"must nest at most {MAX_DEPTH} levels"

SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


class _InvalidJsonError(ValueError):
    """Raised in the hooks of `json`, with a message for the caller."""


def parse_input(text: bytes, source: str = "body", *, allow_equal_duplicates: bool = False) -> Any:
    """Return the value of a JSON text from a caller. Like `parse`, with limits on the size.

    Raises:
        PayloadTooLargeError: The text is longer than 1 MiB.
        BadRequestError: `parse` rejects the text, or the value has more than 10,000 objects and arrays.
    """
    check_size(text, source)
    value = parse(text, source, allow_equal_duplicates=allow_equal_duplicates)
    if text.count(b"{") + text.count(b"[") > MAX_CONTAINERS and sum(map(len, _iterate_levels(value))) > MAX_CONTAINERS:
        detail = f"{source}: must have at most {MAX_CONTAINERS} objects and arrays"
        raise BadRequestError(f"Invalid {source}", details=[detail])
    return value


def parse(text: bytes, source: str = "body", *, allow_equal_duplicates: bool = False) -> Any:
    """Return the value of a JSON text.

    Args:
        text: JSON in UTF-8.
        source: name of the input, such as `body`, for the error's details.
        allow_equal_duplicates: whether an object may repeat a name with equal values.

    Raises:
        BadRequestError: The text is not JSON in UTF-8, repeats a name in an object, nests deeper than 100 levels, or
            contains NaN, an infinity or a lone surrogate.
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
        raise BadRequestError(f"Invalid {source}", details=[f"{source}: {TOO_DEEP}"])
    return value


def encode(value: Any, source: str = "body") -> bytes:
    """Return a Python value as JSON in UTF-8.

    Raises:
        BadRequestError: The value contains NaN, an infinity, a lone surrogate, a number of more than 4,300 digits or a
            reference to itself.
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise _to_bad_request(error, source) from None


def check_size(text: bytes, source: str = "body", limit: int = MAX_BYTES) -> None:
    """Check the length of a text.

    Args:
        text: the text.
        source: name of the input, such as `body`, for the error's details.
        limit: maximum length, in bytes.

    Raises:
        PayloadTooLargeError: The text is longer than the limit.
    """
    if len(text) > limit:
        raise PayloadTooLargeError(details=[f"{source}: must have at most {limit} bytes"])


def _iterate_levels(value: Any) -> Iterator[list[dict[str, Any] | list[Any]]]:
    """Yield the objects and lists of a value level by level. Recursion could exhaust the stack."""
    level = [value]
    while containers := [item for item in level if isinstance(item, dict | list)]:
        yield containers
        level = [child for item in containers for child in (item.values() if isinstance(item, dict) else item)]


def _to_bad_request(error: ValueError | RecursionError, source: str) -> BadRequestError:
    detail = TOO_DEEP if isinstance(error, RecursionError) else f"must be valid JSON: {_describe(error)}"
    return BadRequestError(f"Invalid {source}", details=[f"{source}: {detail}"])


def _describe(error: ValueError) -> str:
    """Return the cause for the caller. Messages of `json` can name functions and limits of Python."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno} column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "the text is not UTF-8"
    if isinstance(error, UnicodeEncodeError):
        return "a string contains a lone surrogate"
    if isinstance(error, _InvalidJsonError):
        return str(error)
    return "a number is too large or not a JSON number"


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
        raise _InvalidJsonError("an object repeats a name")
    return value


def _refuse_different_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    repeated = ((member, value[name]) for name, member in pairs if member is not value[name])
    if len(value) < len(pairs) and any(json.dumps(first) != json.dumps(last) for first, last in repeated):
        raise _InvalidJsonError("an object repeats a name with different values")
    return value
