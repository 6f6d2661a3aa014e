"""Sends operations to 100ms: checks, signs in, sends, and retries what a retry cannot do twice."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from time import monotonic, perf_counter
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from hms import USER_AGENT
from hms.credentials import Credentials, KeyPair
from hms.errors import (
    BadRequest,
    HmsError,
    UpstreamBroken,
    UpstreamTimeout,
    UpstreamUnreachable,
    UpstreamUnreadable,
    error_of,
)
from hms.http.backoff import RetryPolicy
from hms.http.stats import Traffic
from hms.http.transport import Answer, Transport
from hms.operation import Operation
from hms.retry_after import parse_retry_after
from hms.settings import Settings, UnknownFields
from hms.strict_json import JSON_TYPES, encode
from hms.tokens import DEFAULT_MANAGEMENT_SECONDS, sign_management
from hms.types import Body, Query, RawJson, Reply, dump, query_pairs

if TYPE_CHECKING:
    from pydantic import BaseModel

RETRIES = RetryPolicy(max_attempts=3, base_seconds=0.4)
RENEW_AFTER_SECONDS = 0.75 * DEFAULT_MANAGEMENT_SECONDS
RETRIED_STATUSES = frozenset({502, 503, 504})
SPEAKING_STATUSES = frozenset({401, 429})
"""Passed on whatever the body is: 100ms did not act on the request, and gateways in front of it answer in HTML."""
NO_RETRIES = RetryPolicy(max_attempts=1, base_seconds=0)
EXCHANGE_SECONDS = 5.0
"""Time for a code exchange. Anybody may ask for one, so none holds a function for long and none is retried."""


class Requester:
    """Sends operations.

    Args:
        settings: where 100ms and the credentials are.
        transport: what exchanges requests and responses.
        credentials: the app's key pair.

    Attributes:
        traffic: statistics of the calls; their reader puts a new object in place.
    """

    def __init__(self, settings: Settings, transport: Transport, credentials: Credentials) -> None:
        self._settings = settings
        self._transport = transport
        self._credentials = credentials
        self.traffic = Traffic()
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
    ) -> Reply:
        """Check the request by the operation's models and send it.

        A GET is attempted three times on a broken or refused connection, on 429 and on 502-504. A POST or DELETE is
        attempted again only on 429, or if it provably never arrived. After a 401 the credentials are read again, once.

        Args:
            operation: what is called.
            path_parameters: values of the path's variables, by name.
            query: names and values, in order; names may repeat.
            body: sent as JSON.
            token: sent in place of a management token of the app.

        Returns:
            The response of 100ms, whatever its status.

        Raises:
            BadRequest: The query, the body or a path parameter is invalid. Nothing was sent.
            UpstreamUnreachable, UpstreamBroken, UpstreamUnreadable: There is no response that can be passed on.
            UpstreamTimeout: There was no response in time.
            CredentialsUnavailable: SSM returns no key pair.
        """
        pairs = query_pairs(query)
        self._check(operation, pairs, body)
        base = self._settings.api_url if operation.auth != "none" else self._settings.auth_url
        url = f"{base}{operation.path_for(path_parameters)}{_query_string(pairs)}"
        text = _encode(body)
        if operation.auth == "none":
            self.traffic.calls += 1
            return self._send(operation.method, url, {}, text, retries=NO_RETRIES, within=EXCHANGE_SECONDS)
        headers = _bearer(token or self._management_token())
        self.traffic.calls += 1
        reply = self._send(operation.method, url, headers, text)
        if reply.status == 401 and token is None:
            again = self._send(operation.method, url, _bearer(self._management_token(renew=True)), text)
            self.traffic.refusals += again.status == 401
            reply = replace(again, tries=reply.tries + again.tries)
        return reply

    def check_body(self, operation: Operation, body: Body) -> None:
        """Raise BadRequest unless the operation accepts the body. Nothing is sent."""
        if operation.body:
            value = body.value if isinstance(body, RawJson) else dump(body)
            _check(operation.body(), value, "body", self._settings.unknown_fields)

    def _check(self, operation: Operation, pairs: list[tuple[str, str]], body: Body | None) -> None:
        """Check the query and the body by the operation's models, which are imported only if there is something."""
        unknown = self._settings.unknown_fields
        if operation.query and (pairs or operation.query_required):
            _check(operation.query(), _by_name(pairs), "query", unknown)
        elif pairs and not operation.query and unknown is UnknownFields.REFUSE:
            raise BadRequest("Invalid query", details=[f"{name}: unknown field" for name, _ in pairs])
        if operation.body and body is None and operation.body_required:
            raise BadRequest("Invalid body", details=[f"body: a JSON {JSON_TYPES[operation.body_type]} is required"])
        if body is not None:
            self.check_body(operation, body)

    def _management_token(self, renew: bool = False) -> str:
        pair = self._credentials.key_pair(max_age=0) if renew else self._credentials.key_pair()
        if renew or pair != self._token_pair or monotonic() >= self._renew_at:
            self._token = sign_management(pair.access_key, pair.secret)
            self._token_pair = pair
            self._renew_at = monotonic() + RENEW_AFTER_SECONDS
        return self._token

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        retries: RetryPolicy = RETRIES,
        within: float = math.inf,
    ) -> Reply:
        headers = {
            "accept": "application/json",
            "accept-encoding": "gzip",
            "user-agent": USER_AGENT,
            **headers,
        }
        if method == "POST":
            headers["content-type"] = "application/json"
        attempts = 1
        outcome = self._try(method, url, headers, body, within)
        while _may_retry(method, outcome) and retries.wait(attempts, at_least=_retry_after(outcome)):
            attempts += 1
            outcome = self._try(method, url, headers, body, within)
        try:
            reply = _reply(method, outcome, attempts)
        except HmsError:
            self.traffic.errors += 1
            raise
        self.traffic.errors += reply.status >= 500
        return reply

    def _try(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, within: float
    ) -> Answer | HmsError:
        started = perf_counter()
        self.traffic.tries += 1
        outcome: Answer | HmsError
        try:
            outcome = self._transport.exchange(method, url, headers, body, within=within)
        except HmsError as error:
            outcome = error
        self.traffic.seconds += perf_counter() - started
        self.traffic.status = outcome.status if isinstance(outcome, Answer) else None
        return outcome


