"""GET /docs in a browser: shows all operations, which the reader can try out."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.http_api import ROOT
from tests.integration.stack import Stack

DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text())
OPERATIONS = [operation["operationId"] for item in DOCUMENT["paths"].values() for operation in item.values()]


@pytest.fixture
def docs(page: Page, stack: Stack) -> Page:
    page.goto(f"{stack.api}/docs")
    page.wait_for_selector(".opblock")
    return page


def test_every_operation_is_shown_by_section(docs: Page) -> None:
    shown = docs.locator(".opblock").evaluate_all("blocks => blocks.map(block => block.id)")
    assert sorted(item.rpartition("-")[2] for item in shown) == sorted(OPERATIONS)
    assert docs.locator(".opblock-tag").count() == len(DOCUMENT["tags"])


def test_a_room_is_created_with_the_token_that_was_typed_in(docs: Page, stack: Stack) -> None:
    docs.fill("#token", stack.token)
    block = docs.locator("#operations-rooms-createRoom")
    block.locator(".opblock-summary-control").click()
    block.locator("button.execute").click()
    expect(block.locator(".live-responses-table .response-col_status").nth(1)).to_have_text("200")
    expect(block.locator(".live-responses-table .highlight-code").first).to_contain_text('"name": "town-hall"')
    block.locator("button.execute").scroll_into_view_if_needed()


def test_without_a_token_the_response_is_401_with_the_reason(page: Page, stack: Stack) -> None:
    """Browsers log an error for every 401, so this page may."""
    page.goto(f"{stack.api}/docs")
    answer = page.request.post(f"{stack.api}/rooms", data={"name": "town-hall"})
    assert answer.status == 401
    expect(page.locator("#token-state")).to_contain_text("No token")


def test_the_page_is_used_by_keyboard_alone(docs: Page, stack: Stack) -> None:
    docs.keyboard.press("Tab")
    assert docs.evaluate("document.activeElement.id") == "token"
    docs.keyboard.insert_text(stack.token)
    expect(docs.locator("#token-state")).to_contain_text("Sent with every call")
    control = docs.locator("#operations-rooms-listRooms .opblock-summary-control")
    control.focus()
    docs.keyboard.press("Enter")
    execute = docs.locator("#operations-rooms-listRooms button.execute")
    execute.focus()
    docs.keyboard.press("Enter")
    status = docs.locator("#operations-rooms-listRooms .live-responses-table .response-col_status")
    expect(status.nth(1)).to_have_text("200")


def test_the_token_is_kept_nowhere(docs: Page, stack: Stack) -> None:
    docs.fill("#token", stack.token)
    kept = docs.evaluate(
        "[document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage), location.href]"
    )
    assert stack.token not in json.dumps(kept)
    docs.reload()
    expect(docs.locator("#token")).to_have_value("")


def test_the_filter_finds_a_section(docs: Page) -> None:
    docs.fill(".operation-filter-input", "polls")
    expect(docs.locator(".opblock-tag").first).to_contain_text("polls")
    expect(docs.locator("#operations-rooms-createRoom")).to_have_count(0)
