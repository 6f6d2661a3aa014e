"""Step: refuse a query that cannot be read."""

from hms.types import Response
from hms_service.http.route import Handler, Request, Route


def read_query(route: Route, proceed: Handler, request: Request) -> Response:
    """Let the request proceed if its query can be read. A route that serves no operation reads it if it needs it."""
    if route.operation is not None:
        request.query  # noqa: B018, the request keeps it
    return proceed(request)
