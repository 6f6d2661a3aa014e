"""Attacks of hostile callers by tokens, paths, headers and bodies."""

import base64
import http.client
import json
import time
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

import jwt
import pytest
import requests

from hms.client import HmsClient
from hms.errors import BadRequestError
from hms.settings import Settings
from hms.strict_json import MAX_BYTES, MAX_DEPTH
from hms.tokens import MAX_LENGTH, sign_app_token, sign_management_token
from tests.http_api import Route, contract_routes
from tests.integration.stack import Stack
from tests.integration.test_routes import make_the_next_answer, received
from tests.support.aws import functions_environment
from tests.support.contract import filled, operations
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context

NOW = int(time.time())
VARIABLE_ROUTES = [route for route in contract_routes() if "{" in route.path]


@pytest.fixture(scope="module", autouse=True)
def environment(running_stack: Stack) -> Iterator[None]:
    with functions_environment(running_stack):
        function.cache_clear()
        yield


@cache
def function(folder: str) -> ModuleType:
    return load(folder)


def call(folder: str, event: dict[str, Any]) -> tuple[int, str]:
    """Return status and body of the response, after checking that it is one of this service."""
    answer = function(folder).handler(event, Context())
    assert answer["headers"]["x-request-id"] == "request-1"
    return answer["statusCode"], answer.get("body", "")


def refused(answer: tuple[int, str], status: int, detail: str) -> bool:
    envelope = json.loads(answer[1])
    return answer[0] == envelope["code"] == status and detail in " ".join(envelope["details"])


# Tokens


def claims(stack: Stack, **changed: Any) -> dict[str, Any]:
    valid = {"access_key": stack.access_key, "type": "management", "version": 2, "iat": NOW, "nbf": NOW}
    return {name: value for name, value in {**valid, "exp": NOW + 600, **changed}.items() if value is not None}


def list_rooms(authorization: str) -> tuple[int, str]:
    return call("rooms", http_event("GET", "/rooms", authorization=authorization))


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"type": "app"}, id="another type"),
        pytest.param({"type": None}, id="no type"),
        pytest.param({"type": ["management"]}, id="a list of types"),
        pytest.param({"version": 1}, id="another version"),
        pytest.param({"version": None}, id="no version"),
        pytest.param({"version": "2"}, id="a version in words"),
        pytest.param({"exp": None}, id="no expiry"),
        pytest.param({"exp": "soon"}, id="an expiry in words"),
        pytest.param({"exp": float("inf")}, id="an expiry beyond all numbers"),
        pytest.param({"nbf": NOW + 10**9}, id="valid in the far future only"),
        pytest.param({"nbf": float("inf")}, id="valid never"),
        pytest.param({"access_key": None}, id="no access key"),
        pytest.param({"access_key": ["a"]}, id="a list of access keys"),
    ],
)
def test_a_well_signed_token_with_a_wrong_claim_is_refused(stack: Stack, changed: dict[str, Any]) -> None:
    assert list_rooms(f"Bearer {jwt.encode(claims(stack), stack.secret, 'HS256')}")[0] == 200
    payload = json.dumps(claims(stack, **changed)).encode()
    assert refused(list_rooms(f"Bearer {jwt.PyJWS().encode(payload, stack.secret, 'HS256')}"), 401, "")
    assert len(received(stack)) == 1


@pytest.mark.parametrize("algorithm", ["none", "HS384", "HS512"])
def test_a_token_of_another_algorithm_is_refused(stack: Stack, algorithm: str) -> None:
    token = jwt.encode(claims(stack), "" if algorithm == "none" else stack.secret, algorithm)
    assert refused(list_rooms(f"Bearer {token}"), 401, "")


@pytest.mark.parametrize("signature", ["", "AA", "A" * 43])
def test_a_token_with_its_signature_cut_or_changed_is_refused(stack: Stack, signature: str) -> None:
    assert refused(list_rooms(f"Bearer {stack.token.rpartition('.')[0]}.{signature}"), 401, "")


def test_a_token_of_eight_kilobytes_is_refused_however_well_signed(stack: Stack) -> None:
    token = jwt.encode(claims(stack, padding="x" * 6000), stack.secret, "HS256")
    assert len(token) > 8000 > MAX_LENGTH
    assert refused(list_rooms(f"Bearer {token}"), 401, "too long")


