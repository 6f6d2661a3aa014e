"""Attendance of large sessions: complete or in pages, within the limits of time and size."""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from socket import socket
from typing import Any

import pytest

from hms_service.sessions.attendance.event import AttendanceEvent
from hms_service.sessions.attendance.repository import ATTRIBUTES
from tests.integration.stack import Stack
from tests.integration.test_attendance import Service, body_of, rows
from tests.support.attendance import joined, left
from tests.support.aws import functions_environment
from tests.support.logs import Log
from tests.support.servers import ScriptedServer, Step, answer, serve

Json = dict[str, Any]

STAYS = 30_000
NAMES = ["आदित्य शर्मा", "Мария Иванова", "🎥 Zoë 👩‍👩‍👧", 'Ann "A"; Lee', "عبد الله"]
FACTS_A_PAGE = 2_000
"""Items in about 1 MB, which DynamoDB returns per call."""


@pytest.fixture(scope="module")
def service(running_stack: Stack) -> Iterator[Service]:
    with functions_environment(running_stack):
        yield Service(running_stack)


@pytest.fixture(scope="module")
def crowd() -> list[bytes]:
    """Return DynamoDB's response to each call, for a session of 30,000 stays of one minute."""
    numbers = range(STAYS)
    facts = [fact(kind, number, minute) for kind, minute in (("join", 0), ("leave", 1)) for number in numbers]
    pages = [facts[first : first + FACTS_A_PAGE] for first in range(0, len(facts), FACTS_A_PAGE)]
    return [json.dumps({"Items": page, "LastEvaluatedKey": {"fact": page[-1]["told_at"]}}).encode() for page in pages]


def fact(kind: str, number: int, minute: int) -> Json:
    """Return the item of a stay's begin or end."""
    second, fraction = divmod(number, 1_000)
    begin, end = (f"2026-03-04T09:{item:02}:{second:02}.{fraction:03}000Z" for item in (0, minute))
    kept = AttendanceEvent(
        session_id="s",
        type=f"peer.{kind}.success",
        occurred_at=end,
        version=f"{end} {number}",
        peer_id=f"5f9edc6a-c238-4215-aec2-{number:012}",
        name=NAMES[number % 5],
        role="guest",
        joined_at=begin,
    )
    return {ATTRIBUTES[name]: {"S": value} for name, value in asdict(kept).items()}


@pytest.fixture
def dynamodb(service: Service, monkeypatch: pytest.MonkeyPatch, crowd: list[bytes]) -> Iterator[ScriptedServer]:
    """A DynamoDB with that session."""
    with serve(*map(answered, crowd), answer(200, b'{"Items": []}')) as peer:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", peer.url)
        yield peer


def answered(page: bytes) -> Step:
    return answer(200, page)


def slowly(page: bytes) -> Step:
    def step(connection: socket) -> None:
        time.sleep(0.5)
        answered(page)(connection)

    return step


def test_thirty_thousand_stays_are_answered_whole(running_stack: Stack, dynamodb: ScriptedServer) -> None:
    started = time.process_time()
    sheet = json.loads(body_of(Service(running_stack).get("s")))
    assert time.process_time() - started < 20
    assert len(sheet["attendees"]) == STAYS
    assert [row["name"] for row in sheet["attendees"][:5]] == NAMES
    assert {row["duration_seconds"] for row in sheet["attendees"]} == {60}
    assert "limit" not in sheet


def test_thirty_thousand_stays_are_a_spreadsheet(running_stack: Stack, dynamodb: ScriptedServer) -> None:
    table = rows(Service(running_stack).get("s", "text/csv"))
    assert [row["name"] for row in table[:5]] == NAMES
    assert len(table) == STAYS


def test_a_page_of_thirty_thousand_stays_is_small(running_stack: Stack, dynamodb: ScriptedServer) -> None:
    page = json.loads(body_of(Service(running_stack).get("s", query="limit=1000")))
    assert [row["name"] for row in page["attendees"]] == NAMES * 200


