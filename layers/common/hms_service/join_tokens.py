"""Mints join tokens for front ends, without a call to 100ms."""

from typing import Any

from hms.client import HmsClient
from hms.errors import BadRequestError, ForbiddenError, UnauthorizedError
from hms.tokens import DEFAULT_APP_TOKEN_SECONDS, sign_app_token
from hms.types import RawJson, Response
from hms_service.auth.caller import Caller, EndUser
from hms_service.http.route import Request

FIELDS = {"room_id": "roomId", "role": "role", "user_id": "userId"}
LIFETIME_FIELD = {"expires_in": "expiresIn"}

JoinTokenFields = dict[str, Any]


class JoinTokenMinter:
    """Mints app tokens with the app's key pair.

    Args:
        client: provides the key pair.
        max_seconds: maximum lifetime of a token, in seconds.
    """

    def __init__(self, client: HmsClient, max_seconds: int) -> None:
        self._client = client
        self._max_seconds = max_seconds

    def create(self, request: Request) -> Response:
        """Create a join token for a room, a role and a user.

        The body is `{userId, roomId, role, expiresIn?}`, or the same in snake_case. `expiresIn` is in seconds. The
        default is one day, or `TokenMaxSeconds` if that is less. `POST /v2/token` without a token exchanges a room code
        instead.

        Returns:
            201 `{"token": …}`.

        Raises:
            BadRequestError: A member is missing or blank, or `expiresIn` is out of range.
            ForbiddenError: The caller is limited to other rooms or roles.
            CredentialsUnavailableError: The key pair cannot be read from SSM.

        https://www.100ms.live/docs/get-started/v2/get-started/security-and-tokens
        """
        if request.caller is None:
            raise UnauthorizedError  # public routes have no caller
        return self._sign(*self._read(request.body), request.caller)

    def create_for_user(self, request: Request) -> Response:
        """Create a join token for the signed-in end user.

        The body is `{roomId?, role?, expiresIn?}`, or the same in snake_case. The room or the role can be omitted if
        the user is allowed exactly one. The join token expires no later than the user's own token.

        Raises:
            BadRequestError: A member is missing, blank or out of range, or the body has `userId`.
            ForbiddenError: The user is not allowed in the room or the role.
            CredentialsUnavailableError: The key pair cannot be read from SSM.
        """
        caller = request.caller
        if not isinstance(caller, EndUser):
            raise UnauthorizedError  # only end users have a token expiry
        fields, problems = self._read(request.body)
        if fields["user_id"] is not None:
            problems.append("userId: not allowed here; it is the sub claim of the token")
        fields["user_id"] = caller.name
        for name, allowed in {"room_id": caller.grant.rooms, "role": caller.grant.roles}.items():
            if allowed == frozenset():
                raise ForbiddenError(details=[f"{FIELDS[name]}: none is allowed for this caller"])
            if fields[name] is None and allowed is not None and len(allowed) == 1:
                (fields[name],) = allowed
        return self._sign(fields, problems, caller, not_after=caller.expires_at)

    def _sign(
        self, fields: JoinTokenFields, problems: list[str], caller: Caller, not_after: int | None = None
    ) -> Response:
        max_lifetime = self._max_seconds
        lifetime = fields.pop("expires_in") or min(DEFAULT_APP_TOKEN_SECONDS, max_lifetime)
        for name, camel_name in FIELDS.items():
            if not (fields[name] or "").strip():
                problems.append(f"{camel_name}: is required and must not be blank")
        if not 1 <= lifetime <= max_lifetime:
            problems.append(f"expiresIn: must be between 1 and {max_lifetime} seconds")
        if problems:
            raise BadRequestError("Invalid body", details=problems)
        caller.grant.check_join(fields["room_id"], fields["role"])
        key_pair = self._client.credentials.get_key_pair()
        token = sign_app_token(key_pair.access_key, key_pair.secret, lifetime=lifetime, not_after=not_after, **fields)
        return Response.from_json(201, {"token": token})

    def _read(self, body: RawJson | None) -> tuple[JoinTokenFields, list[str]]:
        """Return the fields by their snake_case names, and the problems with duplicate fields."""
        if body is None:
            return dict.fromkeys({**FIELDS, **LIFETIME_FIELD}), []
        from hms.models.base import check
        from hms_service.join_token_fields import JoinToken

        value = body.value
        if "code" in value:
            raise BadRequestError(
                "Invalid body", details=["code: not allowed here; use POST /v2/token without a token"]
            )
        check(JoinToken, value, "body")
        names = {**FIELDS, **LIFETIME_FIELD}
        value = {name: member for name, member in value.items() if member is not None}
        fields = {name: value.get(name, value.get(camel_name)) for name, camel_name in names.items()}
        duplicates = [
            f"{camel_name}: must not be repeated as {name}"
            for name, camel_name in names.items()
            if name != camel_name and name in value and camel_name in value
        ]
        return fields, duplicates
