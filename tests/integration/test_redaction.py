"""A read-only key receives responses of 100ms without credentials."""

import json
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

import boto3
import pytest

from hms.tokens import sign_management_token
from hms.types import Response
from hms_service.http.router import Router
from tests.http_api import contract_routes
from tests.integration.stack import Stack
from tests.integration.test_routes import make_the_next_answer, received
from tests.support.aws import functions_environment
from tests.support.client_keys import create_key
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context

ROOM_ID = "627cda81ab4f3b56a077dc33"
ROOM = {
    "id": ROOM_ID,
    "key": "customer:town-hall",
    "recording_info": {
        "upload_info": {"location": "bucket", "credentials": {"key": "hidden-id", "secret": "hidden-secret"}}
    },
    "recording": {"upload_info": {"credentials": {"key": "hidden-id", "secret": "hidden-secret"}}},
    "webhook": {
        "url": "https://user:hidden-password@example.com/hook?token=hidden-token",
        "headers": {"x-webhook-secret": "hidden-secret"},
    },
}
WITHHELD_ROOM = {
    "id": ROOM_ID,
    "key": "customer:town-hall",
    "recording_info": {"upload_info": {"location": "bucket", "credentials": {"key": "withheld", "secret": "withheld"}}},
    "recording": {"upload_info": {"credentials": {"key": "withheld", "secret": "withheld"}}},
    "webhook": {"url": "https://withheld@example.com/hook?withheld", "headers": {}},
}
RECORDING = {"id": "1", "meeting_url": "https://a.app.100ms.live/preview/hid-dden-cod?skip_preview=true"}
STREAM = {**RECORDING, "rtmp_urls": ["rtmp://example.com/live/hidden-key"], "recording": True}
LIVE = {**RECORDING, "playback": {"url": "https://cdn.100ms.live/beam/1/master.m3u8?signed=shown"}}
UPLOAD = {"upload": {"location": "bucket", "credentials": {"key": "hidden", "secretKey": "hidden", "secret": "hidden"}}}
NO_UPLOAD = {"upload": {"location": "bucket", "credentials": dict.fromkeys(("key", "secretKey", "secret"), "withheld")}}
RTMP = {"rtmpDestinations": {"default": {"name": "default", "rtmpUrls": ["rtmp://example.com/hidden"]}}}
NO_RTMP = {"rtmpDestinations": {"default": {"name": "default", "rtmpUrls": []}}}
EVENT = {
    "meeting_url": "https://a.app.100ms.live/preview/hidden",
    "rtmp": [{"url": "rtmp://example.com/hidden"}],
    "recording_presigned_url": "https://bucket/a.mp4?signature=hidden",
    "recording_path": "s3://bucket/prefix/a.mp4",
    "recording_single_files": [{"recording_presigned_url": "https://bucket/b.mp4?signature=hidden", "size": 5}],
    "thumbnails": [{"url": "https://bucket/c.png?signature=hidden"}],
    "error_message": "cannot open https://user:hidden@example.com",
}
NO_EVENT = {
    "meeting_url": "withheld",
    "rtmp": [],
    "recording_presigned_url": "withheld",
    "recording_path": "s3://bucket/prefix/a.mp4",
    "recording_single_files": [{"recording_presigned_url": "withheld", "size": 5}],
    "thumbnails": [{"url": "https://bucket/c.png?withheld"}],
    "error_message": "cannot open https://withheld@example.com",
}
DELIVERY = {
    "event_data": {"session_id": "s", **EVENT, "token": "hidden", "code": "hidden"},
    "webhook_url": "https://example.com/hook?secret=hidden",
    "error_reason": 'Post "https://example.com/hook?secret=hidden": timeout',
}
NO_DELIVERY = {
    "event_data": {"session_id": "s", **NO_EVENT, "token": "withheld", "code": "withheld"},
    "webhook_url": "https://example.com/hook?withheld",
    "error_reason": 'Post "https://example.com/hook?withheld": timeout',
}


class Case(NamedTuple):
    """A response of 100ms to a GET, its redacted form, and the header that reports the redaction."""

    path: str
    query: str
    answer: Any
    shown: Any
    withheld: str


