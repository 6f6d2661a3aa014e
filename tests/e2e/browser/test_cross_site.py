"""Pages of other sites in a browser: the local stack rejects their requests, which have no effect."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext

from tests.integration.stack import ROOT, Stack
from tests.support.cross_site import START_RECORDING, create_stack
from tests.support.servers import answer, serve

SITES = {"cross-site": "localhost", "same-site": "127.0.0.1"}
"""The origin of the hostile page, as the browser sees it from the stack at 127.0.0.1."""

# A form's text/plain body contains one "=", which can be part of a JSON string.
WAYS = {
    "image": "const image = new Image(); image.src = url; document.body.append(image)",
    "navigation": "location = url",
    "frame": "const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame)",
    "script": "const script = document.createElement('script'); script.src = url; document.body.append(script)",
    "event source": "new EventSource(url)",
    "fetch without CORS": "fetch(url, {mode: 'no-cors', credentials: 'include'}).catch(() => {})",
    "post without CORS": "fetch(url, {mode: 'no-cors', method: 'POST', body}).catch(() => {})",
    "form": """
        const form = document.createElement('form');
        Object.assign(form, {action: url, method: 'post', enctype: 'text/plain'});
        const [name, value] = body.split('=');
        form.append(Object.assign(document.createElement('input'), {name, value}));
        document.body.append(form);
        form.submit()""",
    "fetch with CORS": "fetch(url).catch(() => {})",
}
UNREPORTED = {"event source", "fetch with CORS"}
"""Browsers for which Playwright cannot read the response either."""
BODY = '{"advance_seconds": 3600, "webhook": "="}'


Hostile = tuple[BrowserContext, str]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a site whose page makes no requests."""
    with serve(answer(200, b"<!doctype html><p>hello\n", content_type="text/html")) as site:
        yield int(site.url.rpartition(":")[2])


@pytest.fixture(params=SITES)
def hostile(browser: Browser, port: int, request: pytest.FixtureRequest) -> Iterator[Hostile]:
    """A browser context, and the URL of the hostile page in it."""
    context = browser.new_context()
    yield context, f"http://{SITES[request.param]}:{port}/"
    context.close()


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    return tmp_path / "proof"


def targets(stack: Stack, proof: Path) -> list[str]:
    """Requests that would run a command, write secrets to a file, change the simulator or show a secret."""
    return [
        stack.aws + create_stack(proof),
        stack.aws + START_RECORDING,
        stack.simulator + "/_simulator/reset",
        stack.simulator + "/_simulator/clock",
        stack.api + "/_local/simulator/reset",
        stack.api + "/_local/settings",
        stack.api + "/_local/events",
    ]


def state(stack: Stack) -> tuple[list[str], datetime]:
    """Return the simulator's rooms and time."""
    control = f"{stack.simulator}/_simulator"
    rooms = requests.get(f"{control}/rooms", timeout=10).json()["rooms"]
    clock = requests.post(f"{control}/clock", json={"advance_seconds": 0}, timeout=10).json()
    return [room["name"] for room in rooms], datetime.fromisoformat(clock["now"])


@pytest.mark.parametrize("way", WAYS)
def test_a_hostile_page_gets_nothing_and_changes_nothing(hostile: Hostile, stack: Stack, proof: Path, way: str) -> None:
    headers = {"authorization": f"Bearer {stack.token}"}
    requests.post(f"{stack.simulator}/_simulator/reset", timeout=10).raise_for_status()
    requests.post(f"{stack.api}/rooms", json={"name": "kept"}, headers=headers, timeout=10).raise_for_status()
    _, before = state(stack)
    context, address = hostile
    statuses: dict[str, set[int]] = {url: set() for url in targets(stack, proof)}
    context.on("response", lambda answer: statuses.get(answer.url, set()).add(answer.status))
    for url in statuses:
        page = context.new_page()
        page.goto(address)
        with context.expect_event("request", lambda request, url=url: request.url == url):
            page.evaluate(f"([url, body]) => {{ {WAYS[way]} }}", [url, BODY])
        page.wait_for_timeout(100)
    answered = set().union(*statuses.values())
    assert answered <= {403, 404}
    assert 403 in answered or way in UNREPORTED
    assert not proof.exists()
    assert not (ROOT / "moto_recording").exists()
    rooms, after = state(stack)
    assert rooms == ["kept"]
    assert after - before < timedelta(minutes=10)
