"""Send operations to 100ms: validate, authorize, send, and retry if a retry cannot repeat a side effect."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter, time
from urllib.parse import quote, urlencode

from hms import USER_AGENT
from hms.credentials import Credentials, KeyPair
from hms.errors import (
    BadRequestError,
    HmsError,
    InvalidUpstreamResponseError,
    UpstreamConnectionError,
    UpstreamTimeoutError,
    UpstreamUnreachableError,
    error_from_response,
)
from hms.http.backoff import RetryPolicy
from hms.http.stats import UpstreamStats
from hms.http.transport import RawResponse, Transport
from hms.operation import Operation
from hms.retry_after import parse_retry_after
from hms.settings import Settings
from hms.strict_json import encode
from hms.tokens import DEFAULT_MANAGEMENT_TOKEN_SECONDS, sign_management_token
from hms.types import Body, Query, RawJson, Response, dump, to_query_pairs
from hms.validation import Validator

RETRY_POLICY = RetryPolicy(max_attempts=3, base_seconds=0.4)
RENEW_AFTER_SECONDS = 0.75 * DEFAULT_MANAGEMENT_TOKEN_SECONDS
RETRYABLE_STATUSES = frozenset({502, 503, 504})
FORWARDED_STATUSES = frozenset({401, 429})
"""Statuses that are forwarded even if the body is not JSON: gateways in front of 100ms send them with HTML bodies."""
NO_RETRY = RetryPolicy(max_attempts=1, base_seconds=0)
CODE_EXCHANGE_TIMEOUT_SECONDS = 5.0
"""Timeout of a code exchange. Anyone can request one without a token, so it must not occupy a function for long."""


class Requester:
    """Sends operations.

    Args:
        settings: URLs of 100ms and validation mode.
        transport: sends HTTP requests.
        credentials: reads the app's key pair.

    Attributes:
        validation: how undocumented requests are handled.
        stats: statistics of the calls. The reader replaces the object to start again.
    """

    def __init__(self, settings: Settings, transport: Transport, credentials: Credentials) -> None:
        self._settings = settings
        self._transport = transport
        self._credentials = credentials
        self._validator = Validator(settings.validation)
        self.validation = settings.validation
        self.stats = UpstreamStats()
        self._token = ""
        self._token_pair: KeyPair | None = None
        self._renew_at = 0.0

    def call(
        self,
        operation: Operation,
        path_parameters: Mapping[str, str],
        *,
        query: Query = (),
        body: Body | None = None,
        token: str | None = None,
    ) -> Response:
        """Validate the request and send it.

        A GET is attempted up to three times after a connection error, a 429, 502, 503 or 504. A POST or DELETE is
        retried only after a 429 or if it was not sent. After a 401, the credentials are read again once.

        Args:
            operation: operation to call.
            path_parameters: values of the path parameters, by name.
            query: names and values, in order. Names may repeat.
            body: body to send as JSON.
            token: token to send instead of the app's management token.

        Returns:
            The response of 100ms with any status.

        Raises:
            BadRequestError: A path parameter is invalid, or validation rejects the query or body. Nothing was sent.
            UpstreamUnreachableError: The request was not sent.
            UpstreamConnectionError: The connection failed. 100ms may have executed the request.
            UpstreamTimeoutError: No response in time. 100ms may have executed the request.
            InvalidUpstreamResponseError: The response is not JSON or is too large.
            CredentialsUnavailableError: The app's key pair cannot be read.
        """
        pairs = to_query_pairs(query)
        body = operation.rewrite(body) if operation.rewrite and body is not None else body
        self._validator.check(operation, pairs, body, self.stats)
        base_url = self._settings.api_url if operation.auth != "none" else self._settings.auth_url
        url = f"{base_url}{operation.build_path(path_parameters)}{_encode_query(pairs)}"
        text = _encode_body(body)
        if operation.auth == "none":
            self.stats.calls += 1
            return self._send(
                operation.method, url, {}, text, retry_policy=NO_RETRY, timeout=CODE_EXCHANGE_TIMEOUT_SECONDS
            )
        headers = _build_bearer_header(token or self._get_management_token())
        self.stats.calls += 1
        response = self._send(operation.method, url, headers, text)
        if response.status_code == 401 and token is None:
            retried = self._send(
                operation.method, url, _build_bearer_header(self._get_management_token(renew=True)), text
            )
            self.stats.auth_failures += retried.status_code == 401
            response = replace(retried, attempts=response.attempts + retried.attempts)
        return response

    def check_body(self, operation: Operation, body: Body) -> None:
        """Validate a body without sending it.

        Raises:
            BadRequestError: The body is invalid and validation rejects it.
        """
        self._validator.check(operation, [], body, UpstreamStats())

    def _get_management_token(self, renew: bool = False) -> str:
        pair = self._credentials.get_key_pair(max_age=0) if renew else self._credentials.get_key_pair()
        if renew or pair != self._token_pair or time() >= self._renew_at:
            self._token = sign_management_token(pair.access_key, pair.secret)
            self._token_pair = pair
            self._renew_at = time() + RENEW_AFTER_SECONDS
        return self._token

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        retry_policy: RetryPolicy = RETRY_POLICY,
        timeout: float = math.inf,
    ) -> Response:
        headers = {
            "accept": "application/json",
            "accept-encoding": "gzip",
            "user-agent": USER_AGENT,
            **headers,
        }
        if method == "POST":
            headers["content-type"] = "application/json"
        attempts = 1
        result = self._attempt(method, url, headers, body, timeout)
        while _is_retryable(method, result) and retry_policy.wait(attempts, at_least=_read_retry_after(result)):
            attempts += 1
            result = self._attempt(method, url, headers, body, timeout)
        try:
            response = _to_response(method, result, attempts)
        except HmsError:
            self.stats.errors += 1
            raise
        self.stats.errors += response.status_code >= 500
        return response

    def _attempt(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout: float
    ) -> RawResponse | HmsError:
        started = perf_counter()
        self.stats.attempts += 1
        result: RawResponse | HmsError
        try:
            result = self._transport.exchange(method, url, headers, body, timeout=timeout)
        except HmsError as error:
            result = error
        self.stats.seconds += perf_counter() - started
        self.stats.status_code = result.status_code if isinstance(result, RawResponse) else None
        return result


def _is_retryable(method: str, result: RawResponse | HmsError) -> bool:
    if isinstance(result, UpstreamUnreachableError):
        return True
    if isinstance(result, HmsError):
        return method == "GET" and isinstance(result, UpstreamConnectionError | UpstreamTimeoutError)
    return result.status_code == 429 or (method == "GET" and result.status_code in RETRYABLE_STATUSES)


def _read_retry_after(result: RawResponse | HmsError) -> float:
    """Return the seconds to wait that 100ms requests."""
    return 0 if isinstance(result, HmsError) else parse_retry_after(result.headers.get("retry-after", "")) or 0


def _to_response(method: str, raw_response: RawResponse | HmsError, attempts: int) -> Response:
    if isinstance(raw_response, HmsError):
        raise raw_response
    try:
        text = _read_json_text(method, raw_response)
    except InvalidUpstreamResponseError:
        if raw_response.status_code not in FORWARDED_STATUSES:
            raise
        text = json.dumps(error_from_response(raw_response.status_code, "", {}).envelope(), allow_nan=False)
    retry_after = raw_response.headers.get("retry-after", "")
    headers = {} if parse_retry_after(retry_after) is None else {"retry-after": retry_after}
    return Response(raw_response.status_code, text, headers, attempts)


def _read_json_text(method: str, raw_response: RawResponse) -> str:
    """Return the body of a response, or "" if a POST or DELETE succeeded without a body.

    Raises:
        InvalidUpstreamResponseError: The body is not JSON, or the response is a redirect.
    """
    is_empty_success = not raw_response.body and method != "GET" and 200 <= raw_response.status_code < 300
    if (
        not (is_empty_success or raw_response.body.lstrip().startswith((b"{", b"[")))
        or 300 <= raw_response.status_code < 400
    ):
        raise InvalidUpstreamResponseError(reason=f"response with status {raw_response.status_code} is not JSON")
    try:
        text = raw_response.body.decode()
        if not is_empty_success:
            JSON_CHECKER.decode(text)
    except Exception as error:  # noqa: BLE001, malformed text can raise anything, such as RecursionError
        reason = f"response with status {raw_response.status_code} is not JSON: {type(error).__name__}"
        raise InvalidUpstreamResponseError(reason=reason) from None
    return text


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


JSON_CHECKER = json.JSONDecoder(object_pairs_hook=len, parse_int=str, parse_float=str, parse_constant=_refuse_constant)
"""Checks JSON without building its objects or limiting the size of its numbers."""


def _build_bearer_header(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def _encode_query(pairs: list[tuple[str, str]]) -> str:
    try:
        return f"?{urlencode(pairs, quote_via=quote)}" if pairs else ""
    except UnicodeEncodeError:
        raise BadRequestError(
            "Invalid path or query", details=["path or query: must not contain lone surrogates"]
        ) from None


def _encode_body(body: Body | None) -> bytes | None:
    if body is None:
        return None
    return body.text if isinstance(body, RawJson) else encode(dump(body))
