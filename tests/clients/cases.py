"""Requests of public clients of the 100ms API from requests.jsonl: reads, sends and compares them.

One request per line:

| member | meaning |
|---|---|
| `case`, `source` | name of the case; repository of the client that sends the request |
| `evidence` | origin of the answer: `recorded`, `suite` (a client's tests), `client` (its code), `doc`, `guess` |
| `method`, `path`, `query`, `headers`, `body` | the request, byte by byte |
| `token` | text after `Bearer `; `null` for no token; a management token by default |
| `before` | requests to send to 100ms first |
| `answer` | response of 100ms; `null` if the request is not for 100ms |
| `service` | response of the service, if it differs |
| `sends` | request to 100ms, if it differs: `path`, `query`, `body` (string, or JSON in any format); `null` for none |
| `warns` | warnings of the service |
| `waits` | why the simulator does not respond in this way yet |

An answer has a `status` (or a list of accepted ones), `headers`, and `says`: a string in its message or details.
`{room}`, `{template}`, `{code}`, `{session}` and `{peer}` stand for the IDs of a room with one peer.
"""

import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

Json = dict[str, Any]

REQUESTS = Path(__file__).with_name("requests.jsonl")
FRAMING = {"content-type", "accept"}
"""Headers that the service sets, which may equal the client's. No other header is forwarded."""


@dataclass(frozen=True)
class Case:
    """One line of the file, with its placeholders."""

    line: Json

    @property
    def name(self) -> str:
        return str(self.line["case"])

    def filled(self, ids: Mapping[str, str]) -> "Case":
        """Return the case for one room."""
        return Case(_filled(self.line, ids))

    @property
    def target(self) -> str:
        return str(self.line["path"]) + (f"?{self.line['query']}" if "query" in self.line else "")

    @property
    def answer_of_100ms(self) -> Json | None:
        answer: Json | None = self.line["answer"]
        return answer

    @property
    def answer_of_service(self) -> Json:
        answer: Json = self.line.get("service") or self.line["answer"]
        return answer

    @property
    def waits_for_100ms(self) -> str | None:
        """Return why the simulator's response is not correct yet."""
        return self.line.get("waits")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: str


def cases() -> list[Case]:
    return [Case(json.loads(line)) for line in REQUESTS.read_text("utf-8").splitlines()]


def populate(simulator: str, token: str) -> dict[str, str]:
    """Create a room with codes and a peer. Returns the IDs."""
    call = requests.Session()
    call.headers["authorization"] = f"Bearer {token}"

    def made(path: str, body: Json | None = None) -> Any:
        response = call.post(simulator + path, json=body, timeout=10)
        response.raise_for_status()
        return response.json()

    room = made("/v2/rooms", {})
    codes = made(f"/v2/room-codes/room/{room['id']}")["data"]
    peer = made(f"/_simulator/rooms/{room['id']}/peers", {"name": "Ada", "role": "host", "user_id": "user-1"})
    active = call.get(f"{simulator}/v2/active-rooms/{room['id']}", timeout=10).json()
    ids = {"room": room["id"], "template": room["template_id"], "peer": peer["id"]}
    return ids | {"code": codes[0]["code"], "session": active["session"]["id"]}


def prepare(case: Case, simulator: str, token: str) -> None:
    """Send the requests that come first, and remove them from the request log."""
    for before in case.line.get("before", []):
        answer = send(Case({"headers": {"content-type": "application/json"}, **before}), simulator, token)
        assert answer.status == 200, answer
    requests.delete(f"{simulator}/_simulator/requests", timeout=10).raise_for_status()


def send(case: Case, url: str, token: str) -> Answer:
    """Send the request as the client does: no additional header, target and body unchanged."""
    body = case.line.get("body")
    content = None if body is None else body.encode()
    headers = dict(case.line.get("headers", {}))
    bearer = case.line.get("token", token)
    if bearer is not None:
        headers["authorization"] = f"Bearer {bearer}"
    if content is not None or case.line["method"] == "POST":
        headers["content-length"] = str(len(content or b""))
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request(case.line["method"], case.target, content, headers)
        response = connection.getresponse()
        shown = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, shown, response.read().decode())
    finally:
        connection.close()


def check(answer: Answer, expected: Json) -> None:
    """Compare a response with the expected one."""
    statuses = expected["status"] if isinstance(expected["status"], list) else [expected["status"]]
    assert answer.status in statuses, answer
    for name, value in expected.get("headers", {}).items():
        assert answer.headers.get(name) == value, answer
    if "says" in expected:
        error = json.loads(answer.body)
        assert expected["says"] in "\n".join([error["message"], *error.get("details", [])]), answer


def check_received(case: Case, received: list[Json]) -> None:
    """Compare the request that 100ms received with the expected one."""
    sends = case.line.get("sends", {})
    if sends is None:
        assert received == []
        return
    (request,) = received
    wanted = {"query": "", "body": "", **case.line, **sends}
    assert (request["method"], request["path"]) == (case.line["method"], wanted["path"])
    assert request["query"] == wanted["query"]
    if isinstance(wanted["body"], str):
        assert request["body"] == wanted["body"]
    else:
        assert json.loads(request["body"]) == wanted["body"]
    if request["body"]:
        assert request["headers"]["content-type"] == "application/json"
    for name, value in case.line.get("headers", {}).items():
        assert name in FRAMING or request["headers"].get(name) != value


def _filled(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return re.sub(r"{(\w+)}", lambda name: ids.get(name[1], name[0]), value)
    if isinstance(value, dict):
        return {name: _filled(member, ids) for name, member in value.items()}
    if isinstance(value, list):
        return [_filled(item, ids) for item in value]
    return value
