"""How AWS refuses a call, or one entry of it."""

import json
from collections.abc import Iterable
from typing import TypedDict
from wsgiref.types import StartResponse


class AwsLimitError(Exception):
    """AWS refuses the call.

    Args:
        code: the error's code.
        message: AWS's text.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def to_response(self, service: str, start_response: StartResponse) -> Iterable[bytes]:
        """The response of a service with a JSON protocol."""
        body = json.dumps({"__type": self.code, "message": str(self)}).encode()
        headers = [("content-type", "application/x-amz-json-1.1"), ("content-length", str(len(body)))]
        if service == "AmazonSQS":
            headers.append(("x-amzn-query-error", f"{self.code};Sender"))
        start_response("400 Bad Request", headers)
        return [body]


class EntryFailure(TypedDict):
    """Why AWS does not accept one entry of a call."""

    code: str
    message: str
