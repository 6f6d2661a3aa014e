"""The one way to 100ms: signs in, sends, tries again where that is safe, and hands the answer on unparsed."""

import inspect
import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self
from urllib.parse import quote, urlencode

from hms import USER_AGENT, deadline
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
from hms.jitter import full_jitter, parse_retry_after
from hms.sections import Sections
from hms.settings import Settings
from hms.strict_json import encode
from hms.tokens import DEFAULT_MANAGEMENT_SECONDS, sign_management
from hms.traffic import Traffic
from hms.transport import Answer, Transport

TRIES = 3
PAUSE_SECONDS = 0.4
RENEW_AFTER_SECONDS = 0.75 * DEFAULT_MANAGEMENT_SECONDS
RETRIED_STATUSES = frozenset({502, 503, 504})
SPEAKING_STATUSES = frozenset({401, 429})
"""Passed on whatever the body is: 100ms did not act on the request, and gateways in front of it answer in HTML."""
EXCHANGE_SECONDS = 5.0
"""How long a code exchange may take: anybody may ask for one, so none holds a function for long."""


@dataclass(frozen=True, slots=True)
class RawJson:
    """A JSON text that was checked to be one, with its value; it is the text that is sent."""

    text: bytes
    value: Any


class Dumpable(Protocol):
    """A pydantic model; only what it was given is sent."""

    def model_dump(self, *, by_alias: bool, exclude_unset: bool) -> Any:
        """Its members by the names that 100ms uses."""


Query = Iterable[tuple[str, str]] | Mapping[str, object] | Dumpable
ObjectBody = RawJson | Mapping[str, Any] | Dumpable
ArrayBody = RawJson | Sequence[Any] | Dumpable
Body = ObjectBody | ArrayBody


def body_of(operation: Callable[..., Any]) -> tuple[type | None, bool]:
    """What body an operation's signature takes: `dict`, `list` or None, and whether there must be one."""
    body = inspect.signature(operation).parameters.get("body")
    if body is None:
        return None, False
    return list if body.annotation == ArrayBody else dict, body.default is inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of 100ms, or one of our own, its body unparsed.

    Attributes:
        status: HTTP status.
        text: the body, "" where there is none.
        headers: headers of the answer that the caller is to see, lower-case names.
        tries: how many requests it took.
        content_type: what the text is.
        binary: the body in place of the text, where it is none.
    """

    status: int
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    tries: int = 0
    content_type: str = "application/json"
    binary: bytes = b""

    @classmethod
    def of(cls, status: int, value: object) -> Self:
        """A reply of our own, whose body is the value as JSON."""
        return cls(status, json.dumps(value, allow_nan=False))

    def json(self) -> Any:
        """The body's value."""
        return json.loads(self.text)

    def raise_for_status(self) -> Self:
        """The reply itself where it is a success.

        Raises:
            HmsError: of the kind of the status, such as `NotFound` or `RateLimited`, with the message of 100ms.
        """
        if self.status >= 400:
            raise error_of(self.status, self.text, self.headers)
        return self

    @classmethod
    def of_error(cls, error: HmsError) -> Self:
        """The reply that tells of an error of ours."""
        return cls(error.status, json.dumps(error.envelope(), allow_nan=False), error.headers)

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """The same reply with further headers."""
        return replace(self, headers={**self.headers, **headers})

    def with_json(self, value: object) -> Self:
        """The same reply with another body."""
        return replace(self, text=json.dumps(value, allow_nan=False))


