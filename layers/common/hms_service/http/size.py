"""Measures responses against Lambda's limit and compresses large ones.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import binascii
import gzip
import json
import re
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from hms.errors import ResponseTooLargeError

MAX_RESPONSE_BYTES = 6_291_556
MAX_BYTES_PER_CHARACTER = 6
"""Maximum bytes of one character in JSON."""
MAX_HEADER_BYTES = 64 * 1024
GZIP_LEVEL = 1
GZIP_REFUSED = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


def compress_if_too_large(response: dict[str, Any], event: APIGatewayProxyEventV2) -> dict[str, Any]:
    """Return the response, compressed if Lambda cannot send it as it is.

    Args:
        response: response in Lambda's format.
        event: event of the request. Powertools copies its headers at each access, so they are read only if needed.

    Raises:
        ResponseTooLargeError: The compressed response is too large, or the caller does not accept gzip.
    """
    if fits(response):
        return response
    is_accepted = accepts_gzip(event.headers)
    if is_accepted and not response["isBase64Encoded"]:
        response = compress(response)
        if fits(response):
            return response
    details = [] if is_accepted else ["accept-encoding: must allow gzip for a response of this size"]
    raise ResponseTooLargeError(
        details=details, reason=f"the response is over {MAX_RESPONSE_BYTES} bytes as Lambda encodes it"
    )


def encoded_size(value: object) -> int:
    """Return the size in bytes of a value as Lambda's Python 3.12 and later encodes it, in JSON with unescaped UTF-8.

    https://github.com/aws/aws-lambda-python-runtime-interface-client/blob/main/awslambdaric/lambda_runtime_marshaller.py
    """
    return len(json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass"))


def fits(response: Mapping[str, Any]) -> bool:
    """Return True if Lambda can send the HTTP response. Encodes only large responses to measure them."""
    body: str = response.get("body") or ""
    if len(body) * MAX_BYTES_PER_CHARACTER + MAX_HEADER_BYTES <= MAX_RESPONSE_BYTES:
        return True
    return encoded_size(response) <= MAX_RESPONSE_BYTES


def compress(response: Mapping[str, Any]) -> dict[str, Any]:
    """Return the HTTP response with a gzip-compressed body."""
    compressed = gzip.compress(response["body"].encode(), GZIP_LEVEL, mtime=0)
    headers = dict(response["headers"])
    vary = [value for value in (headers.get("vary"), "accept-encoding") if value]
    headers |= {"content-encoding": "gzip", "vary": ", ".join(vary)}
    body = binascii.b2a_base64(compressed, newline=False).decode()
    return {**response, "headers": headers, "body": body, "isBase64Encoded": True}


def accepts_gzip(headers: Mapping[str, str]) -> bool:
    """Return True if the `accept-encoding` header allows gzip."""
    accepted = headers.get("accept-encoding", "").lower()
    return "gzip" in accepted and not GZIP_REFUSED.search(accepted)
