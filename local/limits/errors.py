"""Errors that AWS returns for a call, or for one entry of a batch call."""

import json
from collections.abc import Iterable
from typing import TypedDict
from wsgiref.types import StartResponse


class AwsLimitError(Exception):
    """The call exceeds a limit of AWS.

    Args:
        code: error code.
        message: error message.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def to_response(self, service: str, start_response: StartResponse) -> Iterable[bytes]:
        """Send the error in the format of AWS's JSON protocols."""
        body = json.dumps({"__type": self.code, "message": str(self)}).encode()
        headers = [("content-type", "application/x-amz-json-1.1"), ("content-length", str(len(body)))]
        if service == "AmazonSQS":
            headers.append(("x-amzn-query-error", f"{self.code};Sender"))
        start_response("400 Bad Request", headers)
        return [body]


class EntryFailure(TypedDict):
    """The error of one entry of a batch call."""

    code: str
    message: str
