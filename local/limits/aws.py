"""WSGI middleware for moto that rejects calls over AWS's limits."""

import io
import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from local.limits import dynamodb, events, sqs, ssm
from local.limits.errors import AwsLimitError, EntryFailure

BATCHES = {"PutEvents": events, "SendMessageBatch": sqs}
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")


def enforce_limits(app: WSGIApplication, ssm_rate: int | None = None) -> WSGIApplication:
    """Wrap the application with AWS's limits on DynamoDB, EventBridge, SQS and SSM.

    Args:
        app: moto's server.
        ssm_rate: allowed GetParameter and GetParameters calls per second; None means no limit.
    """
    rate = ssm.ReadRateLimiter(ssm_rate) if ssm_rate else None

    def middleware(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        service, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")
        if service not in ("DynamoDB_20120810", "AWSEvents", "AmazonSQS", "AmazonSSM"):
            return app(environ, start_response)
        try:
            request = _read_request(environ, service)
            match service:
                case "DynamoDB_20120810":
                    dynamodb.check(operation, request, _region(environ))
                case "AWSEvents":
                    events.check(operation, request)
                case "AmazonSQS":
                    sqs.check(operation, request)
                case "AmazonSSM":
                    ssm.check(operation, request, _region(environ))
                    if rate:
                        rate.check(operation)
        except AwsLimitError as error:
            return error.to_response(service, start_response)
        batch = BATCHES.get(operation)
        failures = _failures(batch, request) if batch else {}
        if batch is None or not failures:
            return app(environ, start_response)
        return _forward_accepted_entries(app, environ, start_response, request, failures)

    return middleware


def _read_request(environ: WSGIEnvironment, service: str) -> dict[str, Any]:
    """Return the request body as an object. The body stays readable for the application."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        raise AwsLimitError("SerializationException", "The request is not valid JSON.") from None
    if (
        service != "AmazonSQS"
        and ESCAPED_SURROGATE.search(body)
        and LONE_SURROGATE.search(json.dumps(request, ensure_ascii=False))
    ):
        raise AwsLimitError("SerializationException", "A string in the request is not valid UTF-8.")
    return request if isinstance(request, dict) else {}


def _region(environ: WSGIEnvironment) -> str:
    """Return the region in the request's signature."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split("/")
    return scope[2] if len(scope) > 2 else "us-east-1"


def _failures(batch: Any, request: dict[str, Any]) -> dict[int, EntryFailure]:
    failures = ((index, batch.entry_failure(entry)) for index, entry in enumerate(request.get("Entries", ())))
    return {index: failure for index, failure in failures if failure}


def _forward_accepted_entries(
    app: WSGIApplication,
    environ: WSGIEnvironment,
    start_response: StartResponse,
    request: dict[str, Any],
    failures: dict[int, EntryFailure],
) -> Iterable[bytes]:
    """Forward the entries that AWS accepts, and add the failed ones to the response."""
    batch: Any = BATCHES[environ["HTTP_X_AMZ_TARGET"].rpartition(".")[2]]
    entries = request["Entries"]
    accepted = [entry for index, entry in enumerate(entries) if index not in failures]
    status, headers, response = "200 OK", [("content-type", "application/x-amz-json-1.1")], batch.empty_response()
    if accepted:
        body = json.dumps({**request, "Entries": accepted}).encode()
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        status, headers, content = _call_app(app, environ)
        if not status.startswith("200"):
            start_response(status, headers)
            return [content]
        response = json.loads(content)
    batch.merge(response, entries, failures)
    content = json.dumps(response).encode()
    kept_headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
    start_response(status, [*kept_headers, ("content-length", str(len(content)))])
    return [content]


def _call_app(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    """Call the application and return its status, headers and body."""
    responses: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
        responses.append((status, headers))
        return lambda _: None

    content = b"".join(app(environ, start))
    return *responses[0], content
