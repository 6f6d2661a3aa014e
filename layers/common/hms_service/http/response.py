"""Converts responses to the formats of Powertools and Lambda."""

import binascii
from typing import Any

from aws_lambda_powertools.event_handler import Response as PowertoolsResponse

from hms.errors import HmsError
from hms.types import Response

DEFAULT_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
"""Default response headers. Most responses hold a credential or are for one caller, so caches must not store them."""


def to_powertools_response(response: Response, request_id: str) -> PowertoolsResponse[str]:
    """Convert a response to a Powertools response."""
    headers: dict[str, str | list[str]] = {**DEFAULT_HEADERS, "x-request-id": request_id, **response.headers}
    body = binascii.b2a_base64(response.binary, newline=False).decode() if response.binary else response.text
    result: PowertoolsResponse[str] = PowertoolsResponse(
        response.status_code, response.content_type if body else None, body, headers
    )
    result.base64_encoded = bool(response.binary)
    return result


def to_error_response(error: HmsError, request_id: str) -> dict[str, Any]:
    """Convert an error outside the resolver to a Lambda response."""
    response = Response.from_error(error)
    headers = {**DEFAULT_HEADERS, "content-type": response.content_type, "x-request-id": request_id}
    return {"statusCode": response.status_code, "headers": headers, "body": response.text, "isBase64Encoded": False}