def _may_retry(method: str, outcome: Answer | HmsError) -> bool:
    if isinstance(outcome, UpstreamUnreachable):
        return True
    if isinstance(outcome, HmsError):
        return method == "GET" and isinstance(outcome, UpstreamBroken | UpstreamTimeout)
    return outcome.status == 429 or (method == "GET" and outcome.status in RETRIED_STATUSES)


def _retry_after(outcome: Answer | HmsError) -> float:
    """Return how many seconds 100ms asks to wait."""
    return 0 if isinstance(outcome, HmsError) else parse_retry_after(outcome.headers.get("retry-after", "")) or 0


def _reply(method: str, answer: Answer | HmsError, tries: int) -> Reply:
    """The answer as it is passed on: JSON, or nothing where there is nothing to say; a failure is raised."""
    if isinstance(answer, HmsError):
        raise answer
    try:
        text = _json_text(method, answer)
    except UpstreamUnreadable:
        if answer.status not in SPEAKING_STATUSES:
            raise
        text = json.dumps(error_of(answer.status, "", {}).envelope(), allow_nan=False)
    retry_after = answer.headers.get("retry-after", "")
    headers = {} if parse_retry_after(retry_after) is None else {"retry-after": retry_after}
    return Reply(answer.status, text, headers, tries)


def _json_text(method: str, answer: Answer) -> str:
    """Return the body of a response, checked to be JSON; "" if a change is answered with nothing.

    Raises:
        UpstreamUnreadable: The body is anything else, or the response is a redirect.
    """
    is_silence = not answer.body and method != "GET" and 200 <= answer.status < 300
    if not (is_silence or answer.body.lstrip().startswith((b"{", b"["))) or 300 <= answer.status < 400:
        raise UpstreamUnreadable(reason=f"an answer of status {answer.status} that is not JSON")
    try:
        text = answer.body.decode()
        if not is_silence:
            JSON_CHECKER.decode(text)
    except Exception as error:  # noqa: BLE001, text of any kind fails in any way, such as by its depth
        reason = f"an answer of status {answer.status} that is not JSON: {type(error).__name__}"
        raise UpstreamUnreadable(reason=reason) from None
    return text


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


JSON_CHECKER = json.JSONDecoder(object_pairs_hook=len, parse_int=str, parse_float=str, parse_constant=_refuse_constant)
"""Reads JSON and keeps next to nothing of it: no object is made, and a number may have any size."""


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def _query_string(pairs: list[tuple[str, str]]) -> str:
    try:
        return f"?{urlencode(pairs, quote_via=quote)}" if pairs else ""
    except UnicodeEncodeError:
        raise BadRequest("Invalid path or query", details=["path or query: holds a lone surrogate"]) from None


def _encode(body: Body | None) -> bytes | None:
    if body is None:
        return None
    return body.text if isinstance(body, RawJson) else encode(dump(body))


def _check(model: "type[BaseModel]", value: object, what: str, unknown: UnknownFields) -> None:
    from hms.models.base import check

    check(model, value, what, unknown)


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    """Return the query as its models see it: a name that stands more than once has a list."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: found[0] if len(found) == 1 else found for name, found in values.items()}
