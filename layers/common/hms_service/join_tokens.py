"""Join tokens: what a front end asks for to enter a room, checked and signed here without a call to 100ms."""

from typing import Any

from hms.client import HmsClient
from hms.errors import BadRequest, Forbidden, Unauthorized
from hms.tokens import DEFAULT_APP_SECONDS, sign_app
from hms.types import RawJson, Reply
from hms_service.auth.authenticator import Caller, User
from hms_service.http.route import Request

FIELDS = {"room_id": "roomId", "role": "role", "user_id": "userId"}
LIFETIME = {"expires_in": "expiresIn"}

Fields = dict[str, Any]


class JoinTokens:
    """Mints app tokens with the app's key pair.

    Args:
        client: the key pair.
        max_seconds: the longest lifetime of a token.
    """

    def __init__(self, client: HmsClient, max_seconds: int) -> None:
        self._client = client
        self._max_seconds = max_seconds

    def create(self, request: Request) -> Reply:
        """Mint a join token for a room, a role and a user.

        The body is `{userId, roomId, role, expiresIn?}`, or the same in snake_case. The lifetime is in seconds; 0 or
        none means 24 h, or the configured ceiling if that is less.

        Returns:
            201 `{"token": …}`.

        Raises:
            BadRequest: one of the three is no string or empty, or the lifetime is not a whole number up to the ceiling.
            Forbidden: the caller is limited to other rooms or roles.
            CredentialsUnavailable: SSM gives no key pair.

        https://www.100ms.live/docs/get-started/v2/get-started/security-and-tokens
        """
        if request.caller is None:
            raise Unauthorized  # a public route mints no tokens
        return self._sign(*self._read(request.body), request.caller)

    def create_for_user(self, request: Request) -> Reply:
        """Mint a join token for the end user who asks.

        The user has one room and one role to join, or chooses. The join token ends no later than the user's own token.

        The body is `{roomId?, role?, expiresIn?}`, or the same in snake_case. The room and the role may be left out if
        the user may have exactly one.

        Raises:
            BadRequest: also where the body names a user.
            Forbidden: the user may have no room or role, or others only.
        """
        caller = request.caller
        if not isinstance(caller, User):
            raise Unauthorized  # another route has no end of the user's token to keep
        given, problems = self._read(request.body)
        if given["user_id"] is not None:
            problems.append("userId: it is the sub of the token and can't be given")
        given["user_id"] = caller.name
        for name, allowed in {"room_id": caller.grant.rooms, "role": caller.grant.roles}.items():
            if allowed == frozenset():
                raise Forbidden(details=[f"{FIELDS[name]}: the caller may have none"])
            if given[name] is None and allowed is not None and len(allowed) == 1:
                (given[name],) = allowed
        return self._sign(given, problems, caller, not_after=caller.expires_at)

    def _sign(self, given: Fields, problems: list[str], caller: Caller, not_after: int | None = None) -> Reply:
        ceiling = self._max_seconds
        lifetime = given.pop("expires_in") or min(DEFAULT_APP_SECONDS, ceiling)
        for name, seed_name in FIELDS.items():
            if not (given[name] or "").strip():
                problems.append(f"{seed_name}: a string that is not empty is required")
        if not 1 <= lifetime <= ceiling:
            problems.append(f"expiresIn: a whole number of seconds from 1 to {ceiling} is required")
        if problems:
            raise BadRequest("Invalid body", details=problems)
        caller.grant.check_join(given["room_id"], given["role"])
        pair = self._client.credentials.key_pair()
        token = sign_app(pair.access_key, pair.secret, lifetime=lifetime, not_after=not_after, **given)
        return Reply.of(201, {"token": token})

    def _read(self, body: RawJson | None) -> tuple[Fields, list[str]]:
        """The known fields under their snake_case names, and what is wrong with how they are named."""
        if body is None:
            return dict.fromkeys({**FIELDS, **LIFETIME}), []
        from hms.models.base import check
        from hms_service.join_token_fields import JoinToken

        value = body.value
        check(JoinToken, value, "body", self._client.settings.unknown_fields)
        names = {**FIELDS, **LIFETIME}
        value = {name: member for name, member in value.items() if member is not None}
        given = {name: value.get(name, value.get(seed_name)) for name, seed_name in names.items()}
        twice = [
            f"{seed_name}: given twice, also as {name}"
            for name, seed_name in names.items()
            if name != seed_name and name in value and seed_name in value
        ]
        return given, twice