class HmsClient(Sections):
    """Calls the Server v2 REST API (https://www.100ms.live/docs/server-side/v2/how-to-guides/make-api-calls).

    Args:
        settings: where 100ms and the credentials are.

    Attributes:
        traffic: what the calls came to; whoever reads it puts a new one in its place.

    Example:
        client = HmsClient.from_environment()
        room = client.rooms.create({"name": "town-hall"}).raise_for_status().json()
        for session in client.sessions.iterate({"room_id": room["id"]}, max_items=50):
            print(session["created_at"])
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.transport = Transport()
        self.credentials = Credentials(settings, self.transport)
        self.traffic = Traffic()
        self._token = ""
        self._token_pair: KeyPair | None = None
        self._renew_at = 0.0

    @classmethod
    def from_environment(cls) -> Self:
        """A client by the environment's settings; nothing is read or sent before the first call."""
        return cls(Settings.from_environment())

    def request(
        self,
        method: str,
        *segments: str,
        query: Query = (),
        body: Body | None = None,
        token: str | None = None,
    ) -> Reply:
        """One call of the REST API, tried again where that can't do a thing twice.

        A GET is tried three times on a broken or refused connection, on 429 and on 502-504; a POST or DELETE only on
        429 or when it provably never arrived. After a 401 the credentials are read anew, once.

        Args:
            method: `GET`, `POST` or `DELETE`.
            segments: the path's segments, each encoded as one.
            query: names and values, in order; names may repeat.
            body: what is sent as JSON.
            token: sent instead of a management token of the app's.

        Raises:
            UpstreamUnreachable, UpstreamBroken, UpstreamUnreadable: no answer that can be passed on.
            UpstreamTimeout: no answer in time.
            CredentialsUnavailable: SSM gives no key pair.
            BadRequest: a segment is empty, `.` or `..`, which would name another path.
        """
        url = _url(self.settings.api_url, segments, query)
        headers = {"authorization": f"Bearer {token or self._management_token()}"}
        self.traffic.calls += 1
        reply = self._send(method, url, headers, _encode(body))
        if reply.status == 401 and token is None:
            headers = {"authorization": f"Bearer {self._management_token(renew=True)}"}
            again = self._send(method, url, headers, _encode(body))
            self.traffic.refusals += again.status == 401
            reply = replace(again, tries=reply.tries + again.tries)
        return reply

    def request_auth(self, method: str, *segments: str, body: ObjectBody) -> Reply:
        """One call of 100ms's token service, which takes no management token.

        Ends within 5 s. Never waits and never retries, after a 429 neither. Raises as `request` does.
        """
        url = _url(self.settings.auth_url, segments, ())
        self.traffic.calls += 1
        return self._send(method, url, {}, _encode(body), tries=1, within=EXCHANGE_SECONDS)

    def _management_token(self, renew: bool = False) -> str:
        pair = self.credentials.key_pair(max_age=0) if renew else self.credentials.key_pair()
        if renew or pair != self._token_pair or time.monotonic() >= self._renew_at:
            self._token = sign_management(pair.access_key, pair.secret)
            self._token_pair = pair
            self._renew_at = time.monotonic() + RENEW_AFTER_SECONDS
        return self._token

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        tries: int = TRIES,
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
        for tried in range(1, tries + 1):
            outcome = self._try(method, url, headers, body, within)
            if tried == tries or not _may_try_again(method, outcome):
                break
            pause = _pause(tried, outcome)
            if pause >= deadline.remaining():
                break
            time.sleep(pause)
        try:
            reply = _reply(method, outcome, tried)
        except HmsError:
            self.traffic.errors += 1
            raise
        self.traffic.errors += reply.status >= 500
        return reply

    def _try(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, within: float
    ) -> Answer | HmsError:
        started = time.perf_counter()
        self.traffic.tries += 1
        outcome: Answer | HmsError
        try:
            outcome = self.transport.exchange(method, url, headers, body, within=within)
        except HmsError as error:
            outcome = error
        self.traffic.seconds += time.perf_counter() - started
        self.traffic.status = outcome.status if isinstance(outcome, Answer) else None
        return outcome


def _may_try_again(method: str, outcome: Answer | HmsError) -> bool:
    if isinstance(outcome, UpstreamUnreachable):
        return True
    if isinstance(outcome, HmsError):
        return method == "GET" and isinstance(outcome, UpstreamBroken | UpstreamTimeout)
    return outcome.status == 429 or (method == "GET" and outcome.status in RETRIED_STATUSES)


def _pause(tried: int, outcome: Answer | HmsError) -> float:
    """Full jitter, or what 100ms asks for when that is longer."""
    pause = full_jitter(PAUSE_SECONDS, tried)
    if isinstance(outcome, HmsError):
        return pause
    return max(pause, parse_retry_after(outcome.headers.get("retry-after", "")) or 0)


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
    """Returns the body of an answer, checked to be JSON; "" if a change is answered with nothing.

    Raises:
        UpstreamUnreadable: the body is anything else, or the answer is a redirect.
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


def _url(base: str, segments: Iterable[str], query: Query) -> str:
    segments = list(segments)
    if not {"", ".", ".."}.isdisjoint(segments):
        raise BadRequest("Invalid path", details=["path: a segment is empty, . or .."])
    try:
        path = "/".join(quote(segment, safe="") for segment in segments)
        encoded = urlencode(query_pairs(query), quote_via=quote)
    except UnicodeEncodeError:
        raise BadRequest("Invalid path or query", details=["path or query: holds a lone surrogate"]) from None
    return f"{base}/{path}?{encoded}" if encoded else f"{base}/{path}"


def query_pairs(query: Query) -> list[tuple[str, str]]:
    """A query as names and texts; a list stands for a repeated name, None and "" are left out."""
    values = dump(query)
    pairs = values.items() if isinstance(values, Mapping) else values
    return [(name, _text(each)) for name, value in pairs for each in _each(value) if each not in (None, "")]


def _each(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else (value,)


def _text(value: object) -> str:
    """The text of a value; numbers and flags are written as in JSON, which refuses NaN."""
    return encode(value, "query").decode() if isinstance(value, int | float) else str(value)


def dump(value: Any) -> Any:
    """What a model holds, and anything else as it is."""
    return value.model_dump(by_alias=True, exclude_unset=True) if hasattr(value, "model_dump") else value


def _encode(body: Body | None) -> bytes | None:
    if body is None:
        return None
    return body.text if isinstance(body, RawJson) else encode(dump(body))
