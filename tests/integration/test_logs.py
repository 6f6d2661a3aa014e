"""Log lines: JSON with the request ID on every line, whichever module wrote it."""

import json
import logging
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from hms.tokens import sign_management_token
from hms_service.auth.client_keys import ClientKey
from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.support.aws import functions_environment
from tests.support.client_keys import create_key
from tests.support.commands import batch
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.logs import Log, documented_fields


@pytest.fixture(autouse=True)
def prefix(stack: Stack) -> Iterator[str]:
    """Separate credentials that the test can break."""
    name = f"/logs-{uuid.uuid4()}"
    with functions_environment(stack, name) as patch:
        ssm = boto3.client("ssm")
        for parameter, value in {"access_key": stack.access_key, "secret": stack.secret, "webhook_secret": "w"}.items():
            ssm.put_parameter(Name=f"{name}/{parameter}", Value=value, Type="SecureString")
        patch.setenv("HMS_EVENT_BUS", "EventBus")
        patch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
        yield name


def logged(folder: str, event: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
    """Return a function's response to an event, and the log lines."""
    function = load(folder)
    log = Log(folder)
    return function.handler(event, Context()), log.lines()


def test_a_client_key_is_logged_by_its_name_and_id(stack: Stack, prefix: str) -> None:
    access_key, secret = create_key(boto3.client("ssm"), prefix, "reports", ["stream-keys:read"])
    key = ClientKey.from_access_key(access_key)
    event = http_event("GET", "/stream-keys/r", authorization=f"Bearer {sign_management_token(access_key, secret)}")
    _, (request,) = logged("stream_keys", event)
    assert request["caller"] == f"reports ({key.id})"
    assert access_key not in json.dumps(request)


def test_a_crash_is_logged_without_the_credentials_of_a_url(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "no answer of https://user:hidden@example.com/preview/abc-defg-hij?token=hidden"

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr("hms.requester.Requester.call", crash)
    event = http_event("GET", "/stream-keys/r", authorization=f"Bearer {stack.token}")
    answer, lines = logged("stream_keys", event)
    assert answer["statusCode"] == 500
    (line,) = [line for line in lines if line["message"] == "crash"]
    assert (line["service"], line["exception_name"]) == ("stream_keys", "RuntimeError")
    assert "no answer of https://withheld@example.com/preview/withheld?withheld" in line["exception"]
    assert line["stack_trace"]["value"] == "no answer of https://withheld@example.com/preview/withheld?withheld"
    assert "hidden" not in json.dumps(lines)


def test_a_line_with_half_a_pair_is_written(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise LookupError("a\ud83d")

    monkeypatch.setattr("hms.requester.Requester.call", crash)
    monkeypatch.setattr(logging.getLogger("stream_keys"), "propagate", False)  # pytest's own log cannot encode the line
    event = http_event("GET", "/stream-keys/r", authorization=f"Bearer {stack.token}")
    event["requestContext"]["requestId"] = "a\udfff"
    _, lines = logged("stream_keys", event)
    assert [line["message"] for line in lines] == ["crash", "request"]
    for line in lines:
        assert line["correlation_id"] == "a?"
        json.dumps(line, ensure_ascii=False).encode()
    assert "LookupError: a?" in lines[0]["exception"]


def test_a_webhook_is_found_by_its_id_and_type() -> None:
    event_id = str(uuid.uuid4())
    body = json.dumps({"id": event_id, "type": "peer.join.success", "data": {"user_name": "Ada"}})
    event = http_event("POST", "/webhooks", body=body)
    event["headers"]["x-webhook-secret"] = "w"
    _, (line,) = logged("webhooks", event)
    assert (line["event_id"], line["event_type"], line["status"]) == (event_id, "peer.join.success", 200)
    assert "Ada" not in json.dumps(line)


def test_a_commands_line_names_the_message_and_the_invocation() -> None:
    _, (line,) = logged("commands", batch({"operation": "nothing"}, prefix="logs"))
    assert (line["message"], line["id"], line["status"]) == ("command", "logs-1", 400)
    assert (line["correlation_id"], line["function_request_id"]) == ("logs-1", Context().aws_request_id)


def test_the_lines_have_the_fields_of_the_documentation_and_no_others(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
    create = http_event("POST", "/rooms", body='{"name": "a"}', authorization=f"Bearer {stack.token}")
    create["headers"]["idempotency-key"] = str(uuid.uuid4())
    webhook = http_event("POST", "/webhooks", body=json.dumps({"id": "1", "type": "x", "data": {}}))
    webhook["headers"]["x-webhook-secret"] = "w"
    kept = json.loads((ROOT / "events" / "attendance_keeper" / "sqs_batch.json").read_text())
    events = {
        "rooms": [create, create | {"rawPath": "/rooms/none/at/all"}],
        "webhooks": [webhook],
        "commands": [batch({"operation": "rooms.list"}, {"operation": "nothing"}, prefix="fields")],
        "attendance_keeper": [kept, batch("no event")],
    }
    lines = [line for folder, item in events.items() for event in item for line in logged(folder, event)[1]]
    monkeypatch.setenv("HMS_ATTENDANCE_TABLE", "NoSuchTable")
    lines += logged("attendance_keeper", kept)[1]
    monkeypatch.setenv("HMS_VALIDATION", "observe")
    undocumented = http_event("POST", "/rooms", body='{"nmae": "a"}', authorization=f"Bearer {stack.token}")
    lines += logged("rooms", undocumented)[1]
    monkeypatch.delattr("hms.models.base.find_problems")
    lines += logged("rooms", undocumented)[1]
    assert {line["message"] for line in lines} >= {"request", "command", "kept", "not kept", "dropped"}
    assert all(line["correlation_id"] and line["function_request_id"] for line in lines)
    assert {field for line in lines for field in line} == documented_fields()
