"""Step: authenticate the caller by the bearer token."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from hms.client import HmsClient
from hms.errors import UnauthorizedError
from hms.types import Response
from hms_service.auth.authenticator import Authenticator
from hms_service.auth.caller import AuthScheme, Caller
from hms_service.http.route import Handler, Request, Route
from hms_service.settings import ServiceSettings

if TYPE_CHECKING:
    from hms_service.auth.oidc.authenticator import OidcAuthenticator

BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")


class Authentication:
    """Authenticates callers.

    Args:
        client: reads the keys, and provides the transport.
        settings: whether tokens signed with the app's own key are accepted.
    """

    def __init__(self, client: HmsClient, settings: ServiceSettings) -> None:
        self._client = client
        self._settings = settings

    def __call__(self, route: Route, proceed: Handler, request: Request) -> Response:
        """Set the caller of the request. Public routes have no caller."""
        if route.auth_scheme is not AuthScheme.PUBLIC:
            request.token = read_bearer(request.headers)
            request.caller = self._authenticate(request.token, route.auth_scheme)
            request.log.caller = request.caller.name
        return proceed(request)

    def read_keys(self) -> None:
        """Read all keys in one call, before the first request."""
        self._authenticator.read_keys()

    def _authenticate(self, token: str, auth_scheme: AuthScheme) -> Caller:
        if auth_scheme is AuthScheme.OIDC:
            return self._users.authenticate(token)
        return self._authenticator.authenticate(token, auth_scheme)

    @cached_property
    def _authenticator(self) -> Authenticator:
        return Authenticator(self._settings.accept_app_key, self._client.parameters, self._client.credentials)

    @cached_property
    def _users(self) -> "OidcAuthenticator":
        from hms_service.auth.oidc.authenticator import OidcAuthenticator
        from hms_service.auth.oidc.settings import OidcSettings

        return OidcAuthenticator(OidcSettings.from_environment(), self._client.transport)


def read_bearer(headers: Mapping[str, str]) -> str:
    """Return the token of the Authorization header.

    Raises:
        UnauthorizedError: The header has no bearer token.
    """
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not BEARER.fullmatch(token.strip()):
        raise UnauthorizedError(details=["authorization: must be a bearer token"])
    return token.strip()
