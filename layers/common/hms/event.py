"""What the gateway reads of an HTTP API event: path, query, body and bearer token, each checked before it is used."""

import binascii
import json
import math
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from hms.client import RawJson
from hms.errors import BadRequest, PayloadTooLarge, Unauthorized, UnsupportedMediaType

MAX_BODY_BYTES = 1024 * 1024
MAX_DEPTH = 100
MAX_QUERY_FIELDS = 100
JSON_TYPES: dict[type, str] = {dict: "object", list: "array"}
BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")
FORBIDDEN_IN_SEGMENT = re.compile(r"[\\?#\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd]")


def is_http_event(event: object) -> bool:
    """Whether it is what an HTTP API sends (payload 2.0): what is read of it has the type that it has there."""
    if not isinstance(event, dict) or not isinstance(request := event.get("requestContext"), dict):
        return False
    if not isinstance(http := request.get("http"), dict):
        return False
    headers, body = event.get("headers", {}), event.get("body")
    told = [event.get("rawPath"), event.get("rawQueryString"), "" if body is None else body]
    told += [request.get("requestId"), request.get("stage"), http.get("method"), http.get("path")]
    return (
        isinstance(headers, dict)
        and all(isinstance(text, str) for text in [*told, *headers.values()])
        and isinstance(event.get("isBase64Encoded", False), bool)
    )


def check_path(path: str) -> None:
    """Refuse a path with a segment that could reach another resource; the path is decoded already.

    Raises:
        BadRequest: a segment is `.` or `..`, or holds a backslash, `?`, `#`, a control character
            or what was no UTF-8.
    """
    for segment in path.split("/"):
        if not stays_in_place(segment):
            raise BadRequest("Invalid path", details=["path: a segment is . or .., or holds a forbidden character"])


def stays_in_place(segment: str) -> bool:
    """Whether a decoded segment, or what is between two slashes, can't reach another resource."""
    return segment not in (".", "..") and FORBIDDEN_IN_SEGMENT.search(segment) is None


def read_query(event: APIGatewayProxyEventV2) -> list[tuple[str, str]]:
    """Names and values in order, repeated ones too; what has no value counts as left out.

    Raises:
        BadRequest: there are more than 100, or one is not UTF-8.
    """
    try:
        return parse_qsl(event.raw_query_string, errors="strict", max_num_fields=MAX_QUERY_FIELDS)
    except ValueError:
        raise BadRequest("Invalid query", details=[f"query: over {MAX_QUERY_FIELDS} fields, or not UTF-8"]) from None


def read_body(
    event: APIGatewayProxyEventV2, headers: Mapping[str, str], shape: type | None, required: bool
) -> RawJson | None:
    """The body as text and value.

    Args:
        event: the event.
        headers: its headers, whatever the case of their names.
        shape: `dict` or `list`, what the JSON must be; None where the operation takes no body but `{}`.
        required: whether there must be one.

    Raises:
        PayloadTooLarge: it is over 1 MiB.
        UnsupportedMediaType: it is not declared as JSON.
        BadRequest: it is missing, not JSON in UTF-8, nested too deeply, or of another shape.
    """
    text = read_bytes(event)
    if not text.strip():
        if required and shape:
            raise BadRequest("Invalid body", details=[f"body: a JSON {JSON_TYPES[shape]} is required"])
        return None
    content_type = headers.get("content-type", "application/json")
    if content_type.split(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType(details=["content-type: application/json is required"])
    value = parse(text)
    if shape is None:
        if value != {}:
            raise BadRequest("Invalid body", details=["body: this call takes none"])
        return None
    if not isinstance(value, shape):
        raise BadRequest("Invalid body", details=[f"body: a JSON {JSON_TYPES[shape]} is required"])
    return RawJson(text, value)


def read_bearer(headers: Mapping[str, str]) -> str:
    """The token of the Authorization header.

    Raises:
        Unauthorized: there is none, or another scheme.
    """
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not BEARER.fullmatch(token.strip()):
        raise Unauthorized(details=["one bearer token is required"])
    return token.strip()


def read_bytes(event: APIGatewayProxyEventV2) -> bytes:
    """The body as it was sent.

    Raises:
        PayloadTooLarge: it is over 1 MiB.
        BadRequest: it is not what its encoding says.
    """
    body = event.body or ""
    try:
        text = binascii.a2b_base64(body) if event.is_base64_encoded else body.encode()
    except (ValueError, UnicodeEncodeError):
        raise BadRequest("Invalid body", details=["body: not text"]) from None
    if len(text) > MAX_BODY_BYTES:
        raise PayloadTooLarge(details=[f"body: over {MAX_BODY_BYTES} bytes"])
    return text


def parse(text: bytes) -> Any:
    """The value of a JSON text.

    Raises:
        BadRequest: it is not JSON in UTF-8, or nested too deeply.
    """
    try:
        value = json.loads(
            text.decode(), parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_refuse_duplicates
        )
    except RecursionError:
        raise BadRequest("Invalid body", details=["body: nested too deeply"]) from None
    except ValueError as error:
        raise BadRequest("Invalid body", details=[f"body: not JSON: {_reason(error)}"]) from None
    if _is_deeper(value, MAX_DEPTH):
        raise BadRequest("Invalid body", details=["body: nested too deeply"])
    return value


def _is_deeper(value: Any, depth: int) -> bool:
    """Whether more objects and lists than that are within one another; no Python of any version runs out of stack."""
    level = [value]
    for _ in range(depth + 1):
        containers = [each for each in level if isinstance(each, dict | list)]
        if not containers:
            return False
        level = [child for each in containers for child in (each.values() if isinstance(each, dict) else each)]
    return True


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno} column {error.colno}"
    return "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return value