def test_a_session_that_takes_too_long_to_read_is_503_in_time(
    running_stack: Stack, dynamodb: ScriptedServer, crowd: list[bytes]
) -> None:
    dynamodb.script[:] = [slowly(page) for page in crowd]
    service = Service(running_stack)
    log = Log("attendance")
    started = time.monotonic()
    answer_ = service.get("s", milliseconds=14_000)
    assert (answer_["statusCode"], answer_["headers"]["retry-after"]) == (503, "5")
    assert time.monotonic() - started < 6
    (line,) = log.lines()
    assert (line["error"], line["reason"]) == ("StoreUnavailableError", "no time left to read it all")


@pytest.fixture(scope="module")
def meeting(service: Service) -> str:
    """A session of 25 stays, including same start times, repeated peers and stays without a start."""
    session_id = str(uuid.uuid4())
    events = [joined(session_id, f"p{number}", number % 4, user_name=NAMES[number % 5]) for number in range(20)]
    events += [joined(session_id, "p0", 10 + number) for number in range(3)]
    events += [left(session_id, peer, 0, 5, joined_at=None) for peer in ("q", "r & s")]
    for first in range(0, len(events), 10):
        assert service.keep(*events[first : first + 10]) == []
    return session_id


@pytest.mark.parametrize("limit", [10, 12, 25, 1_000])
def test_pages_are_the_whole_in_parts(service: Service, meeting: str, limit: int) -> None:
    whole = service.sheet(meeting)
    assert len(whole["attendees"]) == 25
    found: list[Json] = []
    query = f"limit={limit}"
    while True:
        page = service.sheet(meeting, query)
        assert page["limit"] == limit
        assert {**page, "attendees": whole["attendees"]} == {**whole, "limit": limit, "last": page["last"]}
        if not page["attendees"]:
            assert page["last"] == ""
            break
        found += page["attendees"]
        query = f"limit={limit}&start={page['last']}"
    assert found == whole["attendees"]


def test_a_page_of_no_given_size_has_ten(service: Service, meeting: str) -> None:
    first = service.sheet(meeting, "limit=10")
    second = service.sheet(meeting, f"start={first['last']}")
    assert (second["limit"], len(second["attendees"])) == (10, 10)
    assert second["attendees"] == service.sheet(meeting)["attendees"][10:20]


def test_who_comes_between_two_pages_moves_no_other(service: Service) -> None:
    session_id = str(uuid.uuid4())
    service.keep(*(joined(session_id, f"p{number}", 10 + number) for number in range(10)))
    first = service.sheet(session_id, "limit=10")
    service.keep(joined(session_id, "early", 1), joined(session_id, "late", 50))
    second = service.sheet(session_id, f"limit=10&start={first['last']}")
    assert [row["peer_id"] for row in second["attendees"]] == ["late"]


def test_a_spreadsheet_comes_in_pages_too(service: Service, meeting: str) -> None:
    first = service.get(meeting, "text/csv", query="limit=10")
    second = service.get(meeting, "text/csv", query=f"limit=20&start={first['headers']['x-last']}")
    assert rows(first) + rows(second) == rows(service.get(meeting, "text/csv"))
    assert "x-last" not in service.get(meeting, "text/csv")["headers"]


@pytest.mark.parametrize(
    "query",
    [
        *("limit=9", "limit=1001", "limit=-10", "limit=ten", "limit=1e2", "limit=10.0", "limit=" + "9" * 5_000),
        *("start=x", "start=***", "start=%F0%9F%8E%A5", "start=_-8", "limit=10&start=cA", "limits=10"),
    ],
)
def test_an_invalid_page_is_400(service: Service, meeting: str, query: str) -> None:
    answer_ = service.get(meeting, query=query)
    assert answer_["statusCode"] == 400
    (detail,) = json.loads(answer_["body"])["details"]
    assert detail.startswith(query.partition("=")[0] if "&" not in query else "start")
