"""The history of webhooks, and their replay."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import join, new_room, pass_time
from tests.integration.simulator.receiver import (
    HISTORY,
    Receiver,
    cause_events,
    delivery_attempts,
    eventually,
    history,
    receiver,
)
from tests.support.contract import check
from tests.support.servers import answer

REPLAY = f"{HISTORY}/replay"


def replayed(simulator: Client, workflow_id: str) -> Any:
    """Return the replay's status, once it has ended."""
    return eventually(lambda: simulator.get_json(f"{REPLAY}/{workflow_id}"), lambda shown: shown["status"] != "Running")


def failed_events(simulator: Client, workspace: Receiver, count: int) -> str:
    """Create a room with `count` events that were not delivered. The receiver accepts later events."""
    room_id = new_room(simulator)
    workspace.answer_with(answer(500))
    cause_events(simulator, room_id, count)
    pass_time(simulator, 20)
    history(simulator, count, limit=100, room_id=room_id)
    workspace.answer_with(answer())
    return room_id


def test_the_history_contains_the_result_of_each_event(simulator: Client, workspace: Receiver) -> None:
    room_id = failed_events(simulator, workspace, 1)
    peer_id = join(simulator, room_id)
    history(simulator, 3)
    answered = check("listWebhookEvents", simulator.get(HISTORY, status="failed"), "failedDelivery")
    (failed,) = answered["events"]
    assert (failed["event_name"], failed["room_id"]) == ("reporter.webhook.delivery.failed", room_id)
    assert failed["payload"]["original_event_name"] == "room.end.failure"
    joined = next(
        shown for shown in history(simulator, 3) if shown["payload"]["original_event_name"] == "peer.join.success"
    )
    assert joined["event_name"] == "reporter.webhook.delivery.success"
    assert (joined["payload"]["event_data"]["peer_id"], joined["payload"]["webhook_url"]) == (peer_id, workspace.url)
    assert "error_reason" not in joined["payload"]


def test_the_history_shows_what_its_filters_name(simulator: Client, workspace: Receiver) -> None:
    first = failed_events(simulator, workspace, 1)
    second = new_room(simulator)
    join(simulator, second)
    history(simulator, 3)

    def names(**query: Any) -> list[str]:
        return [shown["payload"]["original_event_name"] for shown in simulator.get_json(HISTORY, **query)["events"]]

    assert names() == ["peer.join.success", "session.open.success", "room.end.failure"]
    assert names(status="success", room_id="") == ["peer.join.success", "session.open.success"]
    assert names(room_id=first) == ["room.end.failure"]
    assert names(room_id=second, event_names="session.open.success") == ["session.open.success"]
    assert names(event_names=["session.open.success", "peer.join.success"]) == names(room_id=second)
    assert names(limit=0, status="", event_names="") == names()
    assert names(status="lost") == names(event_names="no.such.event") == []


def test_the_history_is_read_page_by_page(simulator: Client, workspace: Receiver) -> None:
    cause_events(simulator, new_room(simulator), 5)
    history(simulator, 5)
    pages = [simulator.get_json(HISTORY, limit=2, page=page) for page in (1, 2, 3, 4)]
    assert [len(page["events"]) for page in pages] == [2, 2, 1, 0]
    assert len({shown["event_id"] for page in pages for shown in page["events"]}) == 5
    assert pages[2]["pagination"] == {
        "current_page": 3,
        "page_size": 2,
        "total_pages": 3,
        "total_items": 5,
        "has_next": False,
        "has_prev": True,
    }
    assert pages[0]["pagination"]["has_next"] is True
    assert pages[0]["summary"] == {"total_events": 5}
    assert simulator.get_json(HISTORY)["pagination"]["page_size"] == 50


def test_the_history_covers_24_hours_by_default(simulator: Client, workspace: Receiver) -> None:
    cause_events(simulator, new_room(simulator))
    (shown,) = history(simulator, 1)
    happened = datetime.fromisoformat(shown["event_timestamp"])
    pass_time(simulator, 86_400 + 60)
    assert simulator.get_json(HISTORY)["events"] == []
    start, end = happened.isoformat(), (happened + timedelta(seconds=1)).isoformat()
    assert simulator.get_json(HISTORY, start_time=start)["events"] == [shown]
    assert simulator.get_json(HISTORY, start_time=start, end_time=end)["events"] == [shown]
    assert simulator.get_json(HISTORY, start_time=end)["events"] == []


