"""The one way in for HTTP: Powertools' resolver, set up once, with authentication, errors and logs for all sections."""

import binascii
import inspect
import json
import re
import time
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext

from hms import deadline
from hms.access import Access, Authenticator, Caller
from hms.client import HmsClient, Reply, body_of
from hms.client_keys import ClientKeys
from hms.errors import (
    BadRequest,
    CredentialsUnavailable,
    HmsError,
    MethodNotAllowed,
    NotFound,
    ResponseTooLarge,
    StoreUnavailable,
)
from hms.event import check_path, is_http_event, read_bearer, read_body, read_query
from hms.logs import make_logger
from hms.metrics import Meter, Metric
from hms.response import MAX_RESPONSE_BYTES, accepts_gzip, compress, fits
from hms.scopes import READ, WRITE
from hms.strict_json import MAX_BYTES
from hms.traffic import Traffic

if TYPE_CHECKING:
    from hms.idempotency import Idempotency
    from hms.oidc.users import Users

VERSION = re.compile(r"^/v2(?=/|$)")
TRAILING_SLASH = re.compile(r"/$")
DEFAULT_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
"""Headers of every answer that does not set them: most answers hold a credential or are one caller's alone."""
NO_HTTP_EVENT = "event: one of an HTTP API, payload 2.0, is required"

Operation = Callable[..., Reply]


class Route(NamedTuple):
    """What a verb of a rule does.

    Attributes:
        operation: what is called.
        access: what is asked of the caller.
        keyed: whether an `Idempotency-Key` makes it happen once.
        max_body_bytes: size of the largest body that is read.
        answers: name of the operation of the REST API whose answer it gives, such as `rooms.create`; "" if none.
    """

    operation: Operation
    access: Access
    keyed: bool
    max_body_bytes: int = MAX_BYTES
    answers: str = ""


class _Resolver(APIGatewayHttpResolver):
    """Powertools' resolver, whose path parameters take any segment: what a segment may hold is checked in one place."""

    @staticmethod
    def _compile_regex(rule: str, base_regex: str = "") -> re.Pattern[str]:  # noqa: ARG004
        pattern = re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", rule)
        return re.compile(rf"^{pattern}\Z")


