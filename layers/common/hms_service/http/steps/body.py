"""Step: read the body as JSON."""

import binascii
import codecs

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from hms.errors import BadRequestError, UnsupportedMediaTypeError
from hms.problem import Problem
from hms.settings import Validation
from hms.strict_json import JSON_TYPES, MAX_BYTES, check_size, parse_input
from hms.types import RawJson, Response
from hms_service.http.route import Handler, Request, Route

EMPTY_VALUES: tuple[object, ...] = (None, "", [])
"""Values that some clients send for an empty object."""


class BodyReader:
    """Reads JSON bodies.

    Routes of 100ms accept any JSON, unless `validation` is `reject`. Routes of the service itself are strict.

    Args:
        validation: how to handle requests that 100ms does not document.
    """

    def __init__(self, validation: Validation) -> None:
        self._is_strict = validation is Validation.REJECT

    def __call__(self, route: Route, proceed: Handler, request: Request) -> Response:
        """Set the body of the request.

        Raises:
            PayloadTooLargeError: The body is over the route's limit.
            BadRequestError: The body is not JSON, missing, or of the wrong type.
            UnsupportedMediaTypeError: The route is strict, and the content type is not JSON.
        """
        if not route.is_read_only and route.body != "raw":
            text = read_bytes(request.event, route.max_body_bytes)
            is_strict = self._is_strict or route.response_operation is None
            request.body = _read_strictly(route, request, text) if is_strict else _read(route, request, text)
        return proceed(request)


def _read(route: Route, request: Request, text: bytes) -> RawJson | None:
    """Return any JSON body. If the operation has no body, it is dropped with a warning."""
    text = text.removeprefix(codecs.BOM_UTF8)
    if not text.strip():
        return None
    value = parse_input(text, allow_equal_duplicates=True)
    if route.body == "none":
        if value != {}:
            request.log.warnings.append(Problem("body", (), "dropped", "body: must be empty"))
        return None
    if route.body == "optional" and value in EMPTY_VALUES and route.body_type is dict:
        return RawJson(b"{}", {})
    return RawJson(text, value)


def _read_strictly(route: Route, request: Request, text: bytes) -> RawJson | None:
    """Return the body, which must have the route's type and content type."""
    if not text.strip():
        if route.body == "required":
            raise _wrong_type_error(route.body_type)
        return None
    content_type = request.headers.get("content-type", "application/json")
    if content_type.split(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaTypeError(details=["content-type: must be application/json"])
    value = parse_input(text)
    if route.body == "none":
        if value != {}:
            raise BadRequestError("Invalid body", details=["body: must be empty"])
        return None
    if not isinstance(value, route.body_type):
        raise _wrong_type_error(route.body_type)
    return RawJson(text, value)


def _wrong_type_error(body_type: type) -> BadRequestError:
    return BadRequestError("Invalid body", details=[f"body: must be a JSON {JSON_TYPES[body_type]}"])


def read_bytes(event: APIGatewayProxyEventV2, limit: int = MAX_BYTES) -> bytes:
    """Return the body as bytes.

    Args:
        event: event of the HTTP API.
        limit: maximum size, in bytes.

    Raises:
        PayloadTooLargeError: The body is over the limit.
        BadRequestError: The body is not valid base64 or UTF-8.
    """
    body = event.body or ""
    try:
        text = binascii.a2b_base64(body) if event.is_base64_encoded else body.encode()
    except (ValueError, UnicodeEncodeError):
        raise BadRequestError("Invalid body", details=["body: must be valid base64 or UTF-8"]) from None
    check_size(text, limit=limit)
    return text