@pytest.mark.parametrize(
    ("start_days", "end_days", "example"),
    [(-31, -30, "startTooOld"), (-20, 0, "rangeTooLong"), (-20, None, "rangeTooLong"), (-2, -3, "rangeTooLong")],
)
def test_a_window_that_is_not_allowed_is_refused_in_the_documented_words(
    simulator: Client, start_days: int, end_days: int | None, example: str
) -> None:
    days = {"start_time": start_days, "end_time": end_days}
    times = {name: (datetime.now(UTC) + timedelta(days=at)).isoformat() for name, at in days.items() if at is not None}
    listed = check("listWebhookEvents", simulator.get(HISTORY, **times), example)
    assert listed == check("replayWebhookEvents", simulator.post(REPLAY, times), example)
    words = {"startTooOld": "start_time must be within the last 30 days"}
    assert listed["message"] == words.get(example, "end_time must be within 14 days after start_time")


@pytest.mark.parametrize(
    "query",
    [
        {"start_time": "yesterday"},
        {"limit": "101"},
        {"page": "0"},
    ],
)
def test_a_query_of_the_history_that_makes_no_sense_is_refused(simulator: Client, query: dict[str, str]) -> None:
    response = check("listWebhookEvents", simulator.get(HISTORY, **query))
    assert response["details"] == [f"Invalid query parameter: {next(iter(query))}"]


def test_failed_events_are_replayed_and_marked_so(simulator: Client, workspace: Receiver) -> None:
    failed_events(simulator, workspace, 2)
    first_events = workspace.events
    started = check("replayWebhookEvents", simulator.post(REPLAY, {}))
    assert (started["status"], started["message"]) == ("started", "Webhook replay has been queued for processing")
    pass_time(simulator, 1)
    shown = replayed(simulator, started["workflow_id"])
    check("getWebhookReplayStatus", simulator.get(f"{REPLAY}/{started['workflow_id']}"))
    assert shown["status"] == "completed"
    assert shown["result"] == {"total": 2, "completed": 2, "failed": 0, "failed_events": []}
    again = workspace.events[len(first_events) :]
    assert [event.pop("is_replay") for event in again] == [True, True]
    assert {event["id"] for event in again} == {event["id"] for event in first_events}
    assert all(event in first_events for event in again)
    assert simulator.get_json(HISTORY, status="failed")["events"] == []
    assert [shown["is_replay"] for shown in delivery_attempts(simulator, 10)[-2:]] == [True, True]


def test_a_replay_takes_what_its_filters_name(simulator: Client, workspace: Receiver) -> None:
    for _ in range(3):
        join(simulator, new_room(simulator))
    chosen = new_room(simulator)
    peers = [join(simulator, chosen) for _ in range(4)]
    history(simulator, 11)
    asked = {"room_id": chosen, "event_names": ["peer.join.success"], "status": "success", "offset": 1, "limit": 2}
    started = check("replayWebhookEvents", simulator.post(REPLAY, asked), "started")
    pass_time(simulator, 1)
    shown = replayed(simulator, started["workflow_id"])
    named = {"room_id": chosen, "event_types": ["peer.join.success"], "offset": 1, "limit": 2}
    assert named.items() <= shown["filters"].items()
    again = {event["data"]["peer_id"] for event in workspace.events if "is_replay" in event}
    assert again == set(peers[1:3])


def test_a_replay_sends_ten_events_a_second(simulator: Client, workspace: Receiver) -> None:
    failed_events(simulator, workspace, 60)
    workflow_id = simulator.post_json(REPLAY, {})["workflow_id"]
    pass_time(simulator, 2)
    sent = eventually(
        lambda: simulator.get_json(f"{REPLAY}/{workflow_id}"), lambda shown: shown["progress"]["completed"] >= 20
    )
    assert sent["status"] == "Running"
    assert sent["progress"]["total"] == 60
    assert sent["progress"]["completed"] < 40
    assert "completed_at" not in sent
    pass_time(simulator, 4)
    assert replayed(simulator, workflow_id)["progress"] == {"total": 60, "completed": 60, "failed": 0}