def test_a_token_nested_without_end_is_refused(stack: Stack) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 2400).decode()
    header, claims, signature = stack.token.split(".")
    assert refused(list_rooms(f"Bearer {deep}.e30.AA"), 401, "has no access_key claim")
    assert refused(list_rooms(f"Bearer {deep}.{claims}.{signature}"), 401, "not valid")
    assert refused(list_rooms(f"Bearer {header}.{deep}.{signature}"), 401, "malformed")


@pytest.mark.parametrize(
    "form", ["Bearer {0},Bearer {0}", "Bearer {0}, Bearer {0}", "Bearer {0},{0}", "Bearer {0} {0}"]
)
def test_two_authorization_headers_that_api_gateway_joined_are_refused(stack: Stack, form: str) -> None:
    assert refused(list_rooms(form.format(stack.token)), 401, "must be a bearer token")


@pytest.mark.parametrize("form", ["{0}", "Basic {0}", "Bearer", "Bearer:{0}", "Token {0}", "Bearer {0}\r\nx: y"])
def test_another_form_of_authorization_is_refused(stack: Stack, form: str) -> None:
    assert refused(list_rooms(form.format(stack.token)), 401, "must be a bearer token")


# Paths


@pytest.mark.parametrize(
    "segment",
    [
        *["..", ".", "a\0b", "\0", "a\r\nx-injected: 1", "a\n", "\x7f", "..\\..", "a?enabled=1", "a#b"],
        *["%2e%2e", "a%2f..%2fb", "%2F", "%00", "%0d%0a", "%c0%ae", "50%25", "x" * 1025, "é" * 513],
    ],
)
def test_a_segment_that_could_leave_its_place_is_refused_at_every_route(stack: Stack, segment: str) -> None:
    for route in VARIABLE_ROUTES:
        path = "/v2" + _with_every_variable(route, segment)
        answer = call(route.folder, http_event(route.method, path, authorization=f"Bearer {stack.token}"))
        assert refused(answer, 400, "path: "), route
    assert received(stack) == []


@pytest.mark.parametrize("segment", ["50%", "%", "100% x", "%%", "%e", "...", "a;b=c", "a&b", "é ٣"])
def test_an_apparent_escape_is_one_segment_of_the_same_route_for_100ms(stack: Stack, segment: str) -> None:
    for route in VARIABLE_ROUTES:
        if route.operation in {"exchangeRoomCodeForToken", "sendSipDtmf"}:
            continue
        make_the_next_answer(stack, status=200, body={})
        operation = operations()[route.operation]
        body = None if route.method == "GET" or operation.body is None else json.dumps(operation.body)
        body = None if route.path.endswith(("/enable", "/disable")) else body
        query = "&".join(f"{name}={value}" for name, value in operation.query)
        token = f"Bearer {stack.token}"
        path = _with_every_variable(route, segment)
        status, text = call(route.folder, http_event(route.method, path, query=query, body=body, authorization=token))
        assert status == 200, (route, text)
        sent = received(stack)[-1]["path"]
        assert sent.count("/") == operation.path.count("/") + 1
        assert unquote(sent) == "/v2" + _with_every_variable(route._replace(path=operation.path), segment)


@pytest.mark.parametrize("segment", ["\u2028", "\x85", "\ufffd\ufffd", "\ud800"])
def test_a_segment_of_what_is_no_letter_is_refused(stack: Stack, segment: str) -> None:
    for path in (f"/rooms/{segment}", f"/v2/rooms/{segment}/enable"):
        method = "POST" if path.endswith("enable") else "GET"
        answer = call("rooms", http_event(method, path, authorization=f"Bearer {stack.token}"))
        assert refused(answer, 400, ""), path
    assert received(stack) == []


@pytest.mark.parametrize("segment", ["\U0001f600", '"', "`", "\u202e"])
def test_a_segment_of_unusual_letters_stays_one(stack: Stack, segment: str) -> None:
    call("rooms", http_event("GET", f"/rooms/{segment}", authorization=f"Bearer {stack.token}"))
    assert unquote(received(stack)[0]["path"]) == f"/v2/rooms/{segment}"


