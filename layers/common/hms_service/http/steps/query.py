"""Step: read the query."""

from hms.settings import Validation
from hms.types import Response
from hms_service.http.route import Handler, Request, Route

NOT_GIVEN = ("limit", "0")
"""Clients in Go send the zero value of a number that is not set."""


class QueryReader:
    """Reads the queries of operations. A route that serves no operation reads its query if it needs it.

    Args:
        validation: what happens to a request that 100ms does not document.
    """

    def __init__(self, validation: Validation) -> None:
        self._is_strict = validation is Validation.REJECT

    def __call__(self, route: Route, proceed: Handler, request: Request) -> Response:
        """Let the request proceed if its query can be read. `limit=0` and repeated equal parameters are left out.

        Raises:
            BadRequestError: The query cannot be read.
        """
        if route.operation is not None:
            pairs = request.query
            if not self._is_strict:
                request.query = [pair for pair in dict.fromkeys(pairs) if pair != NOT_GIVEN]
        return proceed(request)
