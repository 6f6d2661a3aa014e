"""Join tokens: what a front end asks for to enter a room, checked and signed here without a call to 100ms."""

from typing import Any

from hms.client import HmsClient
from hms.errors import BadRequestError, ForbiddenError, UnauthorizedError
from hms.tokens import DEFAULT_APP_TOKEN_SECONDS, sign_app_token
from hms.types import RawJson, Response
from hms_service.auth.authenticator import Caller, EndUser
from hms_service.http.route import Request

FIELDS = {"room_id": "roomId", "role": "role", "user_id": "userId"}
LIFETIME_FIELD = {"expires_in": "expiresIn"}

JoinTokenFields = dict[str, Any]


class JoinTokenMinter:
    """Mints app tokens with the app's key pair.

    Args:
        client: the key pair.
        max_seconds: the longest lifetime of a token.
    """

    def __init__(self, client: HmsClient, max_seconds: int) -> None:
        self._client = client
        self._max_seconds = max_seconds

    def create(self, request: Request) -> Response:
        """Mint a join token for a room, a role and a user.

        The body is `{userId, roomId, role, expiresIn?}`, or the same in snake_case. The lifetime is in seconds; 0 or
        none means 24 h, or the configured ceiling if that is less.

        Returns:
            201 `{"token": …}`.

        Raises:
            BadRequestError: one of the three is no string or empty, or the lifetime is not a whole number up to the
                ceiling.
            ForbiddenError: the caller is limited to other rooms or roles.
            CredentialsUnavailableError: SSM gives no key pair.

        https://www.100ms.live/docs/get-started/v2/get-started/security-and-tokens
        """
        if request.caller is None:
            raise UnauthorizedError  # a public route mints no tokens
        return self._sign(*self._read(request.body), request.caller)

    def create_for_user(self, request: Request) -> Response:
        """Mint a join token for the end user who asks.

        The user has one room and one role to join, or chooses. The join token ends no later than the user's own token.

        The body is `{roomId?, role?, expiresIn?}`, or the same in snake_case. The room and the role may be left out if
        the user may have exactly one.

        Raises:
            BadRequestError: also where the body names a user.
            ForbiddenError: the user may have no room or role, or others only.
        """
        caller = request.caller
        if not isinstance(caller, EndUser):
            raise UnauthorizedError  # another route has no end of the user's token to keep
        fields, problems = self._read(request.body)
        if fields["user_id"] is not None:
            problems.append("userId: it is the sub of the token and can't be given")
        fields["user_id"] = caller.name
        for name, allowed in {"room_id": caller.grant.rooms, "role": caller.grant.roles}.items():
            if allowed == frozenset():
                raise ForbiddenError(details=[f"{FIELDS[name]}: the caller may have none"])
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
                problems.append(f"{camel_name}: a string that is not empty is required")
        if not 1 <= lifetime <= max_lifetime:
            problems.append(f"expiresIn: a whole number of seconds from 1 to {max_lifetime} is required")
        if problems:
            raise BadRequestError("Invalid body", details=problems)
        caller.grant.check_join(fields["room_id"], fields["role"])
        key_pair = self._client.credentials.get_key_pair()
        token = sign_app_token(key_pair.access_key, key_pair.secret, lifetime=lifetime, not_after=not_after, **fields)
        return Response.from_json(201, {"token": token})

    def _read(self, body: RawJson | None) -> tuple[JoinTokenFields, list[str]]:
        """The known fields under their snake_case names, and what is wrong with how they are named."""
        if body is None:
            return dict.fromkeys({**FIELDS, **LIFETIME_FIELD}), []
        from hms.models.base import check
        from hms_service.join_token_fields import JoinToken

        value = body.value
        if "code" in value:
            raise BadRequestError("Invalid body", details=["code: send it to POST /v2/token without a token"])
        check(JoinToken, value, "body")
        names = {**FIELDS, **LIFETIME_FIELD}
        value = {name: member for name, member in value.items() if member is not None}
        fields = {name: value.get(name, value.get(camel_name)) for name, camel_name in names.items()}
        duplicates = [
            f"{camel_name}: given twice, also as {name}"
            for name, camel_name in names.items()
            if name != camel_name and name in value and camel_name in value
        ]
        return fields, duplicates
