"""Credentials in responses: every member that the contract marks as one is redacted, or shown for a reason."""

import json
import re
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from hms.errors import InvalidUpstreamResponseError
from hms.operation import Operation
from hms.operations import load_operations
from hms.types import Response
from hms_service.auth.scopes import SCOPE
from hms_service.redaction import WITHHELD, WITHHELD_HEADER, redact_response, redact_result, scrub_text, scrub_url
from tests.http_api import ROOT, all_routes, contract_routes
from tests.support.contract import document, resolved
from tools.openapi.routes import public_routes

SUSPICIOUS_NAME = re.compile(
    r"credentials?|\w*secret\w*|key|headers|location|password|rtmp|rtmp_?urls?|code|room_?code|\w*_?token|\w*stream_?key"
    r"|\w*presigned\w*|(\w*_)?urls?|meetingUrl",
    re.IGNORECASE,
)
SUSPICIOUS_WORDS = re.compile(r"\b(secret|credential|password|stream key|presigned|signed|token)", re.IGNORECASE)
SAMPLE = "hidden-value"
OPERATIONS = load_operations()

SHOWN = {
    "key": "customer id and name of a room, joined by a colon",
    "recording_info.upload_info.location": "name of the bucket",
    "recording.upload_info.location": "name of the bucket",
    "recording.upload.location": "name of the bucket",
    "settings.recording.upload.location": "name of the bucket",
    "playback.url": "the open link by which viewers watch the stream",
    "attachment.url": "a link that every participant of the poll sees",
    "questions.attachment.url": "a link that every participant of the poll sees",
    "destinations.browserRecordings.*.presignDuration": "seconds",
    "destinations.hlsDestinations.*.recording.presignDuration": "seconds",
    "browserRecordings.*.presignDuration": "seconds",
    "hlsDestinations.*.recording.presignDuration": "seconds",
    "presignDuration": "seconds",
}
"""Members that look like credentials but are none, and the reason."""

ANSWERED_HERE = {"createAppToken", "health"}


def operations_of_the_contract() -> dict[str, dict[str, Any]]:
    verbs = ("get", "post", "delete")
    items = document()["paths"].values()
    return {item[verb]["operationId"]: item[verb] for item in items for verb in verbs if verb in item}