@pytest.mark.parametrize("segment", ["a" * 1024, "é" * 512])
def test_the_longest_segment_stays_one(stack: Stack, segment: str) -> None:
    make_the_next_answer(stack, status=404, body={"code": 404})
    event = http_event("GET", f"/rooms/{segment}", authorization=f"Bearer {stack.token}")
    assert call("rooms", event)[0] == 404
    assert unquote(received(stack)[0]["path"]) == f"/v2/rooms/{segment}"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/rooms/../templates", 400),
        ("/rooms/%2e%2e/templates", 400),
        ("/rooms/..%2ftemplates", 400),
        ("/v2/rooms/%2E%2E%2Ftemplates", 400),
        ("/rooms/..%5ctemplates", 400),
        ("/rooms/%00", 400),
        ("/rooms/a%0d%0ax-injected:%201", 400),
        ("/rooms/a%3fb", 400),
        ("/rooms/a%23b", 400),
        ("/rooms/a%2fenable", 405),
        ("/rooms//enable", 404),
        ("/rooms/%c0%ae%c0%ae", 400),
        ("/v2/v2/rooms", 404),
    ],
)
def test_an_encoded_path_over_http_reaches_nothing(stack: Stack, target: str, status: int) -> None:
    connection = http.client.HTTPConnection(urlsplit(stack.api).netloc, timeout=30)
    connection.putrequest("GET", target)
    connection.putheader("authorization", f"Bearer {stack.token}")
    connection.endheaders()
    response = connection.getresponse()
    assert (response.status, json.loads(response.read())["code"]) == (status, status)
    assert response.getheader("x-injected") is None
    assert received(stack) == []
    connection.close()


@pytest.mark.parametrize("room_id", ["", ".", ".."])
def test_the_python_sdk_refuses_a_segment_that_would_name_another_path(stack: Stack, room_id: str) -> None:
    client = HmsClient(Settings(api_url=f"{stack.simulator}/v2"))
    with pytest.raises(BadRequestError):
        client.rooms.retrieve(room_id)
    assert received(stack) == []


def _with_every_variable(route: Route, segment: str) -> str:
    return filled(route.path, **dict.fromkeys(_variables(route), segment))


def _variables(route: Route) -> list[str]:
    return [part.strip("{}") for part in route.path.split("/") if part.startswith("{")]


@pytest.mark.parametrize(
    ("base_path", "path", "status"),
    [
        ("hms", "/hms/rooms", 200),
        ("hms", "/hms/v2/rooms/", 200),
        ("hms", "/rooms", 200),
        ("/hms/", "/hms/rooms", 200),
        ("a.b/c", "/a.b/c/rooms", 200),
        ("a.b/c", "/aXb/c/rooms", 404),
        ("hms", "/other/rooms", 404),
        ("hms", "/hmsx/rooms", 404),
        ("hms", "/hms/hms/rooms", 404),
        ("hms", "/v2/hms/rooms", 404),
        ("hms", "/hms", 404),
        ("", "/hms/rooms", 404),
    ],
)
def test_the_base_path_of_a_mapping_is_stripped_once(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, base_path: str, path: str, status: int
) -> None:
    monkeypatch.setenv("HMS_BASE_PATH", base_path)
    answer = load("rooms").handler(http_event("GET", path, authorization=f"Bearer {stack.token}"), Context())
    assert answer["statusCode"] == status
    assert [request["path"] for request in received(stack)] == ["/v2/rooms"] * (status == 200)


def test_what_follows_an_encoded_slash_is_routed_as_api_gateway_decodes_it(stack: Stack) -> None:
    make_the_next_answer(stack, status=200, body={})
    answer = requests.post(
        f"{stack.api}/rooms/627cda81ab4f3b56a077dc33%2Fdisable",
        headers={"authorization": f"Bearer {stack.token}"},
        timeout=30,
    )
    assert answer.status_code == 200
    (request,) = received(stack)
    assert (request["path"], request["body"]) == ("/v2/rooms/627cda81ab4f3b56a077dc33", '{"enabled": false}')


# Headers


def test_no_header_of_the_caller_reaches_100ms_or_the_answer(stack: Stack) -> None:
    names = ["x-request-id", "x-forwarded-for", "x-forwarded-host", "x-amzn-trace-id", "user-agent", "accept"]
    names += [
        "cookie",
        "origin",
        "host",
        "accept-encoding",
        "transfer-encoding",
        "connection",
        "x-http-method-override",
    ]
    event = http_event("POST", "/rooms", body="{}", authorization=f"Bearer {stack.token}")
    event["headers"] |= dict.fromkeys(names, "marker\r\nx-injected: marker")
    answer = function("rooms").handler(event, Context())
    assert answer["statusCode"] == 200
    assert "marker" not in json.dumps(answer)
    (request,) = received(stack)
    assert "marker" not in json.dumps(request)
    assert stack.token not in request["headers"]["authorization"]


