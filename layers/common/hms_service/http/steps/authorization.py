"""Step: check that the caller has the scope of the route."""

from hms.types import Response
from hms_service.auth.scopes import READ, WRITE
from hms_service.http.route import Handler, Request, Route


def require_scope(route: Route, proceed: Handler, request: Request) -> Response:
    """Check the scope of the caller. Public routes need none.

    Raises:
        ForbiddenError: The scope is missing.
    """
    if request.caller is not None:
        request.caller.grant.check_scope(route.scope, READ if route.is_read_only else WRITE)
    return proceed(request)
