"""Step: run requests with the same `Idempotency-Key` once."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from hms.client import HmsClient
from hms.errors import HmsError, StoreUnavailableError
from hms.http import deadline
from hms.types import Response
from hms_service.http.route import Handler, Request, Route
from hms_service.http.steps.body import read_bytes

if TYPE_CHECKING:
    from hms_service.http.idempotency import Idempotency

CrashRecorder = Callable[[Exception], HmsError]


class IdempotencyKeys:
    """Runs requests with the same key once.

    Args:
        client: sends the requests. Its statistics show whether 100ms may have received a request.
        table: name of the DynamoDB table; "" disables keys.
        key_prefix: prefix of the records that the function may access.
        record_crash: logs an unexpected exception and returns the error for the caller.
    """

    def __init__(self, client: HmsClient, table: str, key_prefix: str, record_crash: CrashRecorder) -> None:
        self._client = client
        self._table = table
        self._key_prefix = key_prefix
        self._record_crash = record_crash
        self._idempotency: Idempotency | None = None

    def __call__(self, route: Route, proceed: Handler, request: Request) -> Response:
        """Return the response, or the response of the first request with this key."""
        key = request.headers.get("idempotency-key") if route.idempotent else None
        if key is None or request.caller is None:
            return proceed(request)
        from hms_service.http.idempotency import STORE_TIMEOUT_SECONDS, Idempotency

        if deadline.remaining_seconds() < 2 * STORE_TIMEOUT_SECONDS:
            raise StoreUnavailableError(reason="no time left to store the key and the response")
        self._idempotency = self._idempotency or Idempotency(self._table, self._key_prefix)
        scope = json.dumps([*request.caller.identity, f"{route.method} {route.rule}"])
        with deadline.reserve(STORE_TIMEOUT_SECONDS):
            response = self._idempotency.run(
                key, scope, _compute_fingerprint(request), lambda: self._call(proceed, request)
            )
        request.log.replayed = "idempotent-replay" in response.headers
        return response

    def _call(self, proceed: Handler, request: Request) -> Response:
        """Return the response and record an error in the log line.

        An unexpected exception becomes a response if 100ms may have received the request.
        """
        try:
            return proceed(request)
        except HmsError as error:
            request.log.record_error(error)
            raise
        except Exception as error:
            if not self._client.requester.stats.attempts:
                raise
            return Response.from_error(self._record_crash(error))


def _compute_fingerprint(request: Request) -> bytes:
    """Return the content that must be the same if the key is repeated: path, query and body."""
    line = f"{request.path}\n{request.event.raw_query_string}\n"
    return line.encode(errors="surrogatepass") + read_bytes(request.event)
