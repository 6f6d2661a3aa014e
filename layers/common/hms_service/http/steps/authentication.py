"""Step: find the caller by the token of the Authorization header."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from hms.client import HmsClient
from hms.errors import Unauthorized
from hms.types import Reply
from hms_service.auth.authenticator import Access, Authenticator, Caller
from hms_service.auth.client_keys import ClientKeys
from hms_service.http.route import Handler, Request, Route
from hms_service.settings import ServiceSettings

if TYPE_CHECKING:
    from hms_service.auth.oidc.users import Users

BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")


class Authentication:
    """Authenticates callers.

    Args:
        client: the app's key pair and the transport.
        settings: whether the app's own key may call.
    """

    def __init__(self, client: HmsClient, settings: ServiceSettings) -> None:
        self._client = client
        self._settings = settings

    def __call__(self, route: Route, proceed: Handler, request: Request) -> Reply:
        """Let the request proceed with its caller, or without one on a public route."""
        if route.access is not Access.PUBLIC:
            request.token = read_bearer(request.headers)
            request.caller = self._authenticate(request.token, route.access)
            request.log.caller = request.caller.name
        return proceed(request)

    def _authenticate(self, token: str, access: Access) -> Caller:
        if access is Access.OIDC:
            return self._users.authenticate(token)
        return self._authenticator.authenticate(token, access)

    @cached_property
    def _authenticator(self) -> Authenticator:
        client = self._client
        client_keys = ClientKeys(client.settings, client.transport)
        return Authenticator(self._settings.accept_app_key, client.credentials, client_keys)

    @cached_property
    def _users(self) -> "Users":
        from hms_service.auth.oidc.settings import OidcSettings
        from hms_service.auth.oidc.users import Users

        return Users(OidcSettings.from_environment(), self._client.transport)


def read_bearer(headers: Mapping[str, str]) -> str:
    """Return the token of the Authorization header.

    Raises:
        Unauthorized: There is none, or the scheme is not Bearer.
    """
    scheme, _, token = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not BEARER.fullmatch(token.strip()):
        raise Unauthorized(details=["one bearer token is required"])
    return token.strip()