def test_the_token_that_is_passed_on_can_not_bring_a_header_along(stack: Stack) -> None:
    token = sign_app_token(stack.access_key, stack.secret, room_id="r", role="host", user_id="u")
    for authorization in (f"Bearer {token}\r\nx-injected: 1", f"Bearer {token}\n x", f"Bearer\t{token}\r\n"):
        event = http_event("POST", "/sip/dtmf", body='{"tones": "1"}', authorization=authorization)
        assert refused(call("sip", event), 401, "must be a bearer token")
    assert received(stack) == []


# Bodies


def create_room(stack: Stack, body: bytes) -> tuple[int, str]:
    text = base64.b64encode(body).decode()
    event = http_event("POST", "/rooms", body=text, authorization=f"Bearer {sign_management_token(*pair(stack))}")
    return call("rooms", {**event, "isBase64Encoded": True})


def pair(stack: Stack) -> tuple[str, str]:
    return stack.access_key, stack.secret


def nested(depth: int) -> bytes:
    """Return an object with `depth` levels."""
    return b'{"x":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        pytest.param(nested(MAX_DEPTH + 1), 400, "must nest at most 100 levels", id="a level too many"),
        pytest.param(
            b'{"x":' * 5000 + b"1" + b"}" * 5000, 400, "must nest at most 100 levels", id="objects in objects"
        ),
        pytest.param(b"[" * 500_000, 400, "", id="brackets without end"),
        pytest.param(b'{"x": "' + b"x" * MAX_BYTES + b'"}', 413, "must have at most", id="too large"),
        pytest.param(b'{"x": "\\ud83d"}', 400, "lone surrogate", id="half a pair in a value"),
        pytest.param(b'{"\\uDE00": 1}', 400, "lone surrogate", id="half a pair in a name"),
        pytest.param(
            b'{"x": ["\\\\", {"y": "\\ude00\\ud83d"}]}', 400, "lone surrogate", id="a pair the wrong way round"
        ),
        pytest.param(
            b'{"x": [' + b"{}," * 9_998 + b"{}]}", 400, "must have at most 10000 objects", id="an object too many"
        ),
        pytest.param(b'{"name": "a", "name": "b"}', 400, "repeats a name", id="a name twice"),
        pytest.param(b'{"x": {"a": 1, "\\u0061": 2}}', 400, "repeats a name", id="a name twice, within, once escaped"),
        pytest.param(b'{"x": NaN}', 400, "not a JSON number", id="NaN"),
        pytest.param(b'{"x": -Infinity}', 400, "not a JSON number", id="-Infinity"),
        pytest.param(b'{"x": 1e999}', 400, "too large", id="a float beyond all numbers"),
        pytest.param(b'{"x": [-1E+400]}', 400, "too large", id="a negative one"),
        pytest.param(b'{"x": ' + b"9" * 5000 + b"}", 400, "must be valid JSON", id="an integer of 5000 digits"),
        pytest.param('{"name": "a"}'.encode("utf-16"), 400, "not UTF-8", id="UTF-16"),
        pytest.param('{"name": "a"}'.encode("utf-32-le"), 400, "must be valid JSON", id="UTF-32"),
        pytest.param(b'\xef\xbb\xbf{"name": "a"}', 400, "must be valid JSON", id="a byte order mark"),
        pytest.param(b'{"x": "\xed\xa0\x80"}', 400, "not UTF-8", id="half a surrogate pair"),
        pytest.param(b'{"x": "\xc0\xae"}', 400, "not UTF-8", id="an overlong form"),
        pytest.param(b'{"name": "a"} {}', 400, "must be valid JSON", id="two values"),
        pytest.param(b'"name"', 400, "JSON object", id="no object"),
    ],
)
def test_a_body_that_is_a_trap_is_refused_before_anything_is_sent(
    stack: Stack, body: bytes, status: int, detail: str
) -> None:
    assert refused(create_room(stack, body), status, detail)
    assert received(stack) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"description": "' + b"x" * (MAX_BYTES - 19) + b'"}', id="the largest"),
        pytest.param(b'{"x": [' + b"{}," * 9_997 + b"{}]}", id="the most objects"),
        pytest.param(b'{"x": "\\ud83d\\ude00 \\\\ud83d"}', id="a whole pair, and what only looks like half a one"),
        pytest.param(b'{"x": ' + b"9" * 4300 + b"}", id="the longest whole number"),
    ],
)
def test_a_body_at_a_bound_is_forwarded_as_it_is(stack: Stack, body: bytes) -> None:
    make_the_next_answer(stack, status=200, body={})
    assert create_room(stack, body)[0] == 200
    assert received(stack)[0]["body"].encode() == body


