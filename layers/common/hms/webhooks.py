"""Verify that webhooks come from 100ms, by a secret header and optionally by a signature.

https://www.100ms.live/docs/server-side/v2/how-to-guides/configure-webhooks/secure-webhooks
"""

import hashlib
import hmac
from collections.abc import Callable

from hms.errors import UnauthorizedError
from hms.http.transport import Transport
from hms.parameters import Parameters

SECRET, SIGNATURE_KEY = "webhook_secret", "webhook_signature_key"
REFRESH_SECONDS = 60


class WebhookVerifier:
    """Verifies webhooks with `<prefix>/webhook_secret` and, for signed webhooks, `<prefix>/webhook_signature_key`.

    Each parameter holds one value, or two values separated by a comma during a rotation. If a webhook matches no value,
    the parameters are read again, at most once a minute.

    Args:
        parameter_prefix: SSM path of the parameters.
        transport: calls SSM.
        signed: whether a signature is required. 100ms signs the webhooks of HIPAA workspaces.
    """

    def __init__(self, parameter_prefix: str, transport: Transport, *, signed: bool = False) -> None:
        self._signed = signed
        self._parameters = Parameters(transport, parameter_prefix)
        self._parameters.add([SECRET, SIGNATURE_KEY] if signed else [SECRET])

    def check_secret(self, received: str) -> None:
        """Check the secret of a webhook.

        Raises:
            UnauthorizedError: The secret is missing or wrong.
            CredentialsUnavailableError: SSM did not return the expected secret.
        """
        if not received:  # a request without a secret must not cause a call to SSM
            raise _unauthorized("the webhook's secret is missing or wrong")
        self._check(SECRET, lambda secret: _is_equal(received, secret), "the webhook's secret is missing or wrong")

    def check_signature(self, received: str, body: bytes) -> None:
        """Check the signature of a webhook. Does nothing if no signature is required.

        Args:
            received: HMAC-SHA256 of the body, in hexadecimal digits.
            body: the body as received.

        Raises:
            UnauthorizedError: The signature is missing or wrong.
            CredentialsUnavailableError: SSM did not return the key.
        """
        if self._signed:
            matches_signature: Callable[[str], bool] = lambda key: _is_equal(received.lower(), _sign(key, body))  # noqa: E731
            self._check(SIGNATURE_KEY, matches_signature, "the webhook's signature is missing or wrong")

    def _check(self, name: str, matches: Callable[[str], bool], problem: str) -> None:
        (values,) = self._parameters.require([name])
        if _any_matches(values, matches):
            return
        (refreshed,) = self._parameters.require([name], REFRESH_SECONDS)
        if refreshed == values or not _any_matches(refreshed, matches):
            raise _unauthorized(problem)


def _unauthorized(problem: str) -> UnauthorizedError:
    return UnauthorizedError("Webhook rejected", details=[problem], headers={"www-authenticate": "Webhook-Secret"})


def _any_matches(values: str, matches: Callable[[str], bool]) -> bool:
    """Return whether one of the comma-separated values matches. All are compared, against timing attacks."""
    return True in [matches(value.strip()) for value in values.split(",") if value.strip()]


def _is_equal(received: str, expected: str) -> bool:
    return hmac.compare_digest(received.encode(errors="surrogatepass"), expected.encode())


def _sign(key: str, body: bytes) -> str:
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
