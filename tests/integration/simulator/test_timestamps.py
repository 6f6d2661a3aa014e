"""Timestamps have the precision of the documented samples."""

import re
from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import finish, join, new_room, pass_time, recording_webhooks

ZERO_TIME = "0001-01-01T00:00:00Z"
SECONDS, MILLISECONDS, NANOSECONDS = "seconds", "milliseconds", "nanoseconds"
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{0,8}[1-9]))?Z")


def fraction_digits(text: str) -> int:
    match = TIMESTAMP.fullmatch(text)
    assert match, text
    return len(match[1] or "")


def precisions(value: Any) -> set[str]:
    """Return the precisions of all timestamps in a value. A zero time has none."""
    if isinstance(value, dict | list):
        members = value.values() if isinstance(value, dict) else value
        return {precision for member in members for precision in precisions(member)}
    if not isinstance(value, str) or not TIMESTAMP.fullmatch(value) or value == ZERO_TIME:
        return set()
    digits = fraction_digits(value)
    return {SECONDS if digits == 0 else MILLISECONDS if digits <= 3 else NANOSECONDS}


def is_precise(value: Any) -> bool:
    return precisions(value) == {NANOSECONDS}


def is_stored(value: Any) -> bool:
    """Return True if the timestamps have at most milliseconds. One in a thousand instants is a whole second."""
    found = precisions(value)
    return bool(found) and found <= {SECONDS, MILLISECONDS}


def test_a_new_room_has_nanoseconds_and_a_stored_one_milliseconds(simulator: Client) -> None:
    room = simulator.post_json("/v2/rooms")
    assert is_precise(room)
    stored = simulator.get_json(f"/v2/rooms/{room['id']}")
    assert is_stored(stored)
    assert room["created_at"].startswith(stored["created_at"].removesuffix("Z"))
    changed = simulator.post_json(f"/v2/rooms/{room['id']}", {"description": "x"})
    assert is_stored(changed["created_at"])
    assert is_precise(changed["updated_at"])
    overwritten = simulator.post_json("/v2/rooms", {"name": room["name"]})
    assert is_stored(overwritten["created_at"])
    assert is_precise(overwritten["updated_at"])


def test_a_listed_room_that_was_never_updated_has_the_zero_time(simulator: Client) -> None:
    room_id = new_room(simulator)
    (listed,) = simulator.get_json("/v2/rooms")["data"]
    assert listed["updated_at"] == ZERO_TIME
    simulator.post_json(f"/v2/rooms/{room_id}", {"description": "x"})
    (listed,) = simulator.get_json("/v2/rooms")["data"]
    assert listed["updated_at"] == simulator.get_json(f"/v2/rooms/{room_id}")["updated_at"]


def test_room_codes_have_seconds_when_created_and_milliseconds_later(simulator: Client) -> None:
    room_id = new_room(simulator)
    path = f"/v2/room-codes/room/{room_id}"
    assert precisions(simulator.post_json(path)) == {SECONDS}
    code = simulator.post_json(f"{path}/role/host")
    assert precisions(code) == {SECONDS}
    assert is_stored(simulator.get_json(path))
    changed = simulator.post_json("/v2/room-codes/code", {"code": code["code"], "enabled": False})
    assert is_stored(changed)


def test_an_active_room_has_nanoseconds_and_its_session_milliseconds(simulator: Client) -> None:
    room_id = new_room(simulator)
    peer_id = join(simulator, room_id)
    room = f"/v2/active-rooms/{room_id}"
    for path in (room, f"{room}/peers", f"{room}/peers/{peer_id}"):
        assert is_precise(simulator.get_json(path)), path
    assert is_stored(simulator.get_json("/v2/sessions"))


@pytest.mark.parametrize("section", ["recordings", "live-streams", "external-streams"])
def test_a_started_job_has_nanoseconds(simulator: Client, section: str) -> None:
    room_id = new_room(simulator)
    body = {"rtmp_urls": ["rtmp://example.com/live"]} if section == "external-streams" else {"destination": ""}
    assert is_precise(simulator.post_json(f"/v2/{section}/room/{room_id}/start", body))


def test_a_stored_recording_has_milliseconds(simulator: Client) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    recording_id = simulator.post_json(f"/v2/recordings/room/{room_id}/start", {"destination": ""})["id"]
    pass_time(simulator, 60)
    assert is_stored(simulator.post_json(f"/v2/recordings/{recording_id}/stop"))
    finish(simulator)
    assert is_stored(simulator.get_json(f"/v2/recordings/{recording_id}"))
    assert is_stored(simulator.get_json("/v2/recording-assets"))


def test_a_live_stream_has_the_precision_of_each_page(simulator: Client) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    stream_id = simulator.post_json(f"/v2/live-streams/room/{room_id}/start", {"destination": ""})["id"]
    pass_time(simulator, 60)
    stream = f"/v2/live-streams/{stream_id}"
    assert precisions(simulator.post_json(f"{stream}/timed-metadata", {"payload": "x", "duration": 1})) == {SECONDS}
    assert precisions(simulator.post_json(f"{stream}/pause-recording")) == {SECONDS}
    assert is_stored(simulator.post_json(f"{stream}/stop"))
    assert is_precise(simulator.get_json(stream))
    assert is_precise(simulator.get_json("/v2/live-streams"))


def test_a_new_stream_key_has_nanoseconds_and_a_stored_one_milliseconds(simulator: Client) -> None:
    path = f"/v2/stream-keys/room/{new_room(simulator)}"
    assert is_precise(simulator.post_json(path))
    assert is_stored(simulator.get_json(path))


def test_events_have_whole_seconds_in_the_envelope_and_nanoseconds_inside(simulator: Client) -> None:
    with recording_webhooks(simulator) as events:
        room_id = new_room(simulator)
        join(simulator, room_id)
        event = events.event("peer.join.success")
        assert fraction_digits(event["timestamp"]) == 0
        assert is_precise(event["data"])
    analytics = simulator.get_json("/v2/analytics/events", room_id=room_id)["events"]
    assert is_precise(analytics)


def test_the_history_of_webhooks_has_whole_seconds(simulator: Client) -> None:
    with recording_webhooks(simulator) as events:
        join(simulator, new_room(simulator))
        events.event("peer.join.success")
        replay = simulator.post_json("/v2/analytics/webhooks/replay", {})
        assert precisions(replay) == {SECONDS}
        assert precisions(simulator.get_json(f"/v2/analytics/webhooks/replay/{replay['workflow_id']}")) == {SECONDS}
    history = simulator.get_json("/v2/analytics/webhooks", status="all")
    assert precisions(history) == {SECONDS}


def test_an_updated_template_has_the_zero_time_in_the_response_only(simulator: Client) -> None:
    template = simulator.post_json("/v2/templates", {"name": "a", "roles": {"host": {}}})
    assert is_stored(template)
    path = f"/v2/templates/{template['id']}"
    updated = simulator.post_json(path, {"roles": {"host": {}}, "settings": {}})
    assert (updated["createdAt"], updated["updatedAt"]) == (ZERO_TIME, ZERO_TIME)
    assert is_stored(simulator.get_json(path)["updatedAt"])
