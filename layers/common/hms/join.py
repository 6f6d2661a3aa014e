"""Join tokens: what a front end asks for to enter a room, checked and signed here without a call to 100ms."""

from typing import Any

from hms.access import Caller
from hms.client import HmsClient, RawJson, Reply
from hms.errors import BadRequest
from hms.tokens import DEFAULT_APP_SECONDS, sign_app

FIELDS = {"room_id": "roomId", "role": "role", "user_id": "userId"}
LIFETIME = {"expires_in": "expiresIn"}


class JoinTokens:
    """Mints app tokens with the app's key pair."""

    def __init__(self, client: HmsClient) -> None:
        self._client = client

    def create(self, body: RawJson, caller: Caller) -> Reply:
        """An app token for a room, a role and a user.

        Args:
            body: `{userId, roomId, role, expiresIn?}`, or the same in snake_case. The lifetime is in seconds; 0 or none
                means 24 h, or the configured ceiling where that is less.
            caller: who asks.

        Returns:
            201 `{"token": …}`.

        Raises:
            BadRequest: one of the three is no string or empty, or the lifetime is not a whole number up to the ceiling.
            Forbidden: the caller's key is limited to other rooms or roles.
            CredentialsUnavailable: SSM gives no key pair.

        https://www.100ms.live/docs/get-started/v2/get-started/security-and-tokens
        """
        given, problems = _read(body.value, {**FIELDS, **LIFETIME})
        ceiling = self._client.settings.token_max_seconds
        lifetime = given.pop("expires_in", None) or min(DEFAULT_APP_SECONDS, ceiling)
        for name, seed_name in FIELDS.items():
            if not isinstance(given.get(name), str) or not given[name].strip():
                problems.append(f"{seed_name}: a string that is not empty is required")
        if type(lifetime) is not int or not 1 <= lifetime <= ceiling:
            problems.append(f"expiresIn: a whole number of seconds from 1 to {ceiling} is required")
        if problems:
            raise BadRequest("Invalid body", details=problems)
        caller.grant.check_join(given["room_id"], given["role"])
        pair = self._client.credentials.key_pair()
        return Reply.of(201, {"token": sign_app(pair.access_key, pair.secret, lifetime=lifetime, **given)})


def _read(value: dict[str, Any], names: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The known fields under their snake_case names, and what is wrong with how they are named."""
    given = {name: value.get(name, value.get(seed_name)) for name, seed_name in names.items()}
    twice = [
        f"{seed_name}: given twice, also as {name}"
        for name, seed_name in names.items()
        if name != seed_name and name in value and seed_name in value
    ]
    return given, twice
