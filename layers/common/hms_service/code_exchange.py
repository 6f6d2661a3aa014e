"""Exchanges room codes for join tokens, without authentication."""

import re

from hms.client import HmsClient
from hms.errors import BadRequestError, PayloadTooLargeError, UnauthorizedError
from hms.strict_json import parse_input
from hms.types import Response
from hms_service.http.route import Request
from hms_service.http.steps.body import read_bytes

MAX_BODY_BYTES = 4096
MAX_USER_ID = 256
CODE = re.compile(r"[A-Za-z0-9-]{1,64}")
VERSIONED_PATH = re.compile(r"(/[^/]+)*/v2/token")
"""Path of the API Gateway route that has the limits of public requests. `/v2/token/` is another route."""
MINT_FIELDS = frozenset({"room_id", "roomId", "role", "expires_in", "expiresIn"})


def is_code_exchange(request: Request) -> bool:
    """Return True for `POST /v2/token` without a token, as the client SDKs send it."""
    return "authorization" not in request.headers and bool(VERSIONED_PATH.fullmatch(request.event.path))


class CodeExchange:
    """Exchanges room codes.

    Args:
        client: sends requests to the token service of 100ms.
    """

    def __init__(self, client: HmsClient) -> None:
        self._client = client

    def exchange_from_body(self, request: Request) -> Response:
        """Exchange a room code for a join token, without a token.

        The body is `{code, user_id?}`, at most 4 KiB, with any content type. The code has 1 to 64 letters, digits or
        hyphens. The front-end SDKs send this request. It exists under `/v2` only. With a management token and the
        fields of `POST /token`, the same path creates a join token.

        Raises:
            UnauthorizedError: The body is for creating a join token, which needs a management token.
            BadRequestError: The body is invalid.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/room-codes-overview
        """
        try:
            value = parse_input(read_bytes(request.event, MAX_BODY_BYTES))
        except PayloadTooLargeError as error:
            raise BadRequestError("Invalid body", details=error.details) from None
        if not isinstance(value, dict):
            raise BadRequestError("Invalid body", details=["body: must be a JSON object"])
        if "code" not in value or MINT_FIELDS & value.keys():
            raise UnauthorizedError(details=["authorization: must be a bearer token"])
        code = value["code"]
        if not isinstance(code, str) or not CODE.fullmatch(code):
            raise BadRequestError("Invalid body", details=["code: must have 1 to 64 letters, digits or hyphens"])
        user_id = value.get("user_id")
        user_id = value.get("userId") if user_id is None else user_id
        if isinstance(user_id, str) and len(user_id) > MAX_USER_ID:
            raise BadRequestError("Invalid body", details=[f"user_id: must have at most {MAX_USER_ID} characters"])
        return self.exchange(code, user_id)

    def exchange(self, code: str, user_id: object) -> Response:
        """Exchange a code.

        Args:
            code: the room code.
            user_id: your ID of the user. If None, 100ms generates one.

        Raises:
            BadRequestError: The user ID is not a string. Nothing is sent.
        """
        if user_id is None:
            return self._client.auth.exchange_room_code({"code": code})
        if not isinstance(user_id, str):
            raise BadRequestError("Invalid body", details=["user_id: must be a string"])
        return self._client.auth.exchange_room_code({"code": code, "user_id": user_id})
