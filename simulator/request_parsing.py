"""HTTP in: what the section's routes read from a request."""

import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any, NoReturn, TypeVar, cast

from flask import current_app, g, request

from simulator.clock import parse_timestamp
from simulator.errors import BadRequest, invalid_body, invalid_query
from simulator.paging import DEFAULT_LIMIT, MAX_LIMIT, MIN_LIMIT, PageQuery
from simulator.store import Store

Section = TypeVar("Section")
Value = TypeVar("Value")

STORE = "simulator-store"

# assumed: a boolean of a query is one that Go's strconv.ParseBool reads.
_BOOLEANS = dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True) | dict.fromkeys(
    ("0", "f", "F", "FALSE", "false", "False"), False
)


def store() -> Store:
    """The store of the app that serves this request."""
    return cast(Store, current_app.extensions[STORE])


def state(section: type[Section]) -> Section:
    """A section's state."""
    return store()[section]


def token_claims() -> dict[str, Any]:
    """The claims of the token that this call was let in with."""
    return cast(dict[str, Any], g.claims)


def json_object() -> dict[str, Any]:
    """The JSON object in the body, {} where there is no body; raises BadRequest for anything else."""
    value = _parse_json()
    if not isinstance(value, dict):
        raise invalid_body("Invalid body param: body is not an object")
    return value


def json_body() -> dict[str, Any]:
    """The object that a /v2 call sends; a null member counts as absent."""
    # assumed: a member set to null is read as one left out, as Go's JSON decoder does.
    return cast(dict[str, Any], _without_nulls(json_object()))


def optional_json_body() -> dict[str, Any]:
    """The object that a /v2 call may send; `null`, `""` and `[]` count as an empty one."""
    # assumed: PHP clients encode an empty object as [], and Go's JSON decoder reads null as one.
    return {} if _parse_json() in (None, "", []) else json_body()


def json_list_body() -> list[Any]:
    """The array that a /v2 call sends; a null member of its objects counts as absent."""
    value = _parse_json()
    if not isinstance(value, list):
        raise invalid_body("Invalid body param: body is not an array")
    return cast(list[Any], _without_nulls(value))


def query_text(name: str) -> str | None:
    """A query parameter; None where it is absent or empty."""
    # assumed: an empty parameter is read as one left out; known clients send such.
    return request.args.get(name) or None


def required_query_text(name: str) -> str:
    """A query parameter that must be there; raises BadRequest where it is not."""
    value = query_text(name)
    if value is None:
        raise invalid_query(name)  # assumed: the status and the words for a parameter left out
    return value


def query_values(name: str) -> frozenset[str]:
    """The values of a query parameter that may be repeated, without empty ones."""
    # assumed: a filter takes any value; one that nothing has finds nothing.
    return frozenset(filter(None, request.args.getlist(name)))


def query_number(name: str, default: int, lowest: int, highest: int) -> int:
    """A query parameter that is a whole number in a range; raises BadRequest for anything else."""
    value = _parse_query(name, int)
    if value is None:
        return default
    if not lowest <= value <= highest:
        raise invalid_query(name)  # assumed: refused; whether 100ms refuses or clamps is not documented
    return value


def query_flag(name: str) -> bool | None:
    """A query parameter that is a boolean; raises BadRequest for anything else."""
    return _parse_query(name, _BOOLEANS.__getitem__)


def query_instant(name: str) -> datetime | None:
    """A query parameter that is an instant with its offset; raises BadRequest for anything else."""
    return _parse_query(name, parse_timestamp)


def query_limit(default: int, lowest: int = MIN_LIMIT) -> int:
    """The size of a page; raises BadRequest where it is not a number in its documented range."""
    # assumed: a limit of 0 is read as one left out; it is Go's zero value, and known clients send it.
    return default if query_text("limit") == "0" else query_number("limit", default, lowest, MAX_LIMIT)


def page_query(default: int = DEFAULT_LIMIT) -> PageQuery:
    """`limit` and `start`; raises BadRequest where `limit` is not a number in its documented range."""
    return PageQuery(query_limit(default), query_text("start") or "")


def _parse_query(name: str, parse: Callable[[str], Value]) -> Value | None:
    value = query_text(name)
    if value is None:
        return None
    try:
        return parse(value)
    except (KeyError, ValueError) as error:
        raise invalid_query(name) from error


def _parse_json() -> Any:
    raw = request.get_data()
    if not raw.strip():
        return {}
    try:
        return json.loads(raw, parse_constant=_reject_constant, parse_float=_parse_finite_float)
    except (ValueError, RecursionError) as error:
        raise BadRequest("Invalid JSON", ["the body is not valid JSON"]) from error


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _parse_finite_float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number that is too large")
    return value


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(member) for name, member in value.items() if member is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