class Gateway:
    """Turns events of an HTTP API (payload 2.0) into calls of operations, and replies into answers.

    Every route is served at `/…` and `/v2/…` and asks for a management token unless it says otherwise. An operation is
    called with the route's path parameters and, where its signature has them, `query`, `body` (parsed and checked to be
    of the shape annotated), `token` (the caller's), `caller`, `headers`, `event` (its body unread, in place of `body`),
    `context` (Lambda's) and `notes` (more for the log to tell). A key needs the scope `<section>:read` for a GET,
    `<section>:write` otherwise. A key without `<section>:write` gets no credentials that the answer holds; a function
    that gives the answer of an operation of the REST API names that operation as `answers`.

    Args:
        section: names the section in the logs.
        scope: the section whose scopes are asked for, where it is another.

    Example:
        gateway = Gateway("sessions")
        sessions = Sessions(gateway.client)
        gateway.get("/sessions/<session_id>", sessions.retrieve)
        handler = gateway.resolve
    """

    def __init__(self, section: str, *, scope: str = "") -> None:
        self.section = section
        self.scope = scope or section.replace("_", "-")
        base_path = re.compile(rf"^/{re.escape(self.client.settings.base_path)}(?=/|$)")
        prefixes = [base_path] if self.client.settings.base_path else []
        self._app = _Resolver(strip_prefixes=[*prefixes, VERSION, TRAILING_SLASH], debug=False)
        self._app.not_found(self._answer_no_route)
        self._app.exception_handler(HmsError)(self._answer_error)
        self._app.exception_handler(Exception)(self._answer_crash)
        self._logger = make_logger(section)
        self._idempotency: Idempotency | None = None
        self._routes: dict[str, dict[str, Route]] = {}
        self._seen: dict[str, Any] = {}

    @cached_property
    def client(self) -> HmsClient:
        """The client that the section's operations call."""
        return HmsClient.from_environment()

    @cached_property
    def meter(self) -> Meter:
        """What the section's metrics are counted with."""
        return Meter(self.section, self.client.settings.stack)

    @property
    def routes(self) -> Mapping[str, Mapping[str, Route]]:
        """What each verb of each rule does."""
        return self._routes

    @cached_property
    def _authenticator(self) -> Authenticator:
        client = self.client
        return Authenticator(client.settings, client.credentials, ClientKeys(client.settings, client.transport))

    @cached_property
    def _users(self) -> "Users":
        from hms.oidc.settings import OidcSettings
        from hms.oidc.users import Users

        return Users(OidcSettings.from_environment(), self.client.transport)

    def get(
        self,
        rule: str,
        operation: Operation,
        access: Access = Access.MANAGEMENT,
        *,
        answers: Operation | None = None,
    ) -> None:
        """Call the operation on `GET`, and on `HEAD`, which is answered with the headers alone.

        `answers`: the operation of the REST API whose answer it gives, if another.
        """
        self._route("GET", rule, Route(operation, access, keyed=False, answers=_name_of(answers or operation)))

    def post(
        self,
        rule: str,
        operation: Operation,
        access: Access = Access.MANAGEMENT,
        *,
        keyed: bool = True,
        max_body_bytes: int = MAX_BYTES,
        answers: Operation | None = None,
    ) -> None:
        """Call the operation on `POST`; `keyed`: once for an `Idempotency-Key`, where the caller sends one."""
        self._route("POST", rule, Route(operation, access, keyed, max_body_bytes, _name_of(answers or operation)))

    def delete(self, rule: str, operation: Operation, access: Access = Access.MANAGEMENT) -> None:
        """Call the operation on `DELETE`; once for an `Idempotency-Key`, where the caller sends one."""
        self._route("DELETE", rule, Route(operation, access, keyed=True, answers=_name_of(operation)))

    def resolve(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """The function's handler: one event, one answer, one line in the log, one of metrics."""
        started = time.perf_counter()
        deadline.start(context.get_remaining_time_in_millis())
        is_ours = is_http_event(event)
        request_id = event["requestContext"]["requestId"] if is_ours else context.aws_request_id
        self._logger.append_keys(correlation_id=request_id, function_request_id=context.aws_request_id)
        self._seen, self.client.traffic = {}, Traffic()
        if is_ours:
            answer = self._fit(self._app.resolve(event, context), request_id)
        else:
            answer = self._refuse(BadRequest("Invalid event", details=[NO_HTTP_EVENT]), request_id)
        if is_ours and event["requestContext"]["http"]["method"] == "HEAD":
            answer |= {"body": "", "isBase64Encoded": False}
        self._seen |= {"status": answer["statusCode"], "duration_ms": round((time.perf_counter() - started) * 1000, 1)}
        self._log(self.client.traffic)
        return answer

    def _fit(self, answer: dict[str, Any], request_id: str) -> dict[str, Any]:
        """Compresses an answer that Lambda cannot send as it is; refuses one that does not fit then either."""
        if fits(answer):
            return answer
        is_accepted = accepts_gzip(self._app.current_event.headers)
        if is_accepted and not answer["isBase64Encoded"]:
            answer = compress(answer)
            if fits(answer):
                return answer
        details = [] if is_accepted else ["accept-encoding: must allow gzip for an answer of this size"]
        reason = f"an answer over {MAX_RESPONSE_BYTES} bytes as Lambda encodes it"
        return self._refuse(ResponseTooLarge(details=details, reason=reason), request_id)

    def _refuse(self, error: HmsError, request_id: str) -> dict[str, Any]:
        """The answer that tells of an error, for what does not go through the resolver."""
        self._note_error(error)
        reply = Reply.of_error(error)
        headers = {**DEFAULT_HEADERS, "content-type": reply.content_type, "x-request-id": request_id}
        return {"statusCode": reply.status, "headers": headers, "body": reply.text, "isBase64Encoded": False}

    def _note_error(self, error: HmsError) -> None:
        self._seen |= {"error": type(error).__name__, "reason": error.reason}

    def _log(self, traffic: Traffic) -> None:
        status = self._seen["status"]
        if traffic.tries:
            self._seen |= {
                "upstream_status": traffic.status,
                "upstream_tries": traffic.tries,
                "upstream_ms": traffic.milliseconds,
            }
        log = self._logger.error if status >= 500 else self._logger.info
        log("request", extra=self._seen)
        self.meter.count(Metric.REQUESTS)
        self.meter.count(Metric.SERVER_ERRORS, status >= 500)
        self.meter.count(Metric.IDEMPOTENT_REPLAYS, self._seen.get("replayed", False))
        self.meter.count(Metric.CREDENTIAL_FAILURES, self._seen.get("error") == CredentialsUnavailable.__name__)
        self.meter.note(traffic)
        self.meter.flush()

    def _route(self, method: str, rule: str, route: Route) -> None:
        operation, access = route.operation, route.access
        if route.keyed and access is Access.PUBLIC:
            raise ValueError(f"{method} {rule}: an idempotency key needs a caller, and a public route has none")
        parameters = inspect.signature(operation).parameters
        shape, required = body_of(operation)

        def endpoint(**arguments: Any) -> Response[str]:
            event = self._app.current_event
            headers = event.headers
            self._seen |= {"method": event.http_method, "route": rule}
            check_path(event.path)
            caller = None
            if access is not Access.PUBLIC:
                token = read_bearer(headers)
                caller = self._authenticate(token, access)
                self._seen["caller"] = caller.name
                caller.grant.check_scope(self.scope, READ if method == "GET" else WRITE)
                arguments |= {name: it for name, it in {"token": token, "caller": caller}.items() if name in parameters}
            context = self._app.lambda_context
            unread = {"headers": headers, "event": event, "context": context, "notes": self._seen}
            arguments |= {name: it for name, it in unread.items() if name in parameters}
            if "query" in parameters:
                arguments["query"] = read_query(event)
            if method != "GET" and "event" not in parameters:
                content = read_body(event, headers, shape, required, route.max_body_bytes)
                if content is not None:
                    arguments["body"] = content
            call = partial(operation, **arguments)
            key = headers.get("idempotency-key") if route.keyed else None
            if key is None or caller is None:
                reply = call()
            else:
                reply = self._call_once(key, json.dumps([*caller.identity, f"{method} {rule}"]), call)
            if caller is not None and not caller.grant.may(self.scope, WRITE):
                reply = _without_credentials(route.answers, reply)
            return self._answer(reply)

        self._routes.setdefault(rule, {})[method] = route
        self._app.route(rule, ["GET", "HEAD"] if method == "GET" else method)(endpoint)

    def _authenticate(self, token: str, access: Access) -> Caller:
        if access is Access.OIDC:
            return self._users.authenticate(token)
        return self._authenticator.authenticate(token, access)

    def _call_once(self, key: str, scope: str, call: Callable[[], Reply]) -> Reply:
        from hms.idempotency import STORE_SECONDS, Idempotency

        if deadline.remaining() < 2 * STORE_SECONDS:
            raise StoreUnavailable(reason="no time is left to note the key and the outcome")
        event = self._app.current_event
        self._idempotency = self._idempotency or Idempotency(self.client.settings.idempotency_table, self.section)
        parts = [self._app.context["_path"], event.raw_query_string, event.body or ""]
        request = "\n".join(parts).encode(errors="surrogatepass")
        with deadline.reserved(STORE_SECONDS):
            reply = self._idempotency.run(key, scope, request, partial(self._note, call))
        self._seen["replayed"] = "idempotent-replay" in reply.headers
        return reply

    def _note(self, call: Callable[[], Reply]) -> Reply:
        """Runs the call and notes its failure for the log: with a key it becomes an answer like any other.

        A crash is an outcome as well once a request may have reached 100ms.
        """
        try:
            return call()
        except HmsError as error:
            self._note_error(error)
            raise
        except Exception as error:
            if not self.client.traffic.tries:
                raise
            return Reply.of_error(self._crash(error))

    def _answer(self, reply: Reply) -> Response[str]:
        request_id = self._app.current_event.request_context.request_id
        headers: dict[str, str | list[str]] = {**DEFAULT_HEADERS, "x-request-id": request_id, **reply.headers}
        body = binascii.b2a_base64(reply.binary, newline=False).decode() if reply.binary else reply.text
        response: Response[str] = Response(reply.status, reply.content_type if body else None, body, headers)
        response.base64_encoded = bool(reply.binary)
        return response

    def _answer_error(self, error: HmsError) -> Response[str]:
        self._note_error(error)
        return self._answer(Reply.of_error(error))

    def _answer_crash(self, error: Exception) -> Response[str]:
        return self._answer(Reply.of_error(self._crash(error)))

    def _crash(self, error: Exception) -> HmsError:
        """Logs an exception that nothing expects; returns the error that the caller gets."""
        self._logger.error("crash", exc_info=error)
        crash = HmsError(reason=type(error).__name__)
        self._note_error(crash)
        return crash

    def _answer_no_route(self, _: NotFoundError) -> Response[str]:
        check_path(self._app.current_event.path)
        path = self._app.context["_path"]
        methods = {verb for rule, verbs in self._routes.items() if _matches(rule, path) for verb in verbs}
        if methods:
            methods |= {"HEAD"} if "GET" in methods else set()
            raise MethodNotAllowed(headers={"allow": ", ".join(sorted(methods))})
        raise NotFound


def _name_of(operation: Operation) -> str:
    """Section and method of an operation of the REST API, such as `rooms.create`; "" for another function."""
    package, _, section = type(getattr(operation, "__self__", None)).__module__.rpartition(".")
    return f"{section}.{operation.__name__}" if package == "hms.api" else ""


def _without_credentials(operation: str, reply: Reply) -> Reply:
    from hms.redaction import withhold

    return withhold(operation, reply)


def _matches(rule: str, path: str) -> bool:
    return _Resolver._compile_regex(rule).match(path) is not None
