"""Step: replace credentials in responses to callers without write access."""

from hms.types import Response
from hms_service.auth.scopes import WRITE
from hms_service.http.route import Handler, Request, Route


def withhold_credentials(route: Route, proceed: Handler, request: Request) -> Response:
    """Return the response. Credentials are replaced if the caller lacks the resource's `:write` scope."""
    response = proceed(request)
    if request.caller is None or request.caller.grant.allows(route.scope, WRITE):
        return response
    if response.status_code < 400 and not (route.response_operation and route.response_operation.credentials):
        return response
    from hms_service.redaction import redact_response

    return redact_response(route.response_operation, response)
