"""What the gateway reads of an HTTP API event: path, query, body and bearer token, each checked before it is used."""

import binascii
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from hms.client import RawJson
from hms.errors import BadRequest, Unauthorized, UnsupportedMediaType
from hms.strict_json import MAX_BYTES, check_size, parse_input

MAX_QUERY_FIELDS = 100
MAX_SEGMENT_BYTES = 1024
JSON_TYPES: dict[type, str] = {dict: "object", list: "array"}
BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")
FORBIDDEN_IN_SEGMENT = re.compile(
    r"[/\\?#\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd]|%[0-9A-Fa-f]{2}",
)


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
        BadRequest: a segment is `.` or `..`, is over 1,024 bytes, or holds a backslash, `?`, `#`, a control character,
            what was no UTF-8, or a percent sign before two hexadecimal digits.
    """
    for segment in path.split("/"):
        if segment and not is_segment(segment):
            raise BadRequest(
                "Invalid path",
                details=[f"path: a segment is . or .., over {MAX_SEGMENT_BYTES} bytes, or holds a forbidden character"],
            )


def is_segment(value: object) -> bool:
    """Whether a value is one decoded path segment that cannot reach another resource.

    A percent sign before two hexadecimal digits is refused: a peer that decodes twice would read more into it.
    """
    return (
        isinstance(value, str)
        and value not in ("", ".", "..")
        and FORBIDDEN_IN_SEGMENT.search(value) is None
        and len(value.encode()) <= MAX_SEGMENT_BYTES
    )


def read_query(event: APIGatewayProxyEventV2) -> list[tuple[str, str]]:
    """Names and values in order, repeated ones too; what has no value counts as left out.

    Raises:
        BadRequest: there are more than 100, or one is not UTF-8.
    """
    try:
        event.raw_query_string.encode()
        return parse_qsl(event.raw_query_string, errors="strict", max_num_fields=MAX_QUERY_FIELDS)
    except ValueError:
        raise BadRequest("Invalid query", details=[f"query: over {MAX_QUERY_FIELDS} fields, or not UTF-8"]) from None


def read_body(
    event: APIGatewayProxyEventV2,
    headers: Mapping[str, str],
    shape: type | None,
    required: bool,
    limit: int = MAX_BYTES,
) -> RawJson | None:
    """The body as text and value.

    Args:
        event: the event.
        headers: its headers, whatever the case of their names.
        shape: `dict` or `list`, what the JSON must be; None where the operation takes no body but `{}`.
        required: whether there must be one.
        limit: bytes that the body may have.

    Raises:
        PayloadTooLarge: it is over the limit.
        UnsupportedMediaType: it is not declared as JSON.
        BadRequest: it is missing, not JSON as `strict_json` reads it, or of another shape.
    """
    text = read_bytes(event, limit)
    if not text.strip():
        if required and shape:
            raise BadRequest("Invalid body", details=[f"body: a JSON {JSON_TYPES[shape]} is required"])
        return None
    content_type = headers.get("content-type", "application/json")
    if content_type.split(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType(details=["content-type: application/json is required"])
    value = parse_input(text)
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


def read_bytes(event: APIGatewayProxyEventV2, limit: int = MAX_BYTES) -> bytes:
    """The body as it was sent.

    Raises:
        PayloadTooLarge: it is over the limit, in bytes.
        BadRequest: it is not what its encoding says.
    """
    body = event.body or ""
    try:
        text = binascii.a2b_base64(body) if event.is_base64_encoded else body.encode()
    except (ValueError, UnicodeEncodeError):
        raise BadRequest("Invalid body", details=["body: not text"]) from None
    check_size(text, limit=limit)
    return text
