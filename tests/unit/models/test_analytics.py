import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hms.client import HmsClient
from hms.errors import BadRequestError
from hms.models.analytics import DeliveryFilter, EventListQuery, WebhookEventListQuery, WebhookReplay
from tests.support.contract import document, examples
from tests.support.servers import ScriptedServer, answer
from tests.unit.models.checks import problems

SCHEMAS = document()["components"]["schemas"]
FILTERS: list[type[DeliveryFilter]] = [WebhookEventListQuery, WebhookReplay]


def ago(**span: float) -> str:
    return (datetime.now(UTC) - timedelta(**span)).isoformat()


@pytest.mark.parametrize("body", examples("replayWebhookEvents").values())
def test_the_documented_replays_pass_in_the_month_that_100ms_keeps(body: dict[str, Any]) -> None:
    moved = {"start_time": ago(days=2), "end_time": ago(days=1)}
    body = body | {name: moved[name] for name in body.keys() & moved.keys()}
    assert problems(WebhookReplay, body, closed=True) == []


@pytest.mark.parametrize("model", FILTERS)
def test_a_range_of_a_fortnight_in_the_last_month_passes(model: type[DeliveryFilter]) -> None:
    for window in (
        {"start_time": ago(days=29.9)},
        {"end_time": ago(days=3)},
        {"start_time": ago(days=29.9), "end_time": ago(days=16)},
        {"start_time": ago(days=1), "end_time": None},
    ):
        assert problems(model, window) == []


@pytest.mark.parametrize("model", FILTERS)
@pytest.mark.parametrize("start", [ago(days=31), "0001-01-01T00:00:00+14:00"], ids=["a month ago", "long ago"])
def test_a_start_before_the_last_month_is_refused_as_100ms_says(model: type[DeliveryFilter], start: str) -> None:
    assert problems(model, {"start_time": start}) == ["start_time: must be within the last 30 days"]


@pytest.mark.parametrize("model", FILTERS)
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (ago(days=20), ago(days=5)),
        (ago(days=1), ago(days=2)),
        (ago(days=1), "9999-12-31T23:59:59-14:00"),
        ("9999-12-31T23:59:59Z", ago(days=1)),
    ],
    ids=["over a fortnight", "before the start", "far off", "a start to come"],
)
def test_an_end_that_is_no_fortnight_after_the_start_is_refused(
    model: type[DeliveryFilter], start: str, end: str
) -> None:
    assert problems(model, {"start_time": start, "end_time": end}) == [
        "end_time: must be within 14 days after start_time"
    ]


@pytest.mark.parametrize("instant", ["yesterday", "2026-11-20", "2026-11-20T10:00:00", ""])
def test_an_instant_has_a_time_and_an_offset(instant: str) -> None:
    (problem,) = problems(WebhookReplay, {"end_time": instant})
    assert problem.startswith("end_time: ")


def test_a_type_stands_once_or_several_times() -> None:
    types = SCHEMAS["AnalyticsEventType"]["enum"]
    assert problems(EventListQuery, {"room_id": "r", "type": types}) == []
    assert [problems(EventListQuery, {"room_id": "r", "type": item}) for item in types] == [[]] * len(types)
    names = SCHEMAS["WebhookEventName"]["enum"]
    assert problems(WebhookEventListQuery, {"event_names": names}) == []
    assert problems(WebhookEventListQuery, {"event_names": names[0]}) == []
    assert problems(WebhookReplay, {"event_names": names}) == []


def test_an_unknown_type_is_refused_by_its_place() -> None:
    (problem,) = problems(EventListQuery, {"room_id": "r", "type": ["track.add.success", "track.add"]})
    assert problem.startswith("type.1: ")


def test_a_replays_types_are_a_list() -> None:
    (problem,) = problems(WebhookReplay, {"event_names": "peer.join.success"})
    assert problem.startswith("event_names: ")


@pytest.mark.parametrize(("limit", "passes"), [("0", False), ("1", True), ("100", True), ("101", False)])
def test_a_page_has_one_to_a_hundred_events(limit: str, passes: bool) -> None:
    assert (problems(EventListQuery, {"room_id": "r", "limit": limit}) == []) is passes
    assert (problems(WebhookEventListQuery, {"limit": limit}) == []) is passes


@pytest.mark.parametrize(
    ("operation", "query", "missing"),
    [
        ("list_events", {}, ["room_id"]),
        ("list_events", {"room_id": "", "limit": 10}, ["room_id"]),
        ("retrieve_peer_stats", {}, ["peer_id", "session_id"]),
        ("retrieve_peer_stats", {"peer_id": "p"}, ["session_id"]),
    ],
)
def test_a_query_without_what_is_mandatory_stays_here(
    client: HmsClient, upstream: ScriptedServer, operation: str, query: dict[str, object], missing: list[str]
) -> None:
    with pytest.raises(BadRequestError) as refusal:
        getattr(client.analytics, operation)(query)
    assert refusal.value.details == [f"{name}: is required" for name in missing]
    assert upstream.requests == []


def test_the_events_of_all_pages_follow_the_cursor_next(client: HmsClient, upstream: ScriptedServer) -> None:
    pages = [
        {"limit": 2, "total": 3, "next": "b:x", "events": [{"id": "a"}, {"id": "b"}]},
        {"limit": 1, "total": 3, "next": "", "events": [{"id": "c"}]},
    ]
    upstream.script[:] = [answer(200, json.dumps(page).encode()) for page in pages]
    query = {"room_id": "r", "type": ["track.add.success", "track.remove.success"], "limit": 2}
    assert [event["id"] for event in client.analytics.iterate_events(query)] == ["a", "b", "c"]
    first = "/v2/analytics/events?room_id=r&type=track.add.success&type=track.remove.success&limit=2"
    assert [request.target for request in upstream.requests] == [first, f"{first}&start=b%3Ax"]


def deliveries(number: int, *ids: str, more: bool) -> dict[str, Any]:
    return {"events": [{"event_id": item} for item in ids], "pagination": {"current_page": number, "has_next": more}}


def test_the_webhooks_of_all_pages_are_counted_through_from_the_page_named(
    client: HmsClient, upstream: ScriptedServer
) -> None:
    pages = [deliveries(2, "c", "d", more=True), deliveries(3, "e", more=False)]
    upstream.script[:] = [answer(200, json.dumps(page).encode()) for page in pages]
    found = client.analytics.iterate_webhook_events({"status": "failed", "page": 2})
    assert [item["event_id"] for item in found] == ["c", "d", "e"]
    targets = [request.target for request in upstream.requests]
    assert targets == [f"/v2/analytics/webhooks?status=failed&page={number}" for number in (2, 3)]


def test_no_more_webhooks_are_asked_for_than_are_wanted(client: HmsClient, upstream: ScriptedServer) -> None:
    upstream.script[:] = [answer(200, json.dumps(deliveries(1, "a", "b", more=True)).encode())]
    found = list(client.analytics.iterate_webhook_events(max_items=2))
    assert [item["event_id"] for item in found] == ["a", "b"]
    assert [request.target for request in upstream.requests] == ["/v2/analytics/webhooks"]


def test_a_webhook_history_without_deliveries_ends_at_once(client: HmsClient, upstream: ScriptedServer) -> None:
    upstream.script[:] = [answer(200, b'{"events": null, "pagination": {"current_page": 1, "has_next": true}}')]
    assert list(client.analytics.iterate_webhook_events()) == []
    assert len(upstream.requests) == 1
