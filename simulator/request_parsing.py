"""Read and validate the query and the body of the current request."""

import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any, NoReturn, TypeVar, cast

from flask import current_app, g, request

from simulator.clock import parse_timestamp
from simulator.errors import InvalidJson, invalid_body, invalid_query
from simulator.paging import DEFAULT_LIMIT, MAX_LIMIT, MIN_LIMIT, PageQuery
from simulator.store import Store

Section = TypeVar("Section")
Value = TypeVar("Value")

STORE = "simulator-store"

# [requests.booleans-in-a-query] booleans in a query have the spellings that Go's strconv.ParseBool accepts.
_BOOLEANS = dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True) | dict.fromkeys(
    ("0", "f", "F", "FALSE", "false", "False"), False
)


def store() -> Store:
    """Return the store of the app that serves this request."""
    return cast(Store, current_app.extensions[STORE])


def state(section: type[Section]) -> Section:
    """Return the state of a section."""
    return store()[section]


def token_claims() -> dict[str, Any]:
    """Return the claims of this request's token."""
    return cast(dict[str, Any], g.claims)


def json_object() -> dict[str, Any]:
    """Return the JSON object in the body, or {} without a body. Raises BadRequest for other JSON."""
    value = _parse_json()
    if not isinstance(value, dict):
        raise invalid_body("Invalid body param: body is not an object")
    return value


def json_body() -> dict[str, Any]:
    """Return the JSON object in the body of a /v2 call, without members that are null."""
    # [requests.member-with-null] a member with null counts as omitted, as in Go's JSON decoder.
    return cast(dict[str, Any], _without_nulls(json_object()))


def optional_json_body() -> dict[str, Any]:
    """Return the optional JSON object in the body of a /v2 call. `null`, `""` and `[]` count as {}."""
    # [requests.empty-object] PHP clients encode an empty object as [], and Go's JSON decoder accepts
    # null.
    return {} if _parse_json() in (None, "", []) else json_body()


def json_list_body() -> list[Any]:
    """Return the JSON array in the body of a /v2 call, without members that are null."""
    value = _parse_json()
    if not isinstance(value, list):
        raise invalid_body("Invalid body param: body is not an array")
    return cast(list[Any], _without_nulls(value))


def query_text(name: str) -> str | None:
    """Return a query parameter, or None if it is absent or empty."""
    # [requests.empty-parameter] an empty parameter counts as omitted; known clients send such parameters.
    return request.args.get(name) or None


def required_query_text(name: str) -> str:
    """Return a required query parameter. Raises BadRequest if it is absent or empty."""
    value = query_text(name)
    if value is None:
        # [requests.missing-required-query-parameter] the status and text for a missing parameter
        raise invalid_query(name)
    return value


def query_values(name: str) -> frozenset[str]:
    """Return the values of a repeatable query parameter, without empty ones."""
    # [requests.filter-with-an-unknown-value] a filter accepts any value; an unknown value matches nothing.
    return frozenset(filter(None, request.args.getlist(name)))


def query_number(name: str, default: int, lowest: int, highest: int) -> int:
    """Return a query parameter that is an integer between `lowest` and `highest`. Raises BadRequest for others."""
    value = _parse_query(name, int)
    if value is None:
        return default
    if not lowest <= value <= highest:
        # [requests.limit-out-of-range] refused; the documentation does not say whether 100ms refuses or clamps
        raise invalid_query(name)
    return value


def query_flag(name: str) -> bool | None:
    """Return a boolean query parameter, or None without it. Raises BadRequest for other values."""
    return _parse_query(name, _BOOLEANS.__getitem__)


def query_instant(name: str) -> datetime | None:
    """Return a query parameter that is a timestamp with a UTC offset. Raises BadRequest for other values."""
    return _parse_query(name, parse_timestamp)


def query_limit(default: int, lowest: int = MIN_LIMIT, highest: int = MAX_LIMIT) -> int:
    """Return the page size. Raises BadRequest if `limit` is outside its documented range."""
    # [requests.limit-of-0] a limit of 0 counts as omitted. It is Go's zero value, and known clients send it.
    return default if query_text("limit") == "0" else query_number("limit", default, lowest, highest)


def page_query(default: int = DEFAULT_LIMIT, lowest: int = MIN_LIMIT) -> PageQuery:
    """Return `limit` and `start`. Raises BadRequest if `limit` is outside its documented range."""
    return PageQuery(query_limit(default, lowest), query_text("start") or "")


def _parse_query(name: str, parse: Callable[[str], Value]) -> Value | None:
    value = query_text(name)
    if value is None:
        return None
    try:
        return parse(value)
    except (KeyError, ValueError) as error:
        raise invalid_query(name) from error


def _parse_json() -> Any:
    raw = request.get_data()  # [server.content-types] whatever the content type
    if not raw.strip():
        return {}
    try:
        return json.loads(raw, parse_constant=_reject_constant, parse_float=_parse_finite_float)
    except json.JSONDecodeError as error:
        raise InvalidJson(len(error.doc[: error.pos].encode()) + 1) from error
    except (ValueError, RecursionError) as error:
        raise InvalidJson(None) from error


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _parse_finite_float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("number is too large")
    return value


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
