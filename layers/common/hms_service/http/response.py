"""The response that Lambda sends, made of a reply."""

import binascii
from typing import Any

from aws_lambda_powertools.event_handler import Response

from hms.errors import HmsError
from hms.types import Reply

DEFAULT_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
"""Headers of every response that does not set them: most responses hold a credential or are for one caller only."""


def to_response(reply: Reply, request_id: str) -> Response[str]:
    """Return a reply as Powertools takes it."""
    headers: dict[str, str | list[str]] = {**DEFAULT_HEADERS, "x-request-id": request_id, **reply.headers}
    body = binascii.b2a_base64(reply.binary, newline=False).decode() if reply.binary else reply.text
    response: Response[str] = Response(reply.status, reply.content_type if body else None, body, headers)
    response.base64_encoded = bool(reply.binary)
    return response


def error_response(error: HmsError, request_id: str) -> dict[str, Any]:
    """Return the response to an error outside the resolver."""
    reply = Reply.of_error(error)
    headers = {**DEFAULT_HEADERS, "content-type": reply.content_type, "x-request-id": request_id}
    return {"statusCode": reply.status, "headers": headers, "body": reply.text, "isBase64Encoded": False}
