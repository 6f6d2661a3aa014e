"""Step: ask for the scope that the route needs."""

from hms.types import Response
from hms_service.auth.scopes import READ, WRITE
from hms_service.http.route import Handler, Request, Route


def require_scope(route: Route, proceed: Handler, request: Request) -> Response:
    """Let the request proceed if its caller holds the route's scope, or the route is public.

    Raises:
        ForbiddenError: The scope is missing.
    """
    if request.caller is not None:
        request.caller.grant.check_scope(route.scope, READ if route.is_read_only else WRITE)
    return proceed(request)
