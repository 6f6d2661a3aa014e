"""Attendance from end to end: events from the bus are kept once, whatever happens to them on the way, and answered."""

import csv
import io
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from hms.tokens import sign_management
from tests.http_api import template
from tests.integration.stack import Stack
from tests.support.attendance import Session, closed, deliveries, envelope, joined, left, opened, sessions, shown
from tests.support.environment import functions_environment
from tests.support.functions import Context, http_event, load

Json = dict[str, Any]


class Service:
    """The keeper and the section as Lambda has them."""

    def __init__(self, stack: Stack) -> None:
        self._token = sign_management(stack.access_key, stack.secret)
        self._keeper = load("attendance_keeper")
        self._section = load("attendance")

    def keep(self, *bodies: Any) -> list[int]:
        """Hand a batch over, one message a body; which of them failed."""
        texts = [body if isinstance(body, str) else json.dumps({"detail": body}) for body in bodies]
        records = [{"messageId": str(number), "body": text} for number, text in enumerate(texts)]
        answer = self._keeper.handler({"Records": records}, Context())
        return [int(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]

    def get(self, session_id: str, accept: str = "application/json", prefix: str = "") -> Json:
        path = f"{prefix}/sessions/{session_id}/attendance"
        event = http_event("GET", path, authorization=f"Bearer {self._token}")
        event["headers"]["accept"] = accept
        answered: Json = self._section.handler(event, Context())
        return answered

    def sheet(self, session_id: str) -> Json:
        answered = self.get(session_id)
        assert answered["statusCode"] == 200
        sheet: Json = json.loads(answered["body"])
        return sheet

    def table(self, session_id: str) -> list[Json]:
        """The session's rows as a spreadsheet reads them."""
        answered = self.get(session_id, "text/csv")
        assert answered["headers"]["Content-Type"] == "text/csv; charset=utf-8"
        return list(csv.DictReader(io.StringIO(answered["body"], newline="")))


@pytest.fixture(scope="module")
def service(running_stack: Stack) -> Iterator[Service]:
    with functions_environment(running_stack):
        yield Service(running_stack)


@pytest.fixture
def session_id() -> str:
    return str(uuid.uuid4())


@settings(max_examples=25, deadline=None)
@given(data=st.data(), session=sessions())
def test_shuffled_and_repeated_deliveries_in_any_batches_keep_the_same_attendance(
    service: Service, data: st.DataObject, session: Session
) -> None:
    delivered = data.draw(deliveries(session.events))
    size = data.draw(st.integers(1, 10))
    for first in range(0, len(delivered), size):
        assert service.keep(*delivered[first : first + size]) == []
    assert service.sheet(session.id) == session.sheet


def test_a_session_is_answered_while_it_lasts(service: Service, session_id: str) -> None:
    service.keep(opened(session_id), joined(session_id, "p", 2))
    sheet = service.sheet(session_id)
    assert (sheet["session_id"], sheet["started_at"], sheet["ended_at"]) == (session_id, shown(0), None)
    assert sheet["attendees"] == [
        {
            "peer_id": "p",
            "user_id": "user of p",
            "name": "name of p",
            "role": "guest",
            "joined_at": shown(2),
            "left_at": None,
            "duration_seconds": None,
        }
    ]


def test_a_replay_changes_nothing(service: Service, session_id: str) -> None:
    events = [opened(session_id), joined(session_id, "p", 1), left(session_id, "p", 1, 3), closed(session_id, 4)]
    service.keep(*events)
    before = service.sheet(session_id)
    service.keep(*({**event, "is_replay": True} for event in reversed(events)))
    assert service.sheet(session_id) == before


@pytest.mark.parametrize("newer_first", [False, True])
def test_of_two_events_that_tell_the_same_the_newer_is_believed(
    service: Service, session_id: str, newer_first: bool
) -> None:
    older = joined(session_id, "p", 1, user_name="Ana")
    newer = {**joined(session_id, "p", 1, user_name="Anna"), "timestamp": "2026-03-04T10:00:00Z"}
    for event in (newer, older) if newer_first else (older, newer):
        service.keep(event)
    assert [row["name"] for row in service.sheet(session_id)["attendees"]] == ["Anna"]


def test_what_cannot_be_kept_comes_again_and_the_rest_of_the_batch_is_kept(service: Service, session_id: str) -> None:
    unfit = ["not JSON", "{}", envelope("room.end.success", session_id, 1), joined(session_id, "", 1)]
    assert service.keep(*unfit, joined(session_id, "p", 1)) == [0, 1, 2, 3]
    assert len(service.sheet(session_id)["attendees"]) == 1


def test_a_table_out_of_reach_keeps_the_events_in_their_queue_and_answers_503(
    service: Service, running_stack: Stack, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HMS_ATTENDANCE_TABLE", "NoSuchTable")
    unlucky = Service(running_stack)
    assert unlucky.keep(opened(session_id), closed(session_id, 1)) == [0, 1]
    answered = unlucky.get(session_id)
    assert (answered["statusCode"], answered["headers"]["retry-after"]) == (503, "5")
    assert "NoSuchTable" not in answered["body"]


def test_facts_expire_after_the_days_configured(
    service: Service, running_stack: Stack, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HMS_ATTENDANCE_DAYS", "2")
    Service(running_stack).keep(opened(session_id))
    key = {":id": session_id}
    table = boto3.resource("dynamodb").Table("AttendanceTable")
    (item,) = table.query(KeyConditionExpression="session_id = :id", ExpressionAttributeValues=key)["Items"]
    assert item["expires_at"] == 1772616600 + 2 * 86_400
    declared = template()["Resources"]["AttendanceTable"]["Properties"]
    assert declared["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_a_spreadsheet_gets_the_same_rows(service: Service, session_id: str) -> None:
    service.keep(
        joined(session_id, "p", 1, user_name='Ann, "A"\nÜ'), left(session_id, "q", 2, 3), closed(session_id, 4)
    )
    rows = [{name: str(value) for name, value in row.items()} for row in service.sheet(session_id)["attendees"]]
    rows[0]["name"] = 'Ann, "A"\nÜ'
    service.keep(left(session_id, "p", 1, 4, user_name='Ann, "A"\nÜ'))
    assert service.table(session_id) == rows


def test_a_spreadsheet_has_empty_cells_for_what_is_not_known_yet(service: Service, session_id: str) -> None:
    service.keep(joined(session_id, "p", 1))
    (row,) = service.table(session_id)
    assert (row["left_at"], row["duration_seconds"]) == ("", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_a_name_that_a_spreadsheet_would_run_is_disarmed(service: Service, session_id: str, start: str) -> None:
    name = start + 'HYPERLINK("http://example.com")'
    service.keep(joined(session_id, "p", 1, user_name=name))
    assert service.table(session_id)[0]["name"] == f"'{name}"
    assert service.sheet(session_id)["attendees"][0]["name"] == name


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html, */*;q=0.8", "application/json"),
        ("text/csv;q=0.5, application/json", "application/json"),
        ("text/csv;q=0", "application/json"),
        ("TEXT/CSV", "text/csv; charset=utf-8"),
        ("text/csv, */*", "text/csv; charset=utf-8"),
        ("application/json;q=0.9, text/csv", "text/csv; charset=utf-8"),
        ("text/csv; header=present; q=0.7", "text/csv; charset=utf-8"),
    ],
)
def test_the_caller_chooses_by_accept(service: Service, session_id: str, accept: str, content_type: str) -> None:
    service.keep(opened(session_id))
    headers = service.get(session_id, accept)["headers"]
    assert (headers["Content-Type"], headers["vary"]) == (content_type, "accept")


@pytest.mark.parametrize("prefix", ["", "/v2"])
def test_a_session_of_which_nothing_is_known_is_404(service: Service, session_id: str, prefix: str) -> None:
    answered = service.get(session_id, "text/csv", prefix)
    assert (answered["statusCode"], json.loads(answered["body"])["code"]) == (404, 404)


def test_a_session_held_at_100ms_is_answered_within_seconds_of_its_end(stack: Stack) -> None:
    headers = {"Authorization": f"Bearer {stack.token}"}
    room_id = requests.post(f"{stack.api}/rooms", json={}, headers=headers, timeout=30).json()["id"]
    peers_url = f"{stack.simulator}/_simulator/rooms/{room_id}/peers"
    peers = [
        requests.post(peers_url, json={"name": name, "role": "guest", "user_id": name}, timeout=10).json()
        for name in ("Ann", "Bo")
    ]
    active = requests.get(f"{stack.api}/active-rooms/{room_id}", headers=headers, timeout=30).json()
    requests.delete(f"{peers_url}/{peers[0]['id']}", timeout=10).raise_for_status()
    requests.post(f"{stack.api}/active-rooms/{room_id}/end-room", json={"reason": "over"}, headers=headers, timeout=30)

    sheet = attended(stack, f"/v2/sessions/{active['session']['id']}/attendance")
    assert sheet["room_id"] == room_id
    assert [(row["peer_id"], row["name"]) for row in sheet["attendees"]] == [
        (peer["id"], peer["name"]) for peer in peers
    ]
    assert sheet["attendees"][1]["left_at"] == sheet["ended_at"]
    retrieved = requests.get(f"{stack.api}/sessions/{active['session']['id']}", headers=headers, timeout=30).json()
    assert retrieved["id"] == sheet["session_id"]


def attended(stack: Stack, path: str) -> Json:
    """The sheet, once the session's end and two leaves have come."""
    ends = time.monotonic() + 10
    while True:
        answer = requests.get(stack.api + path, headers={"Authorization": f"Bearer {stack.token}"}, timeout=30)
        sheet: Json = answer.json()
        rows = sheet.get("attendees", [])
        if len(rows) == 2 and sheet["ended_at"] and all(row["left_at"] for row in rows):
            return sheet
        assert time.monotonic() < ends, answer.text
        time.sleep(0.05)