IN_A_ROOM = (
    "webhook.headers, webhook.url, recording_info.upload_info.credentials.*, recording.upload_info.credentials.*"
)
TIMES = "type=beam.recording.success&room_id=r"
CASES = [
    Case("/rooms", "", {"data": [ROOM], "last": ""}, {"data": [WITHHELD_ROOM], "last": ""}, IN_A_ROOM),
    Case(f"/rooms/{ROOM_ID}", "", ROOM, WITHHELD_ROOM, IN_A_ROOM),
    Case("/recordings", "", {"data": [RECORDING]}, {"data": [{"id": "1", "meeting_url": "withheld"}]}, "meeting_url"),
    Case("/recordings/1", "", RECORDING, {"id": "1", "meeting_url": "withheld"}, "meeting_url"),
    Case("/recordings/1/config", "", {"any": "hidden"}, {}, "*"),
    Case("/recordings/1/config", "", [{"any": "hidden"}], [], "*"),
    Case(
        "/external-streams",
        "",
        {"data": [STREAM, STREAM]},
        {"data": [{"id": "1", "meeting_url": "withheld", "rtmp_urls": [], "recording": True}] * 2},
        "meeting_url, rtmp_urls",
    ),
    Case(
        "/external-streams/1",
        "",
        STREAM,
        {"id": "1", "meeting_url": "withheld", "rtmp_urls": [], "recording": True},
        "meeting_url, rtmp_urls",
    ),
    Case("/live-streams", "", {"data": [LIVE]}, {"data": [{**LIVE, "meeting_url": "withheld"}]}, "meeting_url"),
    Case("/live-streams/1", "", LIVE, {**LIVE, "meeting_url": "withheld"}, "meeting_url"),
    Case(
        "/templates",
        "",
        {"data": [{"settings": {"recording": UPLOAD}, "destinations": RTMP}]},
        {"data": [{"settings": {"recording": NO_UPLOAD}, "destinations": NO_RTMP}]},
        "settings.recording.upload.credentials.*, destinations.rtmpDestinations.*.rtmpUrls",
    ),
    Case(
        "/templates/1/settings", "", {"recording": UPLOAD}, {"recording": NO_UPLOAD}, "recording.upload.credentials.*"
    ),
    Case("/templates/1/destinations", "", RTMP, NO_RTMP, "rtmpDestinations.*.rtmpUrls"),
    Case("/analytics/events", TIMES, {"events": [{"data": EVENT}]}, {"events": [{"data": NO_EVENT}]}, "events.data"),
    Case("/analytics", TIMES, {"events": [{"data": EVENT}]}, {"events": [{"data": NO_EVENT}]}, "events.data"),
    Case(
        "/analytics/webhooks",
        "",
        {"events": [{"payload": DELIVERY}]},
        {"events": [{"payload": NO_DELIVERY}]},
        "events.payload",
    ),
]
KEYS = {"reader": "{}:read", "all sections": "{}:*", "writer": "{0}:read {0}:write", "everything": "*"}
SECTIONS = {route.section for route in contract_routes() if route.method == "GET"} - {"docs"}
ELSEWHERE = ("rooms:read recordings:* templates:write", "rooms:read tokens:write")
ALL_SCOPES = {*ELSEWHERE, "rooms:write", *(form.format(section) for section in SECTIONS for form in KEYS.values())}


@pytest.fixture(scope="module", autouse=True)
def environment(running_stack: Stack) -> Iterator[pytest.MonkeyPatch]:
    with functions_environment(running_stack) as patch:
        patch.setenv("HMS_IDEMPOTENCY_TABLE", "IdempotencyTable")
        patch.setenv("HMS_EVENT_BUS", "EventBus")
        function.cache_clear()
        token.cache_clear()
        for scopes in ALL_SCOPES:  # before a function reads the keys, which it does once a minute
            token(scopes)
        yield patch
        function.cache_clear()


@cache
def function(folder: str) -> ModuleType:
    return load(folder)


@cache
def token(scopes: str) -> str:
    """Return a management token of a client key with the scopes."""
    return sign_management_token(*create_key(boto3.client("ssm"), "/hms", "redaction", scopes.split()))


def token_of(kind: str, section: str) -> str:
    return token(KEYS[kind].format(section))


def call(path: str, query: str, authorization: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    event = http_event(method, path, query=query, authorization=f"Bearer {authorization}")
    event["headers"] |= {name.replace("_", "-"): value for name, value in headers.items()}
    folder = path.split("/")[1].replace("-", "_")
    answer: dict[str, Any] = function(folder).handler(event, Context())
    return answer


def section_of(path: str) -> str:
    return path.split("/")[1]


each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.path} {type(case.answer).__name__}")


@each_case
@pytest.mark.parametrize("prefix", ["", "/v2"])
def test_a_key_that_only_reads_is_shown_no_credential(stack: Stack, case: Case, prefix: str) -> None:
    make_the_next_answer(stack, status=200, body=case.answer)
    event = http_event("GET", prefix + case.path, query=case.query)
    event["headers"]["authorization"] = f"Bearer {token_of('reader', section_of(case.path))}"
    answer = function(section_of(case.path).replace("-", "_")).handler(event, Context())
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, case.shown)
    assert answer["headers"]["x-hms-withheld"] == case.withheld
    assert "hidden" not in json.dumps(answer)


