"""The public keys of an OpenID Connect issuer: found by discovery, cached, and read again when one is unknown."""

import json
import logging
from time import monotonic
from typing import Any

from jwt import PyJWK, PyJWKSet, PyJWTError

from hms import USER_AGENT
from hms.errors import HmsError, SignInUnavailable, Unauthorized
from hms.oidc.settings import is_secure
from hms.transport import Transport

ALGORITHMS = frozenset({"RS256", "ES256"})
FRESH_SECONDS = 3_600
STALE_SECONDS = 24 * 3_600
PAUSE_SECONDS = 30
RETRY_SECONDS = 5
ANSWER_SECONDS = 5.0
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
        self._keys: dict[str, PyJWK] = {}
        self._failure = ""
        self._read_at = float("-inf")
        self._rests_until = float("-inf")

    def key(self, key_id: str) -> PyJWK:
        """The key that has this id, for RS256 or ES256.

        Raises:
            Unauthorized: the issuer has none.
            SignInUnavailable: the issuer could not be asked, and the keys read last are 24 h old or lack this one.
        """
        now = monotonic()
        is_due = key_id not in self._keys or now - self._read_at >= FRESH_SECONDS
        if is_due and now >= self._rests_until:
            self._read()
        if key_id in self._keys and now - self._read_at < STALE_SECONDS:
            return self._keys[key_id]
        if self._failure:
            raise SignInUnavailable(reason=self._failure)
        raise Unauthorized(details=["the token's key is unknown"])

    def _read(self) -> None:
        try:
            self._keys = self._fetch()
        except HmsError as error:
            self._failure = f"the issuer's keys: {type(error).__name__}: {error.reason}"
            self._rests_until = monotonic() + RETRY_SECONDS
            logger.warning(self._failure)
        else:
            self._failure = ""
            self._read_at = monotonic()
            self._rests_until = self._read_at + PAUSE_SECONDS

    def _fetch(self) -> dict[str, PyJWK]:
        ends = monotonic() + ANSWER_SECONDS
        configuration = self._get(f"{self._url.rstrip('/')}/.well-known/openid-configuration", ends)
        if configuration.get("issuer") != self._url:
            raise SignInUnavailable(reason="its configuration names another issuer")
        address = configuration.get("jwks_uri")
        if not isinstance(address, str) or not is_secure(address):
            raise SignInUnavailable(reason="its jwks_uri is neither https nor on loopback")
        try:
            keys = PyJWKSet.from_dict(self._get(address, ends)).keys
        except (PyJWTError, TypeError, ValueError):
            raise SignInUnavailable(reason="no set of keys") from None
        usable = {key.key_id: key for key in keys if key.key_id and _signs(key)}
        if not usable:
            raise SignInUnavailable(reason="no key with an id for RS256 or ES256")
        return usable

    def _get(self, url: str, ends: float) -> dict[str, Any]:
        headers = {"accept": "application/json", "user-agent": USER_AGENT}
        answer = self._transport.exchange("GET", url, headers, within=ends - monotonic())
        if answer.status != 200:
            raise SignInUnavailable(reason=f"an answer of status {answer.status}")
        try:
            value = json.loads(answer.body)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise SignInUnavailable(reason="an answer that is no JSON object")
        return value


def _signs(key: PyJWK) -> bool:
    return key.algorithm_name in ALGORITHMS and key.public_key_use in (None, "sig")
