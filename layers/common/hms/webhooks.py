"""Tells webhooks of 100ms from anyone else's: by a secret header, and by a signature where one is asked for.

https://www.100ms.live/docs/server-side/v2/how-to-guides/configure-webhooks/secure-webhooks
"""

import hashlib
import hmac
from collections.abc import Callable

from hms.credentials import cached_parameters
from hms.errors import Unauthorized
from hms.http.transport import Transport

REREAD_SECONDS = 60


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
        self._parameters = cached_parameters(transport, names)

    def check_secret(self, given: str) -> None:
        """Let a webhook with this secret pass.

        Raises:
            Unauthorized: it is none of the secrets.
            CredentialsUnavailable: the secrets can't be read.
        """
        if not given:  # anyone can send such, and should not have SSM asked
            raise _refusal("the webhook's secret is missing or wrong")
        self._check(self._secret_name, lambda secret: _same(given, secret), "the webhook's secret is missing or wrong")

    def check_signature(self, given: str, body: bytes) -> None:
        """Let a webhook with this signature pass, and any where webhooks are not signed.

        Args:
            given: the HMAC-SHA256 of the body in hexadecimal digits.
            body: the body as it was sent.

        Raises:
            Unauthorized: it was made with none of the keys, or of another body.
            CredentialsUnavailable: the keys can't be read.
        """
        if self._signed:
            signed_with: Callable[[str], bool] = lambda key: _same(given.lower(), _signature(key, body))  # noqa: E731
            self._check(self._key_name, signed_with, "the webhook's signature is missing or wrong")

    def _check(self, name: str, fits: Callable[[str], bool], problem: str) -> None:
        values = self._parameters.get()[name]
        if _any_fits(values, fits):
            return
        newer = self._parameters.get(max_age=REREAD_SECONDS)[name]
        if newer == values or not _any_fits(newer, fits):
            raise _refusal(problem)


def _refusal(problem: str) -> Unauthorized:
    return Unauthorized("Webhook refused", details=[problem], headers={"www-authenticate": "Webhook-Secret"})


def _any_fits(values: str, fits: Callable[[str], bool]) -> bool:
    """Whether one of the values, separated by commas, fits; all are tried, so that the time taken tells nothing."""
    return True in [fits(value.strip()) for value in values.split(",") if value.strip()]


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="surrogatepass"), expected.encode())


def _signature(key: str, body: bytes) -> str:
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
