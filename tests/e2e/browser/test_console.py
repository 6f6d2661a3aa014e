"""The console in a browser: actions show their effect, their curl command and their events."""

import subprocess

import pytest
from playwright.sync_api import Page, Route, expect

from tests.integration.stack import ROOT, Stack


@pytest.fixture
def console(page: Page, stack: Stack) -> Page:
    page.request.post(f"{stack.simulator}/_simulator/reset")
    page.goto(f"{stack.api}/_local/")
    expect(page.locator("#now")).to_contain_text("Live")
    return page


def create(console: Page, name: str) -> None:
    console.get_by_label("Name").first.fill(name)
    console.get_by_role("button", name="Create room").click()
    expect(console.locator("#room-title")).to_have_text(name)


def test_a_room_from_its_creation_to_its_end(console: Page) -> None:
    create(console, "town-hall")
    console.get_by_role("button", name="Join").click()
    expect(console.locator("#peers")).to_contain_text("Ada")
    expect(console.locator("#events")).to_contain_text("session.open.success")
    expect(console.locator("#events")).to_contain_text("peer.join.success")
    console.get_by_role("button", name="Start recording").click()
    expect(console.locator("#recordings")).to_contain_text("starting")
    console.get_by_role("button", name="Advance clock by 1 minute").click()
    expect(console.locator("#recordings")).to_contain_text("running")
    expect(console.locator("#sessions")).to_contain_text("active")
    console.get_by_role("button", name="End room").click()
    expect(console.locator("#sessions")).to_contain_text("ended")
    expect(console.locator("#peers")).to_contain_text("none")
    console.get_by_role("button", name="Advance clock by 1 minute").click()
    expect(console.locator("#recordings")).to_contain_text("completed")
    expect(console.locator("#events")).to_contain_text("session.close.success")
    expect(console.locator("#events")).to_contain_text("recording.success")


def test_a_peer_leaves_and_what_others_do_shows_too(console: Page, stack: Stack) -> None:
    create(console, "stand-up")
    room = console.locator("#room-id").inner_text()
    joined = console.request.post(
        f"{stack.simulator}/_simulator/rooms/{room}/peers", data={"name": "Grace", "role": "guest", "user_id": "g"}
    )
    assert joined.ok
    expect(console.locator("#peers")).to_contain_text("Grace")
    console.get_by_role("button", name="Disconnect Grace").click()
    expect(console.locator("#peers")).to_contain_text("none")
    expect(console.locator("#events")).to_contain_text("peer.leave.success")


def test_a_warning_of_the_service_shows(console: Page, stack: Stack) -> None:
    def add_warning(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, headers={**response.headers, "x-hms-warnings": "1; name=pattern"})

    console.route(f"{stack.api}/rooms", add_warning)
    create(console, "town-hall")
    expect(console.locator("#answer")).to_contain_text("x-hms-warnings: 1; name=pattern")


@pytest.mark.parametrize("action", ["Create room", "Join"])
def test_the_curl_of_an_action_does_the_same(console: Page, stack: Stack, action: str) -> None:
    create(console, "it's-not".replace("'", "."))
    if action == "Join":
        console.get_by_label("Name").nth(1).fill("O'Neill")
        console.get_by_role("button", name="Join").click()
        expect(console.locator("#peers")).to_contain_text("O'Neill")
    command = console.locator("#curl").inner_text()
    assert stack.token not in command
    settings = {"PATH": "/usr/bin:/bin", "HMS_ACCESS_KEY": stack.access_key, "HMS_SECRET": stack.secret}
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, env=settings, capture_output=True, text=True, check=True)
    assert '"id"' in done.stdout
    if action == "Join":
        expect(console.locator("#peers").get_by_text("O'Neill")).to_have_count(2)


def test_a_room_that_others_disable_says_so(console: Page, stack: Stack) -> None:
    create(console, "closed")
    room = console.locator("#room-id").inner_text()
    headers = {"authorization": f"Bearer {stack.token}"}
    disabled = console.request.post(f"{stack.api}/rooms/{room}/disable", headers=headers)
    assert disabled.ok
    expect(console.locator("#rooms")).to_contain_text("disabled")
