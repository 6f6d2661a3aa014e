"""Step: read the query."""

from hms.settings import Validation
from hms.types import Response
from hms_service.http.route import Handler, Request, Route

NOT_GIVEN = ("limit", "0")
"""Query parameter of Go clients that do not set `limit`: they send its zero value."""


class QueryReader:
    """Reads the queries of operations. Handlers of other routes read their own query.

    Args:
        validation: how to handle requests that 100ms does not document.
    """

    def __init__(self, validation: Validation) -> None:
        self._is_strict = validation is Validation.REJECT

    def __call__(self, route: Route, proceed: Handler, request: Request) -> Response:
        """Set the query of the request. Unless validation is `reject`, omits `limit=0` and equal repeated parameters.

        Raises:
            BadRequestError: The query has over 100 parameters or is not UTF-8.
        """
        if route.operation is not None:
            pairs = request.query
            if not self._is_strict:
                request.query = [pair for pair in dict.fromkeys(pairs) if pair != NOT_GIVEN]
        return proceed(request)
