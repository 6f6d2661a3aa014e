"""Rules of all routes: invalid input is not forwarded, paths are not changed, and all errors have one envelope."""

import http.client
import json
from typing import Any
from urllib.parse import unquote, urlsplit

import jwt
import pytest
import requests

from tests.integration.stack import Stack
from tests.integration.test_routes import received

HEADERS = {"Content-Type": "application/json"}


def send(
    stack: Stack, method: str, target: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, Any], http.client.HTTPMessage]:
    """Send a request whose target is not normalized, as clients would do."""
    connection = http.client.HTTPConnection(urlsplit(stack.api).netloc, timeout=30)
    all_headers = {**HEADERS, "Authorization": f"Bearer {stack.token}", **(headers or {})}
    connection.request(method, target, body, all_headers)
    response = connection.getresponse()
    answer = json.loads(response.read() or b"{}")
    connection.close()
    return response.status, answer, response.headers


def assert_refused(stack: Stack, status: int, answer: tuple[int, dict[str, Any], http.client.HTTPMessage]) -> None:
    assert answer[0] == status, answer
    assert set(answer[1]) == {"code", "message", "details"}
    assert answer[1]["code"] == status
    assert answer[2]["x-request-id"]
    assert received(stack) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"name": "a"', id="cut off"),
        pytest.param(b"name=a", id="a form"),
        pytest.param(b"[]", id="an array"),
        pytest.param(b"null", id="null"),
        pytest.param(b'"text"', id="a string"),
        pytest.param(b'{"size": NaN}', id="NaN"),
        pytest.param(b'{"name": "a", "name": "b"}', id="a name twice"),
        pytest.param(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="too deep"),
        pytest.param(b"{} {}", id="two"),
    ],
)
def test_malformed_json_never_reaches_100ms(rejecting_stack: Stack, body: bytes) -> None:
    assert_refused(rejecting_stack, 400, send(rejecting_stack, "POST", "/rooms", body))


def test_a_body_that_is_due_must_come(rejecting_stack: Stack) -> None:
    assert_refused(rejecting_stack, 400, send(rejecting_stack, "POST", "/active-rooms/x/send-message"))


def test_a_body_must_be_an_array_if_the_operation_takes_one(rejecting_stack: Stack) -> None:
    assert_refused(rejecting_stack, 400, send(rejecting_stack, "POST", "/templates/x/recordings", b"{}"))


@pytest.mark.parametrize("body", [b'{"a": 1}', b"[]", b"x"])
def test_a_body_is_refused_if_the_operation_has_none(rejecting_stack: Stack, body: bytes) -> None:
    assert_refused(rejecting_stack, 400, send(rejecting_stack, "POST", "/recordings/x/stop", body))


@pytest.mark.parametrize("body", [None, b"", b"{}"])
def test_no_body_or_an_empty_object_is_accepted_if_none_is_expected(stack: Stack, body: bytes | None) -> None:
    send(stack, "POST", "/recordings/x/stop", body)
    assert received(stack)[0]["body"] == ""


def test_another_content_type_is_refused(rejecting_stack: Stack) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert_refused(rejecting_stack, 415, send(rejecting_stack, "POST", "/rooms", b"{}", form))


def test_the_content_type_of_a_get_is_ignored(stack: Stack) -> None:
    assert send(stack, "GET", "/rooms", headers={"Content-Type": "text/plain"})[0] == 200


def test_a_body_over_one_mebibyte_is_refused(stack: Stack) -> None:
    body = json.dumps({"description": "x" * 1024 * 1024}).encode()
    assert_refused(stack, 413, send(stack, "POST", "/rooms", body))


def test_false_zero_empty_and_null_are_forwarded(stack: Stack) -> None:
    body = b'{"name":"r","enabled":false,"description":"","size":0,"webhook":null}'
    send(stack, "POST", "/rooms", body)
    assert received(stack)[0]["body"] == body.decode()


