"""Step: read the body as JSON of the type that the route takes."""

import binascii

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from hms.errors import BadRequestError, UnsupportedMediaTypeError
from hms.strict_json import JSON_TYPES, MAX_BYTES, check_size, parse_input
from hms.types import RawJson, Response
from hms_service.http.route import Handler, Request, Route


def read_body(route: Route, proceed: Handler, request: Request) -> Response:
    """Let the request proceed with its body, which is checked to be JSON."""
    if not route.is_read_only and route.body != "raw":
        request.body = _read(route, request)
    return proceed(request)


def _read(route: Route, request: Request) -> RawJson | None:
    """Return the body as text and value, None if there is none.

    Raises:
        PayloadTooLargeError: It is over the route's limit.
        UnsupportedMediaTypeError: It is not declared as JSON.
        BadRequestError: It is missing, not JSON as `strict_json` reads it, or of another type.
    """
    text = read_bytes(request.event, route.max_body_bytes)
    if not text.strip():
        if route.body == "required":
            raise _wrong_type_error(route.body_type)
        return None
    content_type = request.headers.get("content-type", "application/json")
    if content_type.split(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaTypeError(details=["content-type: application/json is required"])
    value = parse_input(text)
    if route.body == "none":
        if value != {}:
            raise BadRequestError("Invalid body", details=["body: this call takes none"])
        return None
    if not isinstance(value, route.body_type):
        raise _wrong_type_error(route.body_type)
    return RawJson(text, value)


def _wrong_type_error(body_type: type) -> BadRequestError:
    return BadRequestError("Invalid body", details=[f"body: a JSON {JSON_TYPES[body_type]} is required"])


def read_bytes(event: APIGatewayProxyEventV2, limit: int = MAX_BYTES) -> bytes:
    """Return the body as it was sent.

    Raises:
        PayloadTooLargeError: It is over the limit, in bytes.
        BadRequestError: It is not what its encoding says.
    """
    body = event.body or ""
    try:
        text = binascii.a2b_base64(body) if event.is_base64_encoded else body.encode()
    except (ValueError, UnicodeEncodeError):
        raise BadRequestError("Invalid body", details=["body: not text"]) from None
    check_size(text, limit=limit)
    return text
