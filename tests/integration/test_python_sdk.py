"""The layer as an SDK, with the local stack, as in docs/python-sdk.md."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from hms.client import HmsClient
from hms.errors import (
    BadRequestError,
    ForbiddenError,
    HmsError,
    NotFoundError,
    RateLimitError,
    UnauthorizedError,
    UpstreamServerError,
)
from hms.http import deadline
from hms.models.rooms import RoomCreate, RoomListQuery, RoomUpdate
from tests.http_api import ROOT
from tests.integration.stack import Stack
from tests.support.aws import functions_environment


@pytest.fixture
def client(stack: Stack) -> Iterator[HmsClient]:
    deadline.start(60_000)
    with functions_environment(stack):
        yield HmsClient.from_environment()


def answer_next(stack: Stack, **fault: Any) -> None:
    requests.post(f"{stack.simulator}/_simulator/faults", json=fault, timeout=10).raise_for_status()


def last_request(stack: Stack) -> dict[str, Any]:
    logged: dict[str, Any] = requests.get(f"{stack.simulator}/_simulator/requests", timeout=10).json()["requests"][-1]
    return logged


def test_a_model_sends_only_what_it_was_given(client: HmsClient, stack: Stack) -> None:
    client.rooms.create(RoomCreate(name="a-room", size=0, description=None))
    assert json.loads(last_request(stack)["body"]) == {"name": "a-room", "size": 0, "description": None}


def test_a_dict_is_checked_like_a_model(client: HmsClient, stack: Stack) -> None:
    with pytest.raises(BadRequestError) as refused:
        client.rooms.create({"nmae": "a-room"})
    assert refused.value.details == ["nmae: unknown field, did you mean name?"]
    assert requests.get(f"{stack.simulator}/_simulator/requests", timeout=10).json() == {"requests": []}


def test_a_query_is_a_model_a_dict_or_pairs(client: HmsClient, stack: Stack) -> None:
    for query in (RoomListQuery(limit=20, enabled=False), {"limit": 20, "enabled": False}):
        client.rooms.list(query)
        assert last_request(stack)["query"] == "limit=20&enabled=false"
    client.analytics.list_events({"room_id": "r", "type": ["track.add.success", "track.remove.success"]})
    assert last_request(stack)["query"] == "room_id=r&type=track.add.success&type=track.remove.success"


def test_a_room_read_is_taken_when_posted_back(client: HmsClient) -> None:
    room = client.rooms.create({"name": "a-room"}).json()
    read = client.rooms.retrieve(room["id"]).json()
    assert client.rooms.update(room["id"], {**read, "description": "changed"}).json()["description"] == "changed"
    assert client.rooms.update(room["id"], RoomUpdate(enabled=False)).json()["enabled"] is False


@pytest.mark.parametrize("limit", [None, 10, 20, 100])
def test_iterate_gives_every_item_of_every_page_once(client: HmsClient, limit: int | None) -> None:
    room_ids = {client.rooms.create({"name": f"room-{number}"}).json()["id"] for number in range(23)}
    found = [room["id"] for room in client.rooms.iterate(limit=limit)]
    assert len(found) == 23
    assert set(found) == room_ids


def test_iterate_stops_at_its_limit_and_requests_no_page_too_many(client: HmsClient, stack: Stack) -> None:
    for number in range(23):
        client.rooms.create({"name": f"room-{number}"})
    requests.delete(f"{stack.simulator}/_simulator/requests", timeout=10)
    assert len(list(client.rooms.iterate({"limit": 10}, max_items=20))) == 20
    assert len(requests.get(f"{stack.simulator}/_simulator/requests", timeout=10).json()["requests"]) == 2


def test_iterate_goes_on_from_a_cursor(client: HmsClient) -> None:
    for number in range(15):
        client.rooms.create({"name": f"room-{number}"})
    first = client.rooms.list().json()
    rest = [room["id"] for room in client.rooms.iterate({"start": first["last"]})]
    assert len(rest) == 5
    assert not set(rest) & {room["id"] for room in first["data"]}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, UnauthorizedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (500, UpstreamServerError),
        (409, HmsError),
    ],
)
def test_an_answer_that_is_no_success_is_an_exception_of_its_kind(
    client: HmsClient, stack: Stack, status: int, kind: type[HmsError]
) -> None:
    answer_next(stack, status=status, times=2, body={"code": status, "message": "why", "details": ["this"]})
    response = client.rooms.retrieve("x")
    assert response.status_code == status
    with pytest.raises(kind) as raised:
        response.raise_for_status()
    assert (type(raised.value), raised.value.status_code) == (kind, status)
    assert (raised.value.message, raised.value.details) == ("why", ["this"])


def test_a_rate_limit_says_when_to_come_back(client: HmsClient, stack: Stack) -> None:
    answer_next(stack, status=429, headers={"retry-after": "120"}, body={"code": 429, "message": "slow down"})
    with pytest.raises(RateLimitError) as raised:
        client.rooms.list().raise_for_status()
    assert raised.value.retry_after == 120


def test_the_guide_does_what_it_shows(client: HmsClient) -> None:
    guide = (ROOT / "docs" / "python-sdk.md").read_text()
    code = "\n".join(re.findall(r"```python\n(.*?)```", guide, flags=re.DOTALL))
    names: dict[str, Any] = {}
    exec(compile(code, "docs/python-sdk.md", "exec"), names)
    assert names["token"]