def members(schema: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every member of a schema by path. Items of lists have the path of the list."""
    schema = resolved(schema)
    for part in [*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())]:
        yield from members(part, path)
    if "items" in schema:
        yield from members(schema["items"], path)
    named = dict(schema.get("properties", {}))
    if isinstance(schema.get("additionalProperties"), dict):
        named["*"] = schema["additionalProperties"]
    for name, member in named.items():
        yield ".".join((*path, name)), resolved(member)
        yield from members(member, (*path, name))


def suspicious(operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the members of successful responses whose name or description mentions a credential."""
    found: list[tuple[str, dict[str, Any]]] = []
    for status, response in operation["responses"].items():
        content = resolved(response).get("content", {})
        if int(status) < 400 and content:
            found += members(content["application/json"].get("schema", {}))
    return [
        (path, schema)
        for path, schema in found
        if SUSPICIOUS_NAME.fullmatch(path.rpartition(".")[2]) or SUSPICIOUS_WORDS.search(schema.get("description", ""))
    ]


def answer_with(path: str, value: Any) -> Any:
    """Return a response with the value at the path."""
    name, _, rest = path.partition(".")
    inner = answer_with(rest, value) if rest else value
    return {"any" if name == "*" else name: [inner] if name in ("data", "events") and rest else inner}


@cache
def answered_operations() -> dict[tuple[str, str], Operation | None]:
    """Return the operation of each route."""
    return {(route.method, route.path): route.route.response_operation for route in public_routes()}


ROUTES = [route for route in contract_routes() if route.operation not in ANSWERED_HERE]
CASES = [
    pytest.param(route, path, schema, id=f"{route.method} {route.path} {path}")
    for route in ROUTES
    for path, schema in suspicious(operations_of_the_contract()[route.operation])
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_names_the_operation_whose_answer_it_gives(route: Any) -> None:
    named = answered_operations()[route.method, route.path]
    same = [other for other in ROUTES if other.operation == route.operation]
    assert named
    assert {answered_operations()[other.method, other.path] for other in same} == {named}


def test_a_route_with_an_answer_of_its_own_names_no_operation() -> None:
    own = [(route.method, route.path) for route in all_routes() if route not in ROUTES]
    own.remove(("POST", "/v2/token"))  # it returns the join token of 100ms
    assert {answered_operations()[key] for key in own} == {None}


def test_the_contract_has_members_that_look_like_credentials() -> None:
    assert {case.values[1] for case in CASES} >= {
        "webhook.headers",
        "data.code",
        "data.rtmp_urls",
        "settings.recording.upload.credentials.secretKey",
        "settings.recording.upload.credentials.secret",
        "events.data.meeting_url",
        "events.payload.webhook_url",
    }


@pytest.mark.parametrize(("route", "path", "schema"), CASES)
def test_a_member_like_a_credential_is_redacted_or_shown_for_a_reason(
    route: Any, path: str, schema: dict[str, Any]
) -> None:
    operation = answered_operations()[route.method, route.path]
    assert operation
    if operation.credential_reason:
        return
    kind = schema.get("type", "object")
    link = f"https://user:{SAMPLE}@example.com/hook?secret={SAMPLE}"
    samples = {"array": [link], "object": {"any": link}, "string": link}
    answer = answer_with(path, samples.get(kind, 5))
    shown = redact_response(operation, Response(200, json.dumps(answer))).text
    if path.removeprefix("data.") in SHOWN:
        assert json.loads(shown) == answer
    else:
        assert SAMPLE not in shown


def test_every_member_that_is_shown_is_one_of_the_contract() -> None:
    paths = {str(case.values[1]).removeprefix("data.") for case in CASES}
    assert SHOWN.keys() <= paths


@pytest.mark.parametrize(
    ("value", "replaced"),
    [
        ("text", WITHHELD),
        (7, WITHHELD),
        (["text"], []),
        ({"a": "text"}, {}),
        (None, None),
        ("", ""),
        ([], []),
        ({}, {}),
        (False, False),
    ],
)
def test_a_value_is_replaced_by_one_of_its_type(value: Any, replaced: Any) -> None:
    reply = redact_response(
        OPERATIONS["recordings.retrieve"], Response(200, json.dumps({"id": "r", "meeting_url": value}))
    )
    assert json.loads(reply.text) == {"id": "r", "meeting_url": replaced}
    assert reply.headers == ({} if value == replaced else {WITHHELD_HEADER: "meeting_url"})


@pytest.mark.parametrize("member", ["webhook", "recording_info"])
@pytest.mark.parametrize(
    "value",
    ["hidden", ["hidden"], [["hidden"]], {"headers": ["hidden"], "upload_info": {"credentials": "hidden"}}],
    ids=str,
)
@pytest.mark.parametrize("wrap", [lambda room: room, lambda room: [room], lambda room: {"data": [room]}])
def test_what_is_of_another_shape_than_documented_is_withheld_too(wrap: Any, member: str, value: Any) -> None:
    if isinstance(value, dict):
        value = {"webhook": {"headers": value["headers"]}, "recording_info": {"upload_info": value["upload_info"]}}[
            member
        ]
    reply = redact_response(OPERATIONS["rooms.list"], Response(200, json.dumps(wrap({member: value}))))
    assert member in reply.text
    assert "hidden" not in reply.text


def test_a_member_that_stands_twice_is_withheld_twice() -> None:
    reply = redact_response(
        OPERATIONS["recordings.retrieve"], Response(200, '{"meeting_url": "hidden", "meeting_url": ""}')
    )
    assert "hidden" not in reply.text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{'id': 1}", id="no JSON"),
        pytest.param('{"id": NaN}', id="NaN"),
        pytest.param('{"id": 1e999}', id="a number beyond all"),
        pytest.param('{"id": "\\ud800"}', id="half a surrogate pair"),
        pytest.param("[" * 200_000 + "]" * 200_000, id="nested without end"),
        pytest.param('{"id": ' + "9" * 5000 + "}", id="an integer of 5000 digits"),
    ],
)
def test_what_cannot_be_read_or_written_again_is_an_unreadable_answer(text: str) -> None:
    with pytest.raises(InvalidUpstreamResponseError):
        redact_response(OPERATIONS["rooms.retrieve"], Response(200, text))


def test_the_header_names_declared_members_only_which_are_ten_at_most() -> None:
    upload = {"upload_info": {"credentials": {"a\r\nset-cookie: x": "hidden"}}}
    room = {"webhook": {"url": "https://u:p@e.com/a?b", "headers": {"a": "b"}}, "recording_info": upload}
    reply = redact_response(OPERATIONS["rooms.list"], Response(200, json.dumps({"data": [room] * 100})))
    assert reply.headers[WITHHELD_HEADER] == "webhook.headers, webhook.url, recording_info.upload_info.credentials.*"
    assert all(len(operation.credentials) <= 10 for operation in OPERATIONS.values())


