"""Tells webhooks of 100ms from anyone else's: by a secret header, and by a signature where one is asked for.

https://www.100ms.live/docs/server-side/v2/how-to-guides/configure-webhooks/secure-webhooks
"""

import hashlib
import hmac
from collections.abc import Callable

from hms.credentials import make_parameter_cache
from hms.errors import UnauthorizedError
from hms.http.transport import Transport

REFRESH_SECONDS = 60


class WebhookVerifier:
    """Checks against `<prefix>/webhook_secret` and, where webhooks are signed, `<prefix>/webhook_signature_key`.

    Each holds one value, or two separated by a comma while one takes the place of the other. They are read again, at
    most once a minute, when a webhook comes that fits none.

    Args:
        parameter_prefix: SSM path of the secrets.
        transport: calls SSM.
        signed: whether webhooks must be signed, as those of HIPAA workspaces are.
    """

    def __init__(self, parameter_prefix: str, transport: Transport, *, signed: bool = False) -> None:
        self._signed = signed
        self._secret_name = f"{parameter_prefix}/webhook_secret"
        self._key_name = f"{parameter_prefix}/webhook_signature_key"
        names = [self._secret_name, self._key_name] if self._signed else [self._secret_name]
        self._parameters = make_parameter_cache(transport, names)

    def check_secret(self, received: str) -> None:
        """Let a webhook with this secret pass.

        Raises:
            UnauthorizedError: it is none of the secrets.
            CredentialsUnavailableError: the secrets can't be read.
        """
        if not received:  # anyone can send such, and should not have SSM asked
            raise _unauthorized("the webhook's secret is missing or wrong")
        self._check(
            self._secret_name, lambda secret: _is_equal(received, secret), "the webhook's secret is missing or wrong"
        )

    def check_signature(self, received: str, body: bytes) -> None:
        """Let a webhook with this signature pass, and any where webhooks are not signed.

        Args:
            received: the HMAC-SHA256 of the body in hexadecimal digits.
            body: the body as it was sent.

        Raises:
            UnauthorizedError: it was made with none of the keys, or of another body.
            CredentialsUnavailableError: the keys can't be read.
        """
        if self._signed:
            matches_signature: Callable[[str], bool] = lambda key: _is_equal(received.lower(), _sign(key, body))  # noqa: E731
            self._check(self._key_name, matches_signature, "the webhook's signature is missing or wrong")

    def _check(self, name: str, matches: Callable[[str], bool], problem: str) -> None:
        values = self._parameters.get()[name]
        if _any_matches(values, matches):
            return
        refreshed = self._parameters.get(max_age=REFRESH_SECONDS)[name]
        if refreshed == values or not _any_matches(refreshed, matches):
            raise _unauthorized(problem)


def _unauthorized(problem: str) -> UnauthorizedError:
    return UnauthorizedError("Webhook refused", details=[problem], headers={"www-authenticate": "Webhook-Secret"})


def _any_matches(values: str, matches: Callable[[str], bool]) -> bool:
    """Whether one of the values, separated by commas, fits; all are tried, so that the time taken tells nothing."""
    return True in [matches(value.strip()) for value in values.split(",") if value.strip()]


def _is_equal(received: str, expected: str) -> bool:
    return hmac.compare_digest(received.encode(errors="surrogatepass"), expected.encode())


def _sign(key: str, body: bytes) -> str:
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