@pytest.mark.parametrize(
    ("target", "query"),
    [
        ("/rooms", ""),
        ("/rooms?limit=20&start=abc", "limit=20&start=abc"),
        ("/rooms?name=&before=&limit=20", "limit=20"),
        ("/rooms?enabled=false", "enabled=false"),
        ("/rooms?name=a,b", "name=a%2Cb"),
        (
            "/analytics?room_id=r&type=track.add.success&type=track.remove.success",
            "room_id=r&type=track.add.success&type=track.remove.success",
        ),
    ],
)
def test_queries_pass_as_they_came_and_none_is_added(stack: Stack, target: str, query: str) -> None:
    send(stack, "GET", target)
    assert received(stack)[0]["query"] == query


@pytest.mark.parametrize(
    "target",
    [
        "/rooms/..%2Ftemplates",
        "/rooms/%2e%2e%2ftemplates",
        "/rooms/%2e",
        "/rooms/%2e%2e",
        "/v2/rooms/..%2f..%2frooms",
        "/active-rooms/%2e%2e/peers/x",
        "/active-rooms/x/peers/%2e%2e",
        "/rooms/a%3Fb",
        "/rooms/a%23b",
        "/rooms/a%5Cb",
        "/rooms/a%00b",
        "/rooms/a%0D%0Ab",
        "/rooms/a%252Fb",
        "/rooms/%252e%252e",
        "/v2/rooms/%252E%252E%252Ftemplates",
        "/rooms/%25%32%66",
    ],
)
def test_a_segment_cannot_reach_another_resource(stack: Stack, target: str) -> None:
    assert_refused(stack, 400, send(stack, "GET", target))


def test_an_encoded_slash_does_not_join_two_segments(stack: Stack) -> None:
    status, _, _ = send(stack, "GET", "/rooms/a%2Fb")
    assert status == 404
    assert received(stack) == []


@pytest.mark.parametrize(
    "segment", ["a%20b", "%C3%BC", "50%25", "100%25%20x", "a+b", "a:b@c;d=e,f", "%F0%9F%8E%A4", "a%22b", "a%60b"]
)
def test_a_segment_arrives_as_the_one_it_was(stack: Stack, segment: str) -> None:
    send(stack, "GET", f"/rooms/{segment}")
    path = received(stack)[0]["path"]
    assert unquote(path) == unquote(f"/v2/rooms/{segment}")
    assert path.count("/") == 3


@pytest.mark.parametrize("target", ["/nowhere", "/v2/nowhere", "/rooms/a/b/c/d", "/v2/v2/rooms", "/tokenx"])
def test_an_unknown_route_is_404_in_the_envelope(stack: Stack, target: str) -> None:
    assert_refused(stack, 404, send(stack, "GET", target))


@pytest.mark.parametrize(
    ("method", "target", "allow"),
    [("PUT", "/rooms", "GET, HEAD, POST"), ("GET", "/token", "POST"), ("DELETE", "/", "GET, HEAD")],
)
def test_a_wrong_verb_is_405_in_the_envelope(stack: Stack, method: str, target: str, allow: str) -> None:
    answer = send(stack, method, target)
    assert_refused(stack, 405, answer)
    assert answer[2]["allow"] == allow


@pytest.mark.parametrize("target", ["/", "/v2", "/docs", "/openapi.json", "/rooms", "/v2/rooms?limit=10", "/rooms/x"])
def test_head_is_answered_as_get_without_the_body(stack: Stack, target: str) -> None:
    headers = {"Authorization": f"Bearer {stack.token}"}
    get, head = (
        requests.request(method, stack.api + target, headers=headers, timeout=30) for method in ("GET", "HEAD")
    )
    varying = {"content-length", "date", "x-request-id"}
    assert head.status_code == get.status_code
    assert head.content == b""
    assert {name for name in head.headers if name.lower() not in varying} == {
        name for name in get.headers if name.lower() not in varying
    }
    assert {request["method"] for request in received(stack)} <= {"GET"}


def test_head_asks_for_a_token_as_get_does(stack: Stack) -> None:
    answer = requests.head(f"{stack.api}/rooms", timeout=30)
    assert (answer.status_code, answer.content) == (401, b"")
    assert received(stack) == []


def test_a_live_stream_starts_without_a_body(stack: Stack) -> None:
    send(stack, "POST", "/live-streams/room/627cda81ab4f3b56a077dc33/start")
    (request,) = received(stack)
    assert (request["path"], request["body"]) == ("/v2/live-streams/room/627cda81ab4f3b56a077dc33/start", "")