@each_case
@pytest.mark.parametrize("kind", [kind for kind in KEYS if kind != "reader"])
def test_a_key_that_may_write_is_shown_the_answer_as_it_came(stack: Stack, case: Case, kind: str) -> None:
    text = json.dumps(case.answer, indent=3)
    make_the_next_answer(stack, status=200, body=text, headers={"content-type": "application/json"})
    answer = call(case.path, case.query, token_of(kind, section_of(case.path)))
    assert (answer["statusCode"], answer["body"]) == (200, text)
    assert "x-hms-withheld" not in answer["headers"]


@pytest.mark.parametrize("scopes", ELSEWHERE)
def test_the_right_to_write_elsewhere_shows_nothing(stack: Stack, scopes: str) -> None:
    make_the_next_answer(stack, status=200, body=ROOM)
    assert "hidden" not in json.dumps(call(f"/rooms/{ROOM_ID}", "", token(scopes)))


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/room-codes/room/1", "room-codes"),
        ("/room-codes/1", "room-codes"),
        ("/stream-keys/room/1", "stream-keys"),
        ("/stream-keys/1", "stream-keys"),
        ("/recording-assets/1/presigned-url", "recording-assets"),
        ("/recording-assets/1/url", "recording-assets"),
    ],
)
def test_who_reads_credentials_by_nature_gets_them_unparsed(stack: Stack, path: str, section: str) -> None:
    text = '{"data": [{"code": "shown", "key": "shown"}],  "url": "https://bucket/a?signature=shown"}'
    make_the_next_answer(stack, status=200, body=text, headers={"content-type": "application/json"})
    answer = call(path, "", token_of("reader", section))
    assert (answer["statusCode"], answer["body"]) == (200, text)


@pytest.mark.parametrize("status", [400, 404, 500])
@pytest.mark.parametrize("section", ["external-streams", "recording-assets", "sessions", "polls"])
def test_an_error_shows_a_reader_no_credential_of_a_url(stack: Stack, section: str, status: int) -> None:
    error = {
        "code": status,
        "message": "cannot reach https://user:hidden@example.com/hook?token=hidden",
        "details": ["rtmp://example.com/live/hidden"],
    }
    make_the_next_answer(stack, status=status, body=error, times=3)
    answer = call(f"/{section}/1", "", token_of("reader", section))
    assert answer["statusCode"] == status
    assert json.loads(answer["body"]) == {
        "code": status,
        "message": "cannot reach https://withheld@example.com/hook?withheld",
        "details": ["rtmp://example.com/withheld"],
    }


def test_an_error_of_a_service_route_shows_a_reader_no_credential(stack: Stack) -> None:
    router = Router("sessions")
    error = Response.from_json(502, {"message": "cannot reach https://user:hidden@example.com"})
    router.get("/own", lambda _: error)
    for kind, shown in (("reader", "https://withheld@example.com"), ("writer", "https://user:hidden@example.com")):
        event = http_event("GET", "/own", authorization=f"Bearer {token_of(kind, 'sessions')}")
        answer = router.resolve(event, Context())
        assert json.loads(answer["body"])["message"] == f"cannot reach {shown}"


@pytest.mark.parametrize("text", ['{"size": 1e999}', '{"a": "\\ud800"}'])
def test_a_body_that_can_not_be_checked_is_not_shown(stack: Stack, text: str) -> None:
    make_the_next_answer(stack, status=200, body=text, headers={"content-type": "application/json"})
    answer = call(f"/rooms/{ROOM_ID}", "", token_of("reader", "rooms"))
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (502, 502)
    make_the_next_answer(stack, status=200, body=text, headers={"content-type": "application/json"})
    assert call(f"/rooms/{ROOM_ID}", "", token_of("writer", "rooms"))["body"] == text


def test_an_answer_without_credentials_has_no_such_header(stack: Stack) -> None:
    make_the_next_answer(stack, status=200, body={"id": ROOM_ID, "webhook": {"url": "https://e.com", "headers": {}}})
    answer = call(f"/rooms/{ROOM_ID}", "", token_of("reader", "rooms"))
    assert answer["statusCode"] == 200
    assert "x-hms-withheld" not in answer["headers"]


def test_a_repeated_request_is_answered_with_what_its_caller_may_see(stack: Stack) -> None:
    """A POST needs a write scope. Its holder sees everything, in the first response and in replays."""
    make_the_next_answer(stack, status=200, body=ROOM)
    writer = token("rooms:write")
    answers = [call("/rooms", "", writer, "POST", idempotency_key="once") for _ in range(2)]
    assert [json.loads(answer["body"]) for answer in answers] == [ROOM, ROOM]
    assert answers[1]["headers"]["idempotent-replay"] == "true"
    assert len(received(stack)) == 1
    assert call("/rooms", "", token_of("reader", "rooms"), "POST", idempotency_key="once")["statusCode"] == 403
