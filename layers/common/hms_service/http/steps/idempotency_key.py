"""Step: run a request with an Idempotency-Key once."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from hms.client import HmsClient
from hms.errors import HmsError, StoreUnavailable
from hms.http import deadline
from hms.types import Reply
from hms_service.http.route import Handler, Request, Route

if TYPE_CHECKING:
    from hms_service.http.idempotency import Idempotency

Crash = Callable[[Exception], HmsError]


class IdempotencyKeys:
    """Runs requests once for a key.

    Args:
        client: sends the requests; its statistics say whether one may have reached 100ms.
        table: name of the DynamoDB table; "" if there is none.
        section: section whose records the function may use.
        record_crash: logs an unexpected exception and returns the error that the caller gets.
    """

    def __init__(self, client: HmsClient, table: str, section: str, record_crash: Crash) -> None:
        self._client = client
        self._table = table
        self._section = section
        self._record_crash = record_crash
        self._idempotency: Idempotency | None = None

    def __call__(self, route: Route, proceed: Handler, request: Request) -> Reply:
        """Return the response, or that of the first request with this key."""
        key = request.headers.get("idempotency-key") if route.idempotent else None
        if key is None or request.caller is None:
            return proceed(request)
        from hms_service.http.idempotency import STORE_SECONDS, Idempotency

        if deadline.remaining() < 2 * STORE_SECONDS:
            raise StoreUnavailable(reason="no time is left to note the key and the outcome")
        self._idempotency = self._idempotency or Idempotency(self._table, self._section)
        scope = json.dumps([*request.caller.identity, f"{route.method} {route.rule}"])
        with deadline.reserved(STORE_SECONDS):
            reply = self._idempotency.run(key, scope, _fingerprint(request), lambda: self._outcome(proceed, request))
        request.log.replayed = "idempotent-replay" in reply.headers
        return reply

    def _outcome(self, proceed: Handler, request: Request) -> Reply:
        """Return the response and record a failure: with a key it becomes a response like any other.

        A crash is an outcome as well once a request may have reached 100ms.
        """
        try:
            return proceed(request)
        except HmsError as error:
            request.log.record_error(error)
            raise
        except Exception as error:
            if not self._client.requester.traffic.tries:
                raise
            return Reply.of_error(self._record_crash(error))


def _fingerprint(request: Request) -> bytes:
    """Return what must be the same if the key comes again: path, query and body as they were sent."""
    event = request.event
    return "\n".join([request.path, event.raw_query_string, event.body or ""]).encode(errors="surrogatepass")
