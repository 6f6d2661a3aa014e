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
"""What clients in other languages send for an empty object."""


class BodyReader:
    """Reads bodies. Routes that stand for 100ms read any JSON, unless validation rejects it; the service's own are
    strict.

    Args:
        validation: what happens to a request that 100ms does not document.
    """

    def __init__(self, validation: Validation) -> None:
        self._is_strict = validation is Validation.REJECT

    def __call__(self, route: Route, proceed: Handler, request: Request) -> Response:
        """Let the request proceed with its body.

        Raises:
            PayloadTooLargeError: The body is over the route's limit.
            BadRequestError: The body is not JSON, or not the JSON that the route needs.
            UnsupportedMediaTypeError: The route is strict and the body is not declared as JSON.
        """
        if not route.is_read_only and route.body != "raw":
            text = read_bytes(request.event, route.max_body_bytes)
            is_strict = self._is_strict or route.response_operation is None
            request.body = _read_strictly(route, request, text) if is_strict else _read(route, request, text)
        return proceed(request)


def _read(route: Route, request: Request, text: bytes) -> RawJson | None:
    """Return any JSON body. What the operation cannot take is dropped with a warning; 100ms decides about the rest."""
    text = text.removeprefix(codecs.BOM_UTF8)
    if not text.strip():
        return None
    value = parse_input(text, allow_equal_duplicates=True)
    if route.body == "none":
        if value != {}:
            request.log.warnings.append(Problem("body", (), "dropped", "body: this operation takes none"))
        return None
    if route.body == "optional" and value in EMPTY_VALUES and route.body_type is dict:
        return RawJson(b"{}", {})
    return RawJson(text, value)


def _read_strictly(route: Route, request: Request, text: bytes) -> RawJson | None:
    """Return a body of the route's type."""
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
