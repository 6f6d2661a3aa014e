"""The official front-end SDK, unmodified, in pages of other origins: it exchanges room codes at our endpoint.

Prebuilt (`@100mslive/roomkit-react`) makes the same call, with `options.endpoints.tokenByRoomCode` as `endpoint`. Then
it fetches its layout from 100ms, so its page cannot be shown offline.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jwt
import pytest
import requests
from playwright.sync_api import Browser, Error, Page, Response

from tests.e2e.foreign import need
from tests.integration.stack import Stack, started_stack
from tests.support.servers import Received, Step, answer, serve

PROJECT = Path(__file__).with_name("front_end_sdk")
FILES = ("package.json", "package-lock.json", ".npmrc", "page.js")
PAGE = b'<!doctype html><link rel="icon" href="data:,"><script src="/bundle.js"></script>\n'
GET_TOKEN = "([request, endpoint]) => hmsActions.getAuthTokenByRoomCode(request, { endpoint })"
BLOCKED = "Endpoint is not reachable"
SDK_ATTEMPTS = 4
EXPOSED = "idempotent-replay,retry-after,x-hms-warnings,x-hms-withheld,x-last,x-request-id"


class FrontEnd(NamedTuple):
    """A site with the SDK, at an origin that the stack allows and at one that it does not."""

    allowed: str
    other: str


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The SDK from npm and the page's script in one file."""
    need("npm", packages="nodejs npm")
    folder = tmp_path_factory.mktemp("front_end_sdk")
    for name in FILES:
        shutil.copy(PROJECT / name, folder)
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=120)
    command = ["node_modules/.bin/esbuild", "page.js", "--bundle", "--outfile=bundle.js", "--log-level=error"]
    subprocess.run(command, cwd=folder, check=True, timeout=60)
    return (folder / "bundle.js").read_bytes()


@pytest.fixture(scope="module")
def front_end(bundle: bytes) -> Iterator[FrontEnd]:
    def respond(request: Received) -> Step:
        if request.target == "/bundle.js":
            return answer(200, bundle, content_type="text/javascript; charset=utf-8")
        return answer(200, PAGE, content_type="text/html")

    with serve(respond=respond) as site:
        yield FrontEnd(site.url, site.url.replace("127.0.0.1", "localhost"))


@pytest.fixture(scope="module")
def stack(front_end: FrontEnd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that allows pages of one origin."""
    log = tmp_path_factory.mktemp("stack") / "stderr"
    with started_stack(log, PARAMETERS=f"CorsOrigins={front_end.allowed}") as running:
        yield running


@pytest.fixture(scope="module")
def stack_without_cors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with started_stack(tmp_path_factory.mktemp("stack") / "stderr") as running:
        yield running


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def create_room_code(stack: Stack) -> dict[str, Any]:
    """Create a room; return the code of its guests."""
    headers = {"authorization": f"Bearer {stack.token}"}
    room = requests.post(f"{stack.api}/rooms", json={"name": "town-hall"}, headers=headers, timeout=30).json()
    codes = requests.post(f"{stack.api}/room-codes/room/{room['id']}", headers=headers, timeout=30).json()["data"]
    return next(code for code in codes if code["role"] == "guest")


def requested_methods(tab: Page, url: str) -> list[str]:
    """The methods of all requests that the tab sends to the URL, from now on."""
    methods: list[str] = []
    tab.on("request", lambda sent: methods.append(sent.method) if sent.url == url else None)
    return methods


@pytest.mark.timeout(180)
@pytest.mark.parametrize("user_id", [None, "user-1"])
def test_the_sdk_gets_a_join_token(tab: Page, stack: Stack, front_end: FrontEnd, user_id: str | None) -> None:
    code = create_room_code(stack)
    endpoint = f"{stack.api}/v2/token"
    tab.goto(front_end.allowed)
    methods = requested_methods(tab, endpoint)
    request = {"roomCode": code["code"]} | ({"userId": user_id} if user_id else {})
    with tab.expect_response(endpoint) as exchange:
        token = tab.evaluate(GET_TOKEN, [request, endpoint])
    claims = jwt.decode(token, stack.secret, ["HS256"])
    assert (claims["type"], claims["role"], claims["room_id"]) == ("app", "guest", code["room_id"])
    assert not user_id or claims["user_id"] == user_id
    assert methods == ["POST"]
    check_cors_headers(exchange.value, front_end.allowed)


def check_cors_headers(response: Response, origin: str) -> None:
    sent = response.request.all_headers()
    assert sent["content-type"].startswith("text/plain")
    assert "authorization" not in sent
    headers = response.all_headers()
    assert headers["access-control-allow-origin"] == origin
    assert headers["access-control-expose-headers"] == EXPOSED


@pytest.mark.timeout(180)
def test_a_page_reads_the_headers_that_are_exposed(tab: Page, stack: Stack, front_end: FrontEnd) -> None:
    tab.goto(front_end.allowed)
    read = "async (url) => [...(await fetch(url, { method: 'POST', body: '{}' })).headers.keys()]"
    names = tab.evaluate(read, f"{stack.api}/v2/token")
    assert "x-request-id" in names
    assert "www-authenticate" not in names


@pytest.mark.timeout(180)
def test_the_sdk_reports_the_error_of_an_unknown_code(tab: Page, stack: Stack, front_end: FrontEnd) -> None:
    tab.goto(front_end.allowed)
    methods = requested_methods(tab, f"{stack.api}/v2/token")
    with pytest.raises(Error, match="Code not found"):
        tab.evaluate(GET_TOKEN, [{"roomCode": "abc-defg-hij"}, f"{stack.api}/v2/token"])
    assert methods == ["POST"]


@pytest.mark.timeout(180)
def test_the_browser_blocks_another_origin(tab: Page, stack: Stack, front_end: FrontEnd) -> None:
    check_blocked(tab, front_end.other, stack)


@pytest.mark.timeout(180)
def test_the_browser_blocks_every_origin_without_cors(
    tab: Page, stack_without_cors: Stack, front_end: FrontEnd
) -> None:
    check_blocked(tab, front_end.allowed, stack_without_cors)


def check_blocked(tab: Page, page: str, stack: Stack) -> None:
    code = create_room_code(stack)
    endpoint = f"{stack.api}/v2/token"
    tab.goto(page)
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    with pytest.raises(Error, match=BLOCKED):
        tab.evaluate(GET_TOKEN, [{"roomCode": code["code"]}, endpoint])
    blocked = [text for text in complaints if "blocked by CORS policy" in text]
    assert len(blocked) == SDK_ATTEMPTS
