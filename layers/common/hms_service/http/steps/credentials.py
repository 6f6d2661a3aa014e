"""Step: withhold credentials in responses from callers that only read."""

from hms.types import Reply
from hms_service.auth.scopes import WRITE
from hms_service.http.route import Handler, Request, Route


def withhold_credentials(route: Route, proceed: Handler, request: Request) -> Reply:
    """Return the response, without the credentials in it if the caller may not write to the section."""
    reply = proceed(request)
    if request.caller is None or request.caller.grant.may(route.scope, WRITE):
        return reply
    if reply.status < 400 and not (route.answers and route.answers.credentials):
        return reply
    from hms_service.redaction import withhold

    return withhold(route.answers, reply)