@pytest.mark.parametrize(
    ("target", "body", "details"),
    [
        ("/rooms?limit=" + "9" * 5000, None, ["limit: must be a whole number"]),
        ("/rooms?limit=9", None, ["limit: must be at least 10"]),
        ("/rooms?enabled=yes", None, ["enabled: must be true or false"]),
        (
            "/rooms",
            b'{"size":' + b"9" * 4301 + b"}",
            ["body: must be valid JSON: a number is too large or not a JSON number"],
        ),
        ("/rooms", b'{"recording_info":1}', ["recording_info: must be an object"]),
        ("/rooms", b'{"polls":{}}', ["polls: must be a list"]),
        ("/rooms", b'{"size":"1"}', ["size: must be a whole number"]),
        ("/rooms", b'{"webhook":{"headers":[]}}', ["webhook.url: is required", "webhook.headers: must be an object"]),
        ("/rooms", b'{"region":"mars"}', ["region: must be 'eu', 'in', 'us' or 'auto'"]),
        ("/polls", b'{"questions":[0,0]}', ["questions.0: must be an object"]),
    ],
)
def test_an_error_says_what_must_hold_and_names_nothing_of_python(
    rejecting_stack: Stack, target: str, body: bytes | None, details: list[str]
) -> None:
    answer = send(rejecting_stack, "POST" if body else "GET", target, body)
    assert_refused(rejecting_stack, 400, answer)
    assert answer[1]["details"] == details


def test_a_refusal_has_twenty_short_lines_at_most(rejecting_stack: Stack) -> None:
    body = json.dumps({"\x00" * 300: 1, **{f"siz{letter}": 1 for letter in "abcdefghijklmnopqrstuvwxyz"}})
    answer = send(rejecting_stack, "POST", "/rooms", body.encode())
    assert_refused(rejecting_stack, 400, answer)
    assert len(answer[1]["details"]) == 20
    assert answer[1]["details"][0] == "siza: unknown field, did you mean size?"
    assert answer[1]["details"][-1] == "... and at least 6 more"


def test_a_refusal_repeats_a_long_name_in_part(rejecting_stack: Stack) -> None:
    body = json.dumps({"webhook": {"url": "u", "headers": {"\x00" + "\U0001f600" * 5000: 1}}})
    (detail,) = send(rejecting_stack, "POST", "/rooms", body.encode())[1]["details"]
    assert detail.startswith("webhook.headers.?")
    assert len(detail.encode()) < 300


def test_a_trailing_slash_makes_no_difference(stack: Stack) -> None:
    assert send(stack, "GET", "/v2/sessions/")[1] == send(stack, "GET", "/v2/sessions")[1]
    assert [request["path"] for request in received(stack)] == ["/v2/sessions"] * 2


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "token"])
def test_an_invalid_token_is_401_in_the_envelope(stack: Stack, authorization: str) -> None:
    assert_refused(stack, 401, send(stack, "GET", "/rooms", headers={"Authorization": authorization}))


def test_the_seeds_token_request_is_answered_with_a_join_token(stack: Stack) -> None:
    body = b'{"userId":"u","roomId":"r","role":"host","expiresIn":60}'
    status, answer, _ = send(stack, "POST", "/token", body)
    claims = jwt.decode(answer["token"], stack.secret, ["HS256"])
    assert status == 201
    assert (claims["type"], claims["user_id"], claims["room_id"], claims["role"]) == ("app", "u", "r", "host")
    assert claims["exp"] - claims["iat"] == 70
    assert received(stack) == []


def test_a_member_that_is_null_is_one_that_is_left_out(stack: Stack) -> None:
    body = b'{"user_id":"u","userId":null,"roomId":"r","room_id":null,"role":"host","expiresIn":60,"expires_in":null}'
    assert send(stack, "POST", "/token", body)[0] == 201


