"""Reads and caches the public keys of an OpenID Connect issuer."""

import json
import logging
from time import monotonic
from typing import Any

from jwt import PyJWK, PyJWKSet, PyJWTError

from hms import USER_AGENT
from hms.errors import HmsError, SignInUnavailableError, UnauthorizedError
from hms.http.transport import Transport
from hms_service.auth.oidc.cache import StaleOnErrorCache
from hms_service.auth.oidc.settings import is_secure

ALGORITHMS = frozenset({"RS256", "ES256"})
FRESH_SECONDS = 3_600
STALE_SECONDS = 24 * 3_600
UNKNOWN_KEY_REFRESH_SECONDS = 30
RETRY_SECONDS = 5
FETCH_TIMEOUT_SECONDS = 5.0
"""Total time for the requests to the issuer. Anyone can trigger them with an unknown key ID."""

logger = logging.getLogger(__name__)


class Issuer:
    """Cached signing keys of an issuer.

    The keys are read once an hour. An unknown key ID triggers another read, at most twice a minute. If the issuer
    fails, cached keys stay valid for 24 hours, and the next attempt follows after 5 seconds.

    Args:
        url: the issuer's URL, exactly as in the `iss` claim of its tokens.
        transport: sends requests to the issuer.
    """

    def __init__(self, url: str, transport: Transport) -> None:
        self._url = url
        self._transport = transport
        self._keys = StaleOnErrorCache(
            self._read, fresh_seconds=FRESH_SECONDS, stale_seconds=STALE_SECONDS, retry_seconds=RETRY_SECONDS
        )

    def get_key(self, key_id: str) -> PyJWK:
        """Return the RS256 or ES256 key with this key ID.

        Raises:
            UnauthorizedError: The issuer has no such key.
            SignInUnavailableError: The issuer fails, and no cached key has this ID.
        """
        keys = self._keys.get()
        if key_id not in keys:
            keys = self._keys.get(max_age=UNKNOWN_KEY_REFRESH_SECONDS)
        if key_id not in keys:
            raise self._keys.last_error or UnauthorizedError(details=["the token's key ID (kid) is unknown"])
        return keys[key_id]

    def _read(self) -> dict[str, PyJWK]:
        try:
            return self._fetch()
        except HmsError as error:
            failure = f"the issuer's keys: {type(error).__name__}: {error.reason}"
            logger.warning(failure)
            raise SignInUnavailableError(reason=failure) from None

    def _fetch(self) -> dict[str, PyJWK]:
        ends_at = monotonic() + FETCH_TIMEOUT_SECONDS
        configuration = self._get(f"{self._url.rstrip('/')}/.well-known/openid-configuration", ends_at)
        if configuration.get("issuer") != self._url:
            raise SignInUnavailableError(reason="the configuration names another issuer")
        jwks_uri = configuration.get("jwks_uri")
        if not isinstance(jwks_uri, str) or not is_secure(jwks_uri):
            raise SignInUnavailableError(reason="jwks_uri must use https or a loopback address")
        try:
            keys = PyJWKSet.from_dict(self._get(jwks_uri, ends_at)).keys
        except (PyJWTError, TypeError, ValueError):
            raise SignInUnavailableError(reason="the response is not a JSON Web Key Set") from None
        usable = {key.key_id: key for key in keys if key.key_id and _is_signing_key(key)}
        if not usable:
            raise SignInUnavailableError(reason="no RS256 or ES256 key with a key ID")
        return usable

    def _get(self, url: str, ends_at: float) -> dict[str, Any]:
        headers = {"accept": "application/json", "user-agent": USER_AGENT}
        response = self._transport.exchange("GET", url, headers, timeout=ends_at - monotonic())
        if response.status_code != 200:
            raise SignInUnavailableError(reason=f"status {response.status_code}")
        try:
            value = json.loads(response.body)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise SignInUnavailableError(reason="the response is not a JSON object")
        return value


def _is_signing_key(key: PyJWK) -> bool:
    return key.algorithm_name in ALGORITHMS and key.public_key_use in (None, "sig")
