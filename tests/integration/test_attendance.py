"""Attendance from end to end: each event from the bus is stored once, whatever happens on its way."""

import base64
import codecs
import csv
import gzip
import io
import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from hms.tokens import sign_management_token
from tests.http_api import ROOT, template
from tests.integration.stack import Stack
from tests.support.attendance import Session, closed, deliveries, envelope, joined, left, opened, sessions, shown
from tests.support.aws import functions_environment
from tests.support.functions import http_event, load
from tests.support.lambda_context import Context
from tests.support.logs import Log

Json = dict[str, Any]


class Service:
    """The keeper and the section, loaded as Lambda does."""

    def __init__(self, stack: Stack) -> None:
        self._token = sign_management_token(stack.access_key, stack.secret)
        self._keeper = load("attendance_keeper")
        self._section = load("attendance")

    def keep(self, *bodies: Any) -> list[int]:
        """Invoke the keeper with a batch of one message per body. Returns the failed messages."""
        texts = [body if isinstance(body, str) else json.dumps({"detail": body}) for body in bodies]
        records = [{"messageId": str(number), "body": text} for number, text in enumerate(texts)]
        answer = self._keeper.handler({"Records": records}, Context())
        return [int(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]

    def get(
        self,
        session_id: str,
        accept: str = "application/json",
        prefix: str = "",
        query: str = "",
        milliseconds: int = 29_000,
    ) -> Json:
        path = f"{prefix}/sessions/{session_id}/attendance"
        event = http_event("GET", path, query=query, authorization=f"Bearer {self._token}")
        event["headers"] |= {"accept": accept, "accept-encoding": "gzip"}
        response: Json = self._section.handler(event, Context(milliseconds))
        return response

    def sheet(self, session_id: str, query: str = "") -> Json:
        response = self.get(session_id, query=query)
        assert response["statusCode"] == 200, response["body"]
        sheet: Json = json.loads(body_of(response))
        return sheet

    def table(self, session_id: str) -> list[Json]:
        """Return the session's rows as a spreadsheet reads them."""
        response = self.get(session_id, "text/csv")
        assert response["headers"]["Content-Type"] == "text/csv; charset=utf-8"
        return rows(response)


def body_of(response: Json) -> bytes:
    """Return the body as the caller receives it."""
    body: bytes = base64.b64decode(response["body"]) if response["isBase64Encoded"] else response["body"].encode()
    return gzip.decompress(body) if response["headers"].get("content-encoding") == "gzip" else body


def rows(response: Json) -> list[Json]:
    """Return the rows of CSV, which starts with a byte order mark."""
    body = body_of(response)
    assert body.startswith(codecs.BOM_UTF8)
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def service(running_stack: Stack) -> Iterator[Service]:
    with functions_environment(running_stack):
        yield Service(running_stack)


@pytest.fixture
def session_id() -> str:
    return str(uuid.uuid4())


@settings(max_examples=25, deadline=None)
@given(data=st.data(), session=sessions())
def test_shuffled_and_repeated_deliveries_result_in_the_same_attendance(
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


@pytest.mark.parametrize(
    "unfit",
    [
        "not JSON",
        "",
        "{}",
        "[]",
        "null",
        "7",
        '{"detail": ' + "[" * 100_000,
        '{"detail": ' + "1" * 5_000 + "}",
        '{"detail": null}',
        {"type": ["session.open.success"], "data": []},
        envelope("room.end.success", "s", 1),
        joined("s", "", 1),
        joined("", "p", 1),
        joined("s" * 2049, "p", 1),
        joined("s", "p" * 1024, 1),
        {**envelope("session.open.success", "s", 1), "timestamp": "", "data": {"session_id": "s"}},
    ],
    ids=lambda unfit: str(unfit)[:20],
)
def test_an_event_that_cannot_be_stored_is_dropped_logged_and_counted(
    running_stack: Stack, service: Service, session_id: str, unfit: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = Service(running_stack)
    log = Log("attendance_keeper")
    assert fresh.keep(unfit, joined(session_id, "p", 1)) == []
    dropped, kept = log.lines()
    assert (dropped["level"], dropped["message"], dropped["message_id"]) == ("WARNING", "dropped", "0")
    assert dropped["reason"]
    assert (kept["message"], kept["message_id"]) == ("kept", "1")
    assert counted(capsys)["AttendanceEventsDropped"] == [1]
    assert len(service.sheet(session_id)["attendees"]) == 1


def counted(capsys: pytest.CaptureFixture[str]) -> Json:
    (metrics,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    assert metrics["service"] == "attendance_keeper"
    return dict(metrics)


def test_the_test_webhook_of_the_dashboard_is_dropped_at_the_first_try(service: Service) -> None:
    webhook = json.loads((ROOT / "events" / "webhooks" / "dashboard_test.json").read_text())
    event = json.loads(webhook["body"])
    assert (event["type"], event["timestamp"]) == ("session.open.success", "20XX-0X-0XT10:XX:XXZ")
    assert service.keep(event) == []


def test_a_batch_that_is_kept_counts_nothing(
    service: Service, session_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    service.keep(opened(session_id))
    assert "_aws" not in capsys.readouterr().out


def test_without_the_table_events_stay_in_the_queue_and_reads_are_503(
    service: Service, running_stack: Stack, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HMS_ATTENDANCE_TABLE", "NoSuchTable")
    unlucky = Service(running_stack)
    assert unlucky.keep(opened(session_id), closed(session_id, 1)) == [0, 1]
    response = unlucky.get(session_id)
    assert (response["statusCode"], response["headers"]["retry-after"]) == (503, "5")
    assert "NoSuchTable" not in response["body"]


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


@pytest.mark.parametrize(("days", "years"), [("1", 5), ("365", 20), ("1", 26)])
def test_an_old_event_expires_soon_enough_for_dynamodb_to_delete_it(
    running_stack: Stack, session_id: str, days: str, years: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HMS_ATTENDANCE_DAYS", days)
    event = opened(session_id)
    event["data"]["session_started_at"] = f"{datetime.now(UTC).year - years}-01-01T00:00:00Z"
    assert Service(running_stack).keep(event) == []
    (item,) = items(session_id)
    assert time.time() - 5 * 365 * 86_400 < item["expires_at"] < time.time()


def items(session_id: str) -> list[Json]:
    """Return the session's items in the table."""
    table = boto3.resource("dynamodb").Table("AttendanceTable")
    key = {":id": session_id}
    return table.query(KeyConditionExpression="session_id = :id", ExpressionAttributeValues=key)["Items"]


ADA = {"room_id": "r-1", "peer_id": "p-1", "user_name": "Ada", "role": "host"}
CASES: dict[str, Json] = {
    "join": {
        "id": "ev-join-1",
        "version": "2.0",
        "type": "peer.join.success",
        "timestamp": "2026-01-01T10:00:00Z",
        "data": {
            **ADA,
            "joined_at": "2026-01-01T10:00:00Z",
            "session_started_at": "2026-01-01T09:59:59Z",
        },
    },
    "leave without joined_at": {
        "id": "ev-leave-1",
        "version": "2.0",
        "type": "peer.leave.success",
        "timestamp": "2026-01-01T10:30:00Z",
        "data": {
            **ADA,
            "joined_at": "0001-01-01T00:00:00Z",
            "left_at": "2026-01-01T10:30:00Z",
            "session_started_at": "2026-01-01T09:59:59Z",
        },
    },
    "leave without left_at": {
        "id": "ev-leave-2",
        "version": "2.0",
        "type": "peer.leave.success",
        "timestamp": "2026-01-01T10:30:00Z",
        "data": {
            **ADA,
            "joined_at": "2026-01-01T10:00:00Z",
            "left_at": "0001-01-01T00:00:00Z",
            "session_started_at": "0001-01-01T00:00:00Z",
        },
    },
}
"""Webhooks with Go's zero time, which means "not set"."""


@pytest.mark.parametrize("leave", ["leave without joined_at", "leave without left_at"])
@pytest.mark.parametrize("leave_first", [False, True])
def test_go_s_zero_time_is_no_instant(service: Service, session_id: str, leave: str, leave_first: bool) -> None:
    events = [{**CASES[name], "data": {**CASES[name]["data"], "session_id": session_id}} for name in ("join", leave)]
    assert service.keep(*(reversed(events) if leave_first else events)) == []
    sheet = service.sheet(session_id)
    assert sheet["started_at"] == "2026-01-01T09:59:59.000000Z"
    (row,) = sheet["attendees"]
    assert (row["joined_at"], row["left_at"]) == ("2026-01-01T10:00:00.000000Z", "2026-01-01T10:30:00.000000Z")
    assert row["duration_seconds"] == 1_800
    assert all(item["expires_at"] > 1_767_225_600 for item in items(session_id))


@pytest.mark.parametrize(
    "joined_at", ["0001-01-01T00:00:00+05:30", "9999-12-31T23:59:59-05:30", "9999-01-01T00:00:00Z"]
)
def test_a_peer_that_joined_at_no_instant_is_not_lost(service: Service, session_id: str, joined_at: str) -> None:
    data = {**CASES["join"]["data"], "session_id": session_id, "joined_at": joined_at}
    assert service.keep({**CASES["join"], "data": {**data, "session_started_at": "9999-12-31T23:59:59-05:30"}}) == []
    sheet = service.sheet(session_id)
    assert sheet["started_at"] is None
    assert [(row["name"], row["joined_at"]) for row in sheet["attendees"]] == [("Ada", "2026-01-01T10:00:00.000000Z")]


@pytest.mark.parametrize("name", ["x" * 500_000, "आ" * 160_000, "🎥" * 120_000, "A\ud83dda", "\udc00"])
def test_a_peer_with_a_name_that_no_item_can_hold_is_not_lost(service: Service, session_id: str, name: str) -> None:
    assert service.keep(joined(session_id, "p", 1, user_name=name)) == []
    (row,) = service.sheet(session_id)["attendees"]
    assert row["name"] == name[:256].replace("\ud83d", "\ufffd").replace("\udc00", "\ufffd")


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


@pytest.mark.parametrize("separator", [";", "\t", ",", "|", "\n", "\r", "\v", "\f", "\x85", "\u2028"])
@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(1)", " =1+1", '"=1+1"', "\x00=1", "\ufeff=1", "\uff1d1"])
def test_a_name_is_disarmed_wherever_a_spreadsheet_may_split_it(
    service: Service, session_id: str, separator: str, formula: str
) -> None:
    name = f"Ann{separator}{formula}{separator}{formula}"
    service.keep(joined(session_id, "p", 1, user_name=name, role=name))
    (row,) = service.table(session_id)
    assert row["name"] == row["role"] == f"Ann{separator}'{formula}{separator}'{formula}"


@pytest.mark.parametrize("name", ["Jean -Luc", "a=b; c", "Smith, Ann", "50%", "mail@example.com", "x;y\tz"])
def test_a_usual_name_is_left_as_it_is(service: Service, session_id: str, name: str) -> None:
    service.keep(joined(session_id, "p", 1, user_name=name))
    assert service.table(session_id)[0]["name"] == name


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
        ("text/csv;q=0.5, application/json;q=0.5", "text/csv; charset=utf-8"),
        ("application/json, text/csv", "text/csv; charset=utf-8"),
        ("application/json;q=0.7, text/csv;q=0.7", "text/csv; charset=utf-8"),
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
    response = service.get(session_id, "text/csv", prefix)
    assert (response["statusCode"], json.loads(response["body"])["code"]) == (404, 404)


@pytest.mark.parametrize("session_id", ["s" * 1025, "आ" * 342, "s" * 8_000], ids=["1,025", "1,026 in UTF-8", "8,000"])
@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
def test_an_id_that_no_session_can_have_is_400_and_dynamodb_is_not_asked(
    service: Service, running_stack: Stack, session_id: str, accept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
    response = Service(running_stack).get(session_id, accept)
    assert (response["statusCode"], json.loads(response["body"])["code"]) == (400, 400)


def test_the_longest_id_of_a_session_is_kept_and_answered(service: Service, session_id: str) -> None:
    longest = session_id.ljust(1024, "x")
    assert service.keep(joined(longest, "p", 1)) == []
    assert service.sheet(longest)["session_id"] == longest


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
    """Return the report after the session's end and two leaves have arrived."""
    ends = time.monotonic() + 10
    while True:
        answer = requests.get(stack.api + path, headers={"Authorization": f"Bearer {stack.token}"}, timeout=30)
        sheet: Json = answer.json()
        rows = sheet.get("attendees", [])
        if len(rows) == 2 and sheet["ended_at"] and all(row["left_at"] for row in rows):
            return sheet
        assert time.monotonic() < ends, answer.text
        time.sleep(0.05)