def test_the_same_replay_is_not_started_twice(simulator: Client, workspace: Receiver) -> None:
    room_id = failed_events(simulator, workspace, 30)
    first = simulator.post_json(REPLAY, {"room_id": room_id})
    again = check("replayWebhookEvents", simulator.post(REPLAY, {"room_id": room_id}))
    other = simulator.post_json(REPLAY, {})
    assert (again["status"], again["workflow_id"]) == ("already_running", first["workflow_id"])
    assert (other["status"], other["workflow_id"] == first["workflow_id"]) == ("started", False)
    pass_time(simulator, 4)
    replayed(simulator, first["workflow_id"])
    assert simulator.post_json(REPLAY, {"room_id": room_id})["status"] == "started"


def test_a_replay_that_fails_again_names_the_events(simulator: Client, workspace: Receiver) -> None:
    workspace.answer_with(answer(500))
    join(simulator, new_room(simulator))
    pass_time(simulator, 20)
    history(simulator, 2)
    asked = {"event_names": ["session.open.success", "peer.join.success"]}
    workflow_id = simulator.post_json(REPLAY, asked)["workflow_id"]
    pass_time(simulator, 20)
    shown = replayed(simulator, workflow_id)
    check("getWebhookReplayStatus", simulator.get(f"{REPLAY}/{workflow_id}"), "finished")
    assert shown["status"] == "failed"
    assert set(shown["result"]["failed_events"]) == {event["id"] for event in workspace.events}


def test_a_replay_of_which_a_part_arrives_says_so(simulator: Client, workspace: Receiver) -> None:
    failed_events(simulator, workspace, 1)
    room_id = failed_events(simulator, workspace, 1)
    with receiver(answer(500)) as broken:
        simulator.post_json(f"/v2/rooms/{room_id}", {"webhook": {"url": broken.url}})
        workflow_id = simulator.post_json(REPLAY)["workflow_id"]
        pass_time(simulator, 20)
        shown = replayed(simulator, workflow_id)
    assert shown["status"] == "completed_with_failures"
    assert shown["progress"] == {"total": 2, "completed": 1, "failed": 1}


def test_a_replay_of_nothing_is_completed_at_once(simulator: Client) -> None:
    shown = simulator.get_json(f"{REPLAY}/{simulator.post_json(REPLAY)['workflow_id']}")
    assert (shown["status"], shown["progress"]["total"]) == ("completed", 0)


def test_an_unknown_replay_is_not_found(simulator: Client) -> None:
    assert check("getWebhookReplayStatus", simulator.get(f"{REPLAY}/0"), "missing") == {
        "code": 404,
        "message": "workflow not found",
    }


@pytest.mark.parametrize(
    "body", [{"limit": 50_001}, {"limit": 0}, {"offset": -1}, {"start_time": "now"}, {"event_names": ["x"]}]
)
def test_a_replay_that_makes_no_sense_is_refused(simulator: Client, body: Any) -> None:
    check("replayWebhookEvents", simulator.post(REPLAY, body))


def test_a_rate_limit_can_be_had_as_a_fault(simulator: Client) -> None:
    words = {"code": 429, "message": "rate limit exceeded, retry after 45 seconds"}
    fault = {"path": HISTORY, "status": 429, "body": words, "headers": {"retry-after": "45"}}
    simulator.post_json("/_simulator/faults", fault)
    assert check("listWebhookEvents", simulator.get(HISTORY), "rateLimited") == words


def test_the_filters_of_a_replay_may_be_in_the_query(simulator: Client, workspace: Receiver) -> None:
    failed_events(simulator, workspace, 2)
    room_id = failed_events(simulator, workspace, 2)

    def totals(**query: Any) -> int:
        started = simulator.call("POST", REPLAY, params={"status": "all"} | query)
        assert started.status_code == 200, started.text
        progress = simulator.get_json(f"{REPLAY}/{started.json()['workflow_id']}")["progress"]
        return int(progress["total"])

    everything = totals()
    assert totals(room_id=room_id) == everything / 2
    assert totals(room_id="zz") == 0
    assert totals(event_names=["session.open.success", "peer.join.success"], room_id=room_id) == 0
    assert totals(limit=1) == totals(offset=everything - 1) == 1
    assert simulator.call("POST", REPLAY, params={"status": "lost"}).status_code == 400
    assert simulator.call("POST", REPLAY, params={"offset": "-1"}).status_code == 400
    body = {"room_id": room_id}
    started = simulator.call("POST", REPLAY, params={"room_id": "zz"}, json=body).json()
    assert started["filters"]["room_id"] == room_id