@pytest.mark.parametrize("lifetime", [b"", b',"expires_in":0', b',"expiresIn":null'])
def test_a_join_token_lives_for_a_day_unless_asked_otherwise(stack: Stack, lifetime: bytes) -> None:
    answer = send(stack, "POST", "/token", b'{"user_id":"u","room_id":"r","role":"host"' + lifetime + b"}")[1]
    claims = jwt.decode(answer["token"], stack.secret, ["HS256"])
    assert claims["exp"] - claims["iat"] == 86_400 + 10


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"userId":"","roomId":"r","role":"host"}', "userId"),
        (b'{"userId":"u","roomId":" ","role":"host"}', "roomId"),
        (b'{"userId":"u","roomId":"r"}', "role"),
        (b'{"userId":7,"roomId":"r","role":"host"}', "userId"),
        (b'{"userId":"u","roomId":"r","role":"host","expiresIn":86401}', "expiresIn"),
        (b'{"userId":"u","roomId":"r","role":"host","expiresIn":-1}', "expiresIn"),
        (b'{"userId":"u","roomId":"r","role":"host","expiresIn":true}', "expiresIn"),
        (b'{"userId":"u","roomId":"r","role":"host","expiresIn":"60"}', "expiresIn"),
        (b'{"userId":"u","roomId":"r","role":"host","expiresIn":false}', "expiresIn"),
        (b'{"userId":"u","roomId":"r","role":"host","expiresin":60}', "expiresin"),
        (b'{"userId":"u","roomId":"r","role":"host","expiresIn":60.0}', "expiresIn"),
        (b'{"userId":"u","roomId":"r","role":"host","expiresIn":""}', "expiresIn"),
        (b'{"userId":"u","user_id":"v","roomId":"r","role":"host"}', "userId"),
    ],
)
def test_a_join_token_is_not_made_from_what_is_not_in_order(stack: Stack, body: bytes, field: str) -> None:
    answer = send(stack, "POST", "/token", body)
    assert_refused(stack, 400, answer)
    assert [detail.split(":")[0] for detail in answer[1]["details"]] == [field]


def test_a_response_is_read_by_its_own_id(stack: Stack) -> None:
    send(stack, "GET", "/polls/p/sessions/s/responses/r1")
    send(stack, "GET", "/polls/p/responses/r2")
    assert [request["path"] for request in received(stack)] == ["/v2/polls/p/responses/r1", "/v2/polls/p/responses/r2"]


def test_an_answer_that_is_not_json_is_502(stack: Stack) -> None:
    fault = {"status": 200, "body": "<html>hello</html>", "times": 3}
    requests.post(f"{stack.simulator}/_simulator/faults", json=fault, timeout=10).raise_for_status()
    status, answer, _ = send(stack, "GET", "/rooms")
    assert (status, answer["code"]) == (502, 502)
    assert "hello" not in json.dumps(answer)


def test_a_connection_that_breaks_is_502_and_a_change_is_sent_once(stack: Stack) -> None:
    fault = {"method": "POST", "close": True, "times": 3}
    requests.post(f"{stack.simulator}/_simulator/faults", json=fault, timeout=10).raise_for_status()
    assert send(stack, "POST", "/rooms", b"{}")[0] == 502
    assert len(received(stack)) == 1


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("POST", "/token", b'{"userId":"u","roomId":"r","role":"host"}'),
        ("POST", "/room-codes/code/abc-defg-hij", None),
        ("POST", "/room-codes/room/r", None),
        ("GET", "/v2/room-codes/r", None),
        ("GET", "/stream-keys/room/r", None),
        ("GET", "/recording-assets/a/presigned-url", None),
        ("GET", "/recordings/r", None),
        ("GET", "/external-streams", None),
        ("GET", "/rooms", None),
        ("GET", "/", None),
        ("GET", "/nowhere", None),
        ("DELETE", "/", None),
        ("POST", "/rooms", b"no JSON"),
        ("POST", "/token/oidc", None),
        ("POST", "/webhooks", b"{}"),
    ],
)
def test_an_answer_is_kept_by_no_cache_and_read_as_nothing_but_what_it_is(
    stack: Stack, method: str, target: str, body: bytes | None
) -> None:
    headers = send(stack, method, target, body)[2]
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize("target", ["/openapi.json", "/docs"])
def test_what_is_the_same_for_everybody_may_be_kept(stack: Stack, target: str) -> None:
    headers = requests.get(f"{stack.api}{target}", timeout=30).headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("public, max-age=300", "nosniff")
