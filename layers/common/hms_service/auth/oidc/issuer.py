"""The public keys of an OpenID Connect issuer: found by discovery, cached, and read again when one is unknown."""

import json
import logging
from time import monotonic
from typing import Any

from jwt import PyJWK, PyJWKSet, PyJWTError

from hms import USER_AGENT
from hms.cache import StaleOnErrorCache
from hms.errors import HmsError, SignInUnavailableError, UnauthorizedError
from hms.http.transport import Transport
from hms_service.auth.oidc.settings import is_secure

ALGORITHMS = frozenset({"RS256", "ES256"})
FRESH_SECONDS = 3_600
STALE_SECONDS = 24 * 3_600
UNKNOWN_KEY_REFRESH_SECONDS = 30
RETRY_SECONDS = 5
FETCH_TIMEOUT_SECONDS = 5.0
"""How long the issuer may take in all: anyone can name an unknown key and have it asked."""

logger = logging.getLogger(__name__)


class Issuer:
    """An issuer's keys, read once an hour, and for an unknown key at most twice a minute, whoever asks.

    When the issuer fails, the keys read last serve up to 24 h, and it is asked again after 5 s at the earliest.

    Args:
        url: the issuer, as its tokens spell it.
        transport: how it is reached.
    """

    def __init__(self, url: str, transport: Transport) -> None:
        self._url = url
        self._transport = transport
        self._keys = StaleOnErrorCache(
            self._read, fresh_seconds=FRESH_SECONDS, stale_seconds=STALE_SECONDS, retry_seconds=RETRY_SECONDS
        )

    def get_key(self, key_id: str) -> PyJWK:
        """The key that has this id, for RS256 or ES256.

        Raises:
            UnauthorizedError: the issuer has none.
            SignInUnavailableError: the issuer could not be asked, and the keys read last are 24 h old or lack this one.
        """
        keys = self._keys.get()
        if key_id not in keys:
            keys = self._keys.get(max_age=UNKNOWN_KEY_REFRESH_SECONDS)
        if key_id not in keys:
            raise self._keys.last_error or UnauthorizedError(details=["the token's key is unknown"])
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
            raise SignInUnavailableError(reason="its configuration names another issuer")
        jwks_uri = configuration.get("jwks_uri")
        if not isinstance(jwks_uri, str) or not is_secure(jwks_uri):
            raise SignInUnavailableError(reason="its jwks_uri is neither https nor on loopback")
        try:
            keys = PyJWKSet.from_dict(self._get(jwks_uri, ends_at)).keys
        except (PyJWTError, TypeError, ValueError):
            raise SignInUnavailableError(reason="no set of keys") from None
        usable = {key.key_id: key for key in keys if key.key_id and _is_signing_key(key)}
        if not usable:
            raise SignInUnavailableError(reason="no key with an id for RS256 or ES256")
        return usable

    def _get(self, url: str, ends_at: float) -> dict[str, Any]:
        headers = {"accept": "application/json", "user-agent": USER_AGENT}
        response = self._transport.exchange("GET", url, headers, timeout=ends_at - monotonic())
        if response.status_code != 200:
            raise SignInUnavailableError(reason=f"an answer of status {response.status_code}")
        try:
            value = json.loads(response.body)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise SignInUnavailableError(reason="an answer that is no JSON object")
        return value


def _is_signing_key(key: PyJWK) -> bool:
    return key.algorithm_name in ALGORITHMS and key.public_key_use in (None, "sig")
