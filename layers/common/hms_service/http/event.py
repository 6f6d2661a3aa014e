"""Events of an HTTP API (payload 2.0).

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""


def is_http_event(event: object) -> bool:
    """Return True if the event looks like an HTTP API (payload 2.0) event. Checks the type of each member in use."""
    if not isinstance(event, dict) or not isinstance(request := event.get("requestContext"), dict):
        return False
    if not isinstance(http := request.get("http"), dict):
        return False
    headers, body = event.get("headers", {}), event.get("body")
    values = [event.get("rawPath"), event.get("rawQueryString"), "" if body is None else body]
    values += [request.get("requestId"), request.get("stage"), http.get("method"), http.get("path")]
    return (
        isinstance(headers, dict)
        and all(isinstance(value, str) for value in [*values, *headers.values()])
        and isinstance(event.get("isBase64Encoded", False), bool)
    )
