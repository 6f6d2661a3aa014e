"""Webhooks: their targets and retries."""

import hashlib
import hmac
import socket
from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import join, new_room, pass_time
from tests.integration.simulator.receiver import (
    HISTORY,
    Receiver,
    cause_events,
    delivery_attempts,
    history,
    receiver,
    set_workspace_webhook,
)
from tests.support.servers import answer, hang_up, stay_silent


def test_events_are_posted_with_the_workspace_s_headers(simulator: Client) -> None:
    with receiver() as listening:
        set_workspace_webhook(
            simulator, listening.url, **{"X-Webhook-Secret": "any", "Content-Type": "application/vnd.events+json"}
        )
        join(simulator, new_room(simulator))
        listening.wait_for(2)
        for post in listening.posts:
            assert (post.method, post.target) == ("POST", "/webhook")
            assert post.headers["x-webhook-secret"] == "any"
            assert post.headers["content-type"] == "application/vnd.events+json"


def test_an_event_names_the_workspace_and_where_it_happened(simulator: Client, workspace: Receiver) -> None:
    room = simulator.post_json("/v2/rooms", {"name": "lobby"})
    peer_id = join(simulator, room["id"])
    (event,) = (event for event in workspace.wait_for(2) if event["type"] == "peer.join.success")
    assert (event["account_id"], event["app_id"], event["version"]) == (room["customer_id"], room["app_id"], "2.0")
    named = {"room_id": room["id"], "room_name": "lobby", "template_id": room["template_id"], "peer_id": peer_id}
    assert named.items() <= event["data"].items()
    assert event["data"]["session_id"] == simulator.get_json("/v2/sessions")["data"][0]["id"]


def test_a_room_s_own_webhook_replaces_the_workspace_s(simulator: Client, workspace: Receiver) -> None:
    with receiver() as own:
        room_id = new_room(simulator, webhook={"url": own.url, "headers": {"x-of": "room"}})
        join(simulator, room_id)
        own.wait_for(2)
        assert {post.headers["x-of"] for post in own.posts} == {"room"}
    assert workspace.posts == []
    assert {shown["url"] for shown in delivery_attempts(simulator, 2)} == {own.url}


def test_nothing_is_sent_or_remembered_without_a_webhook(simulator: Client) -> None:
    join(simulator, new_room(simulator))
    assert simulator.get_json("/_simulator/deliveries") == {"deliveries": []}
    assert simulator.get_json(HISTORY)["events"] == []


def test_a_success_is_tried_once(simulator: Client, workspace: Receiver) -> None:
    room_id = new_room(simulator)
    cause_events(simulator, room_id)
    (shown,) = delivery_attempts(simulator, 1)
    (event,) = workspace.events
    about = {"event_id": event["id"], "type": "room.end.failure", "room_id": room_id, "url": workspace.url}
    assert shown == about | {"is_replay": False, "try": 1, "status": 200, "at": shown["at"]}
    pass_time(simulator, 60)
    history(simulator, 1)
    assert len(workspace.posts) == 1


@pytest.mark.parametrize("status", [201, 204, 302, 404, 500])
def test_any_status_but_200_is_tried_again(simulator: Client, workspace: Receiver, status: int) -> None:
    workspace.answer_with(answer(status, body=b"", location=f"{workspace.url}/elsewhere"), answer())
    cause_events(simulator, new_room(simulator))
    delivery_attempts(simulator, 1)
    pass_time(simulator, 1)
    assert [(shown["try"], shown["status"]) for shown in delivery_attempts(simulator, 2)] == [(1, status), (2, 200)]
    assert {post.target for post in workspace.posts} == {"/webhook"}


def test_an_event_is_given_up_after_retries_1_3_and_10_seconds_apart(simulator: Client, workspace: Receiver) -> None:
    workspace.answer_with(answer(503))
    cause_events(simulator, new_room(simulator))
    delivery_attempts(simulator, 1)
    pass_time(simulator, 5)
    assert len(delivery_attempts(simulator, 3)) == 3
    assert simulator.get_json(HISTORY)["events"] == []
    pass_time(simulator, 9)
    assert [shown["try"] for shown in delivery_attempts(simulator, 4)] == [1, 2, 3, 4]
    (failed,) = history(simulator, 1)
    assert failed["payload"]["error_reason"] == "status 503"
    assert len({event["id"] for event in workspace.events}) == 1
    pass_time(simulator, 60)
    assert len(delivery_attempts(simulator, 4)) == 4