@pytest.mark.parametrize(
    ("url", "scrubbed"),
    [
        ("https://example.com/hook", "https://example.com/hook"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("https://[::1]:8443/hook", "https://[::1]:8443/hook"),
        ("https://user:hidden@example.com/hook", "https://withheld@example.com/hook"),
        ("https://hidden@example.com/hook", "https://withheld@example.com/hook"),
        ("https://a@b:hidden@example.com/hook", "https://withheld@example.com/hook"),
        ("https://example.com/hook?token=hidden", "https://example.com/hook?withheld"),
        ("https://example.com?token=hidden", "https://example.com?withheld"),
        ("https://example.com/hook#hidden", "https://example.com/hook?withheld"),
        ("https://user:hid/den@example.com/hidden", "https://withheld"),
        ("HTTPS://user:hidden@example.com", "HTTPS://withheld@example.com"),
        ("rtmp://example.com:443/live/hidden", "rtmp://example.com:443/withheld"),
        ("rtmps://user:hidden@example.com/live?k=hidden", "rtmps://withheld@example.com/withheld"),
        ("rtmp://example.com?k=hidden", "rtmp://example.com/withheld"),
        ("user:hidden@example.com/hook", "withheld"),
        ("https:\\\\user:hidden@example.com", "withheld"),
        ("https://exa mple.com/hidden", "withheld"),
    ],
)
def test_a_url_is_shown_without_user_query_and_stream_key(url: str, scrubbed: str) -> None:
    assert scrub_url(url) == scrubbed


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("no link: just words", "no link: just words"),
        ('Post "https://u:hidden@e.com/h?t=hidden": timeout', 'Post "https://withheld@e.com/h?withheld": timeout'),
        ("a https://e.com/?hidden b https://e.com/x c", "a https://e.com/?withheld b https://e.com/x c"),
        ("bad url https:\\/\\/u:hidden@e.com\\/h?hidden", "bad url https://withheld@e.com\\/h?withheld"),
        ("https://a.app.100ms.live/preview/abc-defg-hij/x", "https://a.app.100ms.live/preview/withheld/x"),
        (
            "with url: /v2/room-codes/code/abc-defg-hij (read timeout)",
            "with url: /v2/room-codes/code/withheld (read timeout)",
        ),
        ("rtmp://e.com/live/hidden is no address", "rtmp://e.com/withheld is no address"),
    ],
)
def test_the_urls_of_a_text_are_shown_without_credentials(text: str, scrubbed: str) -> None:
    assert scrub_text(text) == scrubbed


@pytest.mark.parametrize("text", ["a" * 400_000, "a:" * 200_000, "a://" * 100_000, "http://" + "@" * 400_000])
def test_a_long_text_is_scrubbed_in_time_in_line_with_its_length(text: str) -> None:
    started = time.process_time()
    scrub_text(text)
    assert time.process_time() - started < 2


def test_an_error_for_a_reader_shows_no_credential_of_a_url() -> None:
    error = {"code": 400, "message": "invalid https://u:hidden@e.com", "details": ["rtmp://e.com/hidden", 5]}
    reply = redact_response(OPERATIONS["external_streams.retrieve"], Response(400, json.dumps(error)))
    assert json.loads(reply.text) == {
        "code": 400,
        "message": "invalid https://withheld@e.com",
        "details": ["rtmp://e.com/withheld", 5],
    }


def admin_scopes() -> set[str]:
    """Return the scopes in the table of docs/security.md."""
    table = (ROOT / "docs" / "security.md").read_text().partition("| scope | because")[2].partition("\n\n")[0]
    return {scope for line in table.splitlines() for scope in re.findall(r"`([a-z-]+:[a-z]+)`", line.split("|")[1])}


def test_the_page_names_every_scope_whose_holder_is_shown_credentials() -> None:
    shown = set()
    for route in public_routes():
        operation = route.response_operation
        if operation is None:
            continue
        by_nature = operation.credential_reason
        if route.method == "GET" and by_nature:
            shown.add(f"{route.route.scope}:read")
        if route.method != "GET" and (by_nature or operation.credentials):
            shown.add(f"{route.route.scope}:write")
    assert shown <= admin_scopes()
    assert {"rooms:write", "room-codes:read", "stream-keys:read", "live-streams:write"} <= shown
    assert all(SCOPE.fullmatch(scope) for scope in admin_scopes())
    assert {"sip:write", "analytics:read", "analytics:write"} <= admin_scopes()


@pytest.mark.parametrize(
    "member",
    [
        {"code": "abc-defg-hij"},
        {"token": "hidden"},
        {"streamKey": "hidden"},
        {"stream_key": "hidden"},
        {"room_code": "hidden"},
        {"meetingUrl": "hidden"},
        {"secretKey": "hidden"},
        {"password": "hidden"},
        {"headers": {"authorization": "hidden"}},
        {"chat_recording_presigned_url": "hidden"},
        {"rtmp": [{"url": "hidden"}]},
    ],
    ids=lambda member: next(iter(member)),
)
def test_a_result_holds_no_member_that_is_named_like_a_credential(member: dict[str, Any]) -> None:
    (name,) = member
    for value in (member, {"data": [{"deep": member}]}, [member]):
        redacted = json.dumps(redact_result(OPERATIONS["polls.retrieve"], 200, json.loads(json.dumps(value))))
        assert name in redacted
        assert "hidden" not in redacted
        assert "abc-defg" not in redacted


def test_a_result_keeps_what_is_named_like_a_credential_but_is_none() -> None:
    room = {"id": "r", "key": "customer:town-hall", "description": "https://e.com/?a=b", "code": 5, "tokens": 7}
    assert redact_result(OPERATIONS["rooms.retrieve"], 200, dict(room)) == room
