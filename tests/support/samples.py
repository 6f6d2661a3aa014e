"""Prepares backends in which each sample event succeeds, and reads the expected results from events/expected.yaml."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from hms.tokens import sign_app_token, sign_management_token
from tests.http_api import ROOT
from tests.integration.simulator.client import ACCESS_KEY, SECRET, Client
from tests.integration.simulator.jobs import finish, join, new_room, pass_time
from tests.support.contract import response_schema

WEBHOOK_SECRET = "-".join(["webhook", "secret", "of", "the", "samples"])
EVENTS = ROOT / "events"
CURSOR = re.compile(r"(?<=\")start=[^&\"]*&?|&start=[^&\"]*")
"""Page tokens are known only from an earlier page. These events request the first page."""


@dataclass(frozen=True)
class Expectation:
    """The expected result of an event.

    Attributes:
        status: HTTP status; None if the event is not an HTTP request.
        schema: JSON schema of the body, or of the whole result if the event is not an HTTP request.
    """

    status: int | None
    schema: dict[str, Any]

    def problems(self, answer: Any) -> list[str]:
        """Return the differences between a result and the expectation."""
        body = answer
        if self.status is not None:
            if not isinstance(answer, dict) or answer.get("statusCode") != self.status:
                return [f"status {self.status} expected: {json.dumps(answer)[:500]}"]
            body = _body(answer)
        errors = Draft202012Validator(self.schema).iter_errors(body)
        return [f"{error.json_path}: {error.message[:500]}" for error in errors]


def _body(answer: dict[str, Any]) -> Any:
    """Return the body as a client sees it: parsed if it is JSON, or a string."""
    body = answer.get("body")
    if body and answer.get("isBase64Encoded"):
        body = base64.b64decode(body).decode()
    is_json = answer.get("headers", {}).get("Content-Type") == "application/json"
    return json.loads(body) if body and is_json else body or None


def samples() -> list[Path]:
    """Return all sample events."""
    return sorted(EVENTS.glob("*/*.json"))


def name_of(file: Path) -> str:
    """Return an event's name in expected.yaml: its folder and name."""
    return f"{file.parent.name}/{file.stem}"


@cache
def expectations() -> dict[str, Expectation]:
    """Return the expected results by event."""
    written = yaml.safe_load((EVENTS / "expected.yaml").read_text())
    return {f"{folder}/{name}": _expectation(item) for folder, value in written.items() for name, item in value.items()}


def _expectation(entry: dict[str, Any]) -> Expectation:
    return Expectation(
        entry.get("status"), response_schema(entry["as"], entry["status"]) if "as" in entry else entry["body"]
    )


class SampleResources:
    """Creates the resources of one sample event when they are first needed."""

    def __init__(self, simulator: Client) -> None:
        self._simulator = simulator
        self._made: dict[str, str] = {}

    def __getitem__(self, what: str) -> str:
        if what not in self._made:
            self._made[what] = FACTORIES[what](self._simulator, self)
        return self._made[what]


def _template(simulator: Client, _: SampleResources) -> str:
    roles = {role: {"name": role, "publishParams": {"allowed": ["audio"]}} for role in ("host", "guest")}
    return str(simulator.post_json("/v2/templates", {"roles": roles})["id"])


def _room(simulator: Client, world: SampleResources) -> str:
    return new_room(simulator, polls=[world["poll"]])


def _poll(simulator: Client, _: SampleResources) -> str:
    question = {"text": "Which?", "options": [{"text": "this"}, {"text": "that"}]}
    return str(simulator.post_json("/v2/polls", {"questions": [question, question]})["id"])


def _peer(simulator: Client, world: SampleResources) -> str:
    return join(simulator, world["room"])


def _session(simulator: Client, world: SampleResources) -> str:
    assert world["peer"]
    return str(simulator.get_json(f"/v2/active-rooms/{world['room']}")["session"]["id"])


def _ended_session(simulator: Client, world: SampleResources) -> str:
    assert world["session"]
    simulator.post_json(f"/v2/active-rooms/{world['room']}/end-room", {"reason": "over", "lock": False})
    return world["session"]


def _response(simulator: Client, world: SampleResources) -> str:
    body = {"session_id": world["session"], "question": 1, "option": 1}
    return str(simulator.post_json(f"/_simulator/polls/{world['poll']}/responses", body)["id"])


def _result(simulator: Client, world: SampleResources) -> str:
    assert world["response"]
    (result,) = simulator.get_json(f"/v2/polls/{world['poll']}/results")["results"]
    return str(result["id"])


def _code(simulator: Client, world: SampleResources) -> str:
    return str(simulator.post_json(f"/v2/room-codes/room/{world['room']}")["data"][0]["code"])


def _recording(simulator: Client, world: SampleResources) -> str:
    assert world["peer"]
    job = simulator.post_json(f"/v2/recordings/room/{world['room']}/start", {})["id"]
    pass_time(simulator, 5)
    return str(job)