def test_a_clock_advanced_far_enough_makes_all_retries_due(simulator: Client, workspace: Receiver) -> None:
    workspace.answer_with(hang_up)
    cause_events(simulator, new_room(simulator))
    pass_time(simulator, 14)
    assert {shown["error"] for shown in delivery_attempts(simulator, 4)} == {"connection failed"}


def test_no_event_leaves_this_machine(simulator: Client) -> None:
    for host in ("webhooks.example", "192.0.2.1", "[2001:db8::1]"):
        set_workspace_webhook(simulator, f"http://{host}/webhook")
        cause_events(simulator, new_room(simulator))
    pass_time(simulator, 14)
    assert {shown["error"] for shown in delivery_attempts(simulator, 12)} == {"receiver is not on this machine"}


@pytest.mark.parametrize("webhook", [{"url": "no url"}, {"url": "http://127.0.0.1:0", "headers": {"x": "\n"}}])
def test_deliveries_to_a_rooms_invalid_webhook_fail(simulator: Client, webhook: Any) -> None:
    join(simulator, new_room(simulator, webhook=webhook))
    pass_time(simulator, 14)
    assert all(shown["error"] for shown in delivery_attempts(simulator, 8))


def test_a_silent_receiver_holds_up_no_other(simulator: Client, workspace: Receiver) -> None:
    with receiver(stay_silent) as silent:
        cause_events(simulator, new_room(simulator, webhook={"url": silent.url}))
        silent.wait_for(1)
        cause_events(simulator, new_room(simulator))
        workspace.wait_for(1)


def test_a_receiver_may_call_the_simulator_before_it_answers(simulator: Client, workspace: Receiver) -> None:
    def call_then_answer(connection: socket.socket) -> None:
        assert Client(simulator.url).get("/v2/rooms").status_code == 200
        answer()(connection)

    workspace.answer_with(call_then_answer)
    cause_events(simulator, new_room(simulator))
    assert [shown["status"] for shown in delivery_attempts(simulator, 1)] == [200]


def test_a_reset_removes_the_webhook_and_pending_deliveries(simulator: Client, workspace: Receiver) -> None:
    workspace.answer_with(answer(500))
    cause_events(simulator, new_room(simulator))
    delivery_attempts(simulator, 1)
    simulator.post_json("/_simulator/reset")
    join(simulator, new_room(simulator))
    pass_time(simulator, 14)
    assert simulator.get_json("/_simulator/deliveries") == {"deliveries": []}
    assert len(workspace.posts) == 1


@pytest.mark.parametrize("webhook", [{}, {"url": 7}, {"url": "http://127.0.0.1", "headers": {"x": 1}}])
def test_a_webhook_that_makes_no_sense_is_refused(simulator: Client, webhook: Any) -> None:
    assert simulator.call("PUT", "/_simulator/webhook", json=webhook).status_code == 400


@pytest.mark.parametrize("of_room", [True, False])
def test_a_workspace_with_a_signature_key_signs_every_event(simulator: Client, of_room: bool) -> None:
    key = "-".join(["signature", "key"])
    with receiver() as listening:
        target = {"url": listening.url, "headers": {"X-Webhook-Secret": "any"}}
        assert simulator.call("PUT", "/_simulator/webhook", json=target | {"signature_key": key}).status_code == 200
        join(simulator, new_room(simulator, **({"webhook": {"url": listening.url}} if of_room else {})))
        listening.wait_for(2)
        for post in listening.posts:
            expected = hmac.new(key.encode(), post.body, hashlib.sha256).hexdigest()
            assert post.headers["x-100ms-signature"] == expected
        assert simulator.call("PUT", "/_simulator/webhook", json=target).status_code == 200
        join(simulator, new_room(simulator))
        listening.wait_for(4)
        assert "x-100ms-signature" not in listening.posts[-1].headers
    assert simulator.call("PUT", "/_simulator/webhook", json=target | {"signature_key": 7}).status_code == 400
