"""Functions respond to any event. Errors have the envelope."""

import json
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.stack import WEBHOOK_SECRET
from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.support.aws import functions_environment
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context

FOLDERS = ("rooms", "tokens", "room_codes", "docs", "webhooks")
SAMPLES = [json.loads(file.read_text()) for folder in FOLDERS for file in (ROOT / "events" / folder).glob("*.json")]
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text("\ud800\udfff\x00/.%\\", max_size=4)
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


@pytest.fixture(scope="module", autouse=True)
def environment(running_stack: Stack) -> Iterator[None]:
    with functions_environment(running_stack) as patch:
        patch.setenv("HMS_EVENT_BUS", "EventBus")
        patch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
        function.cache_clear()
        yield


@cache
def function(folder: str) -> ModuleType:
    return load(folder)


def places(value: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield each member of an event, including nested ones."""
    for name, inner in value.items():
        yield (*above, name)
        if isinstance(inner, dict):
            yield from places(inner, (*above, name))


@st.composite
def spoilt_events(draw: st.DrawFn) -> Any:
    """Generate a sample event in which members are missing or have other values."""
    event = json.loads(json.dumps(draw(st.sampled_from(SAMPLES))))
    for place in draw(st.lists(st.sampled_from(list(places(event))), min_size=1, max_size=3)):
        holder = event
        for name in place[:-1]:
            holder = holder.get(name, {}) if isinstance(holder, dict) else {}
        if isinstance(holder, dict):
            if draw(st.booleans()):
                holder.pop(place[-1], None)
            else:
                holder[place[-1]] = draw(VALUES)
    return event


def check(folder: str, event: Any) -> dict[str, Any]:
    answer: dict[str, Any] = function(folder).handler(event, Context())
    json.dumps(answer, ensure_ascii=False).encode()
    assert isinstance(answer["statusCode"], int)
    assert "x-request-id" in answer["headers"]
    if answer["statusCode"] >= 400:
        body = json.loads(answer["body"])
        assert body.keys() >= {"code", "message"}
        assert body["code"] == answer["statusCode"] != 500, (answer, event)
    return answer


@pytest.mark.timeout(300)
@settings(max_examples=600, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(folder=st.sampled_from(FOLDERS), event=spoilt_events())
def test_a_spoilt_event_is_answered_its_caller_being_known(running_stack: Stack, folder: str, event: Any) -> None:
    text = json.dumps(event).replace("MANAGEMENT_TOKEN", running_stack.token)
    check(folder, json.loads(text.replace('"WEBHOOK_SECRET"', json.dumps(WEBHOOK_SECRET))))


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(folder=st.sampled_from(FOLDERS), event=VALUES)
def test_anything_else_is_refused(folder: str, event: Any) -> None:
    assert check(folder, event)["statusCode"] == 400


V1 = {
    "version": "1.0",
    "httpMethod": "GET",
    "path": "/rooms",
    "headers": {},
    "requestContext": {"requestId": "1", "stage": "dev", "httpMethod": "GET", "path": "/dev/rooms"},
}


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("event", [V1, {"Records": []}, {"source": "aws.events"}, [], "warm", None])
def test_an_event_of_another_kind_is_refused_by_name(folder: str, event: Any) -> None:
    answer = check(folder, event)
    assert answer["statusCode"] == 400
    assert json.loads(answer["body"])["details"] == ["event: must be an HTTP API event (payload 2.0)"]


@pytest.mark.parametrize("place", ["rawQueryString", "rawPath"])
def test_half_a_pair_is_no_crash_though_there_is_an_idempotency_key(running_stack: Stack, place: str) -> None:
    path = "/rooms/627cda81ab4f3b56a077dc33/disable"
    event = http_event("POST", path, authorization=f"Bearer {running_stack.token}")
    event["headers"]["idempotency-key"] = "half-a-pair"
    check("rooms", event | {place: f"{event[place]}\ud800"})


def test_six_megabytes_are_refused_as_too_large(running_stack: Stack) -> None:
    (event,) = (
        sample
        for sample in SAMPLES
        if sample["rawPath"] == "/rooms" and sample["requestContext"]["http"]["method"] == "POST"
    )
    headers = event["headers"] | {"authorization": f"Bearer {running_stack.token}"}
    assert check("rooms", event | {"headers": headers, "body": "x" * 6_000_000})["statusCode"] == 413