def _paused_recording(simulator: Client, world: SampleResources) -> str:
    assert world["recording"]
    simulator.post_json(f"/v2/recordings/room/{world['room']}/pause")
    return world["recording"]


def _asset(simulator: Client, world: SampleResources) -> str:
    simulator.post_json(f"/v2/recordings/{world['recording']}/stop")
    finish(simulator)
    assets = simulator.get_json(f"/v2/recordings/{world['recording']}")["recording_assets"]
    return str(next(asset["id"] for asset in assets if asset["type"] == "room-composite"))


def _stream(kind: str) -> Callable[[Client, SampleResources], str]:
    def start(simulator: Client, world: SampleResources) -> str:
        assert world["peer"]
        body = (
            {"recording": {"hls_vod": True}} if kind == "live-streams" else {"rtmp_urls": ["rtmp://example.com/live"]}
        )
        job = simulator.post_json(f"/v2/{kind}/room/{world['room']}/start", body)["id"]
        pass_time(simulator, 5)
        return str(job)

    return start


def _trunk(simulator: Client, _: SampleResources) -> str:
    body = {"username": "u", "password": "p", "address": "a.pstn.example.com", "from": "+15550100"}
    return str(simulator.post_json("/v2/sip/outbound/trunks", body)["id"])


def _stream_key(simulator: Client, world: SampleResources) -> str:
    simulator.post_json(f"/v2/stream-keys/room/{world['room']}")
    return world["room"]


def _replay(simulator: Client, _: SampleResources) -> str:
    return str(simulator.post_json("/v2/analytics/webhooks/replay", {})["workflow_id"])


FACTORIES: dict[str, Callable[[Client, SampleResources], str]] = {
    "template": _template,
    "room": _room,
    "poll": _poll,
    "peer": _peer,
    "session": _session,
    "ended session": _ended_session,
    "response": _response,
    "result": _result,
    "code": _code,
    "recording": _recording,
    "paused recording": _paused_recording,
    "asset": _asset,
    "live stream": _stream("live-streams"),
    "external stream": _stream("external-streams"),
    "trunk": _trunk,
    "stream key": _stream_key,
    "replay": _replay,
}

SAMPLE_IDS = {
    "627cda81ab4f3b56a077dc33": "room",
    "63188115d11d6db790c73c60": "template",
    "63172c2d3e3d9fdb008322e1": "session",
    "1038fa72-9345-4651-beab-436f9242ebf4": "peer",
    "fd9e87d8-5c7b-4750-932f-d8d2ff18b70b": "peer",
    "018b84da-0786-48c5-a3a6-02961d9eac03": "peer",
    "655bffeecd34739a72637305": "poll",
    "655c0a3fcd34739a72637311": "response",
    "655c0b12cd34739a72637318": "result",
    "6425320e94091a5af841456f": "asset",
    "642531cf94091a5af841456d": "recording",
    "wpi-srjb-wer": "code",
    "eiu-qwq-sdf": "code",
    "xxx-xxxx-xxx": "code",
    "4a3b7c9d91": "trunk",
    "webhook-replay-7f1c2a4e": "replay",
}
"""The resource behind each documented ID in the samples."""

STREAMS = {"live_streams": "live stream", "external_streams": "external stream"}
STREAM_ID = "641a8b2ac4f1d2e3a4b5c6d7"

NEEDS = {
    r"active_rooms/.*|commands/.*": "peer",
    r"recordings/(pause|stop)_room_.*": "recording",
    r"recordings/resume_room_.*": "paused recording",
    r"live_streams/stop_live_streams_for_room|commands/direct_list": "live stream",
    r"external_streams/stop_external_streams_for_room": "external stream",
    r"analytics/get_peer_stats": "ended session",
    r"sip/send_sip_dtmf": "peer",
    r"stream_keys/(get|disable)_.*": "stream key",
}
"""Further resources that an event needs, by the event's name."""


def prepared(file: Path, simulator: Client) -> dict[str, Any] | list[Any]:
    """Return the event with IDs of existing resources in the simulator, and with valid credentials."""
    world, name, text = SampleResources(simulator), name_of(file), CURSOR.sub("", file.read_text())
    if file.parent.name in STREAMS:
        text = text.replace(STREAM_ID, world[STREAMS[file.parent.name]]) if f"/{STREAM_ID}" in text else text
    for documented, what in SAMPLE_IDS.items():
        if documented in text and file.parent.name != "webhooks":
            text = text.replace(documented, world[what])
    for pattern, what in NEEDS.items():
        if re.fullmatch(pattern, name):
            assert world[what]
    tokens = {
        "MANAGEMENT_TOKEN": sign_management_token(ACCESS_KEY, SECRET),
        "APP_TOKEN": sign_app_token(ACCESS_KEY, SECRET, room_id=world["room"], role="host", user_id="u"),
        "WEBHOOK_SECRET": WEBHOOK_SECRET,
    }
    event: dict[str, Any] | list[Any] = json.loads(
        re.sub("|".join(tokens), lambda placeholder: tokens[placeholder[0]], text)
    )
    return event