@pytest.mark.parametrize("body", ["[]", "0", "false", "null", '""', '{"a": 1}', "[{}]"])
def test_a_call_without_a_body_takes_none_but_an_empty_object(stack: Stack, body: str) -> None:
    event = http_event("POST", "/rooms/627cda81ab4f3b56a077dc33/disable", body=body)
    event["headers"]["authorization"] = f"Bearer {stack.token}"
    assert refused(call("rooms", event), 400, "body: must be empty")
    assert received(stack) == []


@pytest.mark.parametrize(
    ("folder", "path", "limit"),
    [
        ("sip", "/sip/dtmf", 4096),
        ("room_codes", "/room-codes/code/abc-defg-hij", 4096),
        ("tokens", "/token", 16_384),
        ("tokens", "/v2/token", 16_384),
    ],
)
def test_a_small_call_takes_a_small_body(stack: Stack, folder: str, path: str, limit: int) -> None:
    token = stack.token
    if folder == "sip":
        token = sign_app_token(stack.access_key, stack.secret, room_id="r", role="host", user_id="u")
    for size in (limit, limit + 1):
        body = '{"x": [' + " " * (size - 10) + "0]}"
        assert len(body) == size
        event = http_event("POST", path, body=body, authorization=f"Bearer {token}")
        status, text = call(folder, event)
        assert (status == 413) is (size > limit), text
        assert status != 413 or json.loads(text)["details"] == [f"body: must have at most {limit} bytes"]


def test_a_body_as_deep_as_is_taken_is_forwarded_as_it_is(stack: Stack) -> None:
    make_the_next_answer(stack, status=200, body={})
    assert create_room(stack, nested(MAX_DEPTH))[0] == 200
    assert received(stack)[0]["body"].encode() == nested(MAX_DEPTH)


@pytest.mark.parametrize("query", ["name=%ED%A0%80", "%ED%A0%80=1", "name=\ud800", "name=%FF"])
def test_a_query_of_half_a_surrogate_pair_is_refused(stack: Stack, query: str) -> None:
    answer = call("rooms", http_event("GET", "/rooms", query=query, authorization=f"Bearer {stack.token}"))
    assert refused(answer, 400, "query: ")
    assert received(stack) == []


@pytest.mark.parametrize(
    "body", ["[]", "[7]", '{"%s": 7}', '{"%s": [7]}', '{"%s": [{"session_id": "s", "name": 7, "x": NaN}]}', "{]}"]
)
@pytest.mark.parametrize("items", ["responses", "results", "data"])
def test_an_answer_of_another_form_is_502_where_it_is_read(stack: Stack, items: str, body: str) -> None:
    text = body.replace("%s", items)
    make_the_next_answer(stack, status=200, body=text, headers={"content-type": "application/json"})
    if items == "data":
        event = http_event("POST", "/rooms", body='{"name": "a"}', authorization=f"Bearer {stack.token}")
        event["headers"]["if-none-match"] = "*"
        answer = call("rooms", event)
    else:
        path = f"/polls/p/sessions/s/{items}"
        answer = call("polls", http_event("GET", path, authorization=f"Bearer {stack.token}"))
    assert refused(answer, 502, ""), answer
    assert len(received(stack)) == 1


def test_a_query_of_very_many_fields_is_refused(stack: Stack) -> None:
    query = "&".join(f"x{number}=1" for number in range(1000))
    answer = call("rooms", http_event("GET", "/rooms", query=query, authorization=f"Bearer {stack.token}"))
    assert refused(answer, 400, "query: ")
    assert received(stack) == []
