"""Encoders stream into rooms with a stream key, lose their connection, and reconnect."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import START, join, leave, new_room, pass_time, recording_webhooks
from tests.integration.simulator.jobs import room_of_template as room_with
from tests.integration.simulator.receiver import schema_violations

INGESTS = "/_simulator/ingests"
WINDOW = 120


@pytest.fixture
def room_id(simulator: Client) -> str:
    """A room whose live streams wait two minutes for an encoder."""
    return streaming_room(simulator)


def streaming_room(simulator: Client) -> str:
    destination = {"name": "stream", "autoStopTimeout": WINDOW}
    return room_with(simulator, roles={"host": {}}, destinations={"hlsDestinations": {"stream": destination}})


def new_key(simulator: Client, room_id: str) -> str:
    return str(simulator.post_json(f"/v2/stream-keys/room/{room_id}")["key"])


def live_streams(simulator: Client, room_id: str) -> list[str]:
    streams = simulator.get_json("/v2/live-streams", room_id=room_id)["data"]
    return [stream["status"] for stream in streams]


def test_an_encoder_starts_a_live_stream_that_ends_after_the_window(simulator: Client, room_id: str) -> None:
    key = new_key(simulator, room_id)
    with recording_webhooks(simulator) as received:
        ingest = simulator.post_json(INGESTS, {"key": key})
        pass_time(simulator, START)
        started, streaming = received.event("ingest.start.success"), received.event("hls.started.success")
        pass_time(simulator, 3600)
        assert live_streams(simulator, room_id) == ["running"]
        assert simulator.delete(f"{INGESTS}/{ingest['ingest_id']}").status_code == 200
        pass_time(simulator, WINDOW - 1)
        assert live_streams(simulator, room_id) == ["running"]
        pass_time(simulator, 2)
        ended = received.event("ingest.end.success")
        pass_time(simulator, 60)
        stopped = received.event("hls.stopped.success")
    assert started["data"]["ingest_id"] == ended["data"]["ingest_id"] == ingest["ingest_id"]
    assert streaming["data"]["job_id"] == stopped["data"]["job_id"] == ingest["live_stream_id"]
    assert ended["data"]["reason"] == "reconnection window expired"
    times = [datetime.fromisoformat(ended["data"][name]) for name in ("last_disconnected_at", "completed_at")]
    assert times[1] - times[0] == timedelta(seconds=WINDOW)
    assert ended["data"]["duration"] in range(3600 + WINDOW, 3600 + WINDOW + 20)
    assert [schema_violations(event) for event in (started, ended)] == [[], []]
    assert simulator.delete(f"{INGESTS}/{ingest['ingest_id']}").status_code == 404


def test_an_encoder_reconnects_within_the_window(simulator: Client, room_id: str) -> None:
    key = new_key(simulator, room_id)
    ingest = simulator.post_json(INGESTS, {"key": key})
    for _ in range(2):
        simulator.delete(f"{INGESTS}/{ingest['ingest_id']}")
        pass_time(simulator, WINDOW - 1)
        assert simulator.post_json(INGESTS, {"key": key}) == ingest
        pass_time(simulator, 2)
    assert live_streams(simulator, room_id) == ["running"]


def test_peers_that_leave_do_not_end_an_ingest(simulator: Client, room_id: str) -> None:
    simulator.post_json(INGESTS, {"key": new_key(simulator, room_id)})
    leave(simulator, room_id, join(simulator, room_id))
    pass_time(simulator, 2 * WINDOW)
    assert live_streams(simulator, room_id) == ["running"]


@pytest.mark.parametrize("fails", [True, False])
def test_a_stream_that_stops_ends_its_ingest(simulator: Client, room_id: str, fails: bool) -> None:
    with recording_webhooks(simulator) as received:
        ingest = simulator.post_json(INGESTS, {"key": new_key(simulator, room_id)})
        pass_time(simulator, START)
        if fails:
            simulator.post_json(f"/_simulator/jobs/{ingest['live_stream_id']}/failure")
        else:
            simulator.post_json(f"/v2/live-streams/room/{room_id}/stop")
            pass_time(simulator, 1)
        assert received.event("ingest.end.success")["data"]["reason"] == "stream closed"


@pytest.mark.parametrize("reason", ["publish error", "internal error", "stream closed"])
def test_an_ingest_ends_with_a_documented_reason(simulator: Client, room_id: str, reason: str) -> None:
    with recording_webhooks(simulator) as received:
        path = f"{INGESTS}/{simulator.post_json(INGESTS, {'key': new_key(simulator, room_id)})['ingest_id']}"
        assert simulator.call("DELETE", path, params={"reason": "bored"}).status_code == 400
        assert simulator.call("DELETE", path, params={"reason": reason}).status_code == 200
        assert received.event("ingest.end.success")["data"]["reason"] == reason
    assert live_streams(simulator, room_id) == ["stopping"]


def test_an_ingest_can_fail(simulator: Client, room_id: str) -> None:
    with recording_webhooks(simulator) as received:
        ingest_id = simulator.post_json(INGESTS, {"key": new_key(simulator, room_id)})["ingest_id"]
        simulator.post_json(f"{INGESTS}/{ingest_id}/failure")
        failed = received.event("ingest.failure")
    assert schema_violations(failed) == []
    assert (failed["data"]["ingest_id"], failed["data"]["error_message"]) == (ingest_id, "internal error")
    assert live_streams(simulator, room_id) == ["stopping"]


def refused(simulator: Client, key: str) -> tuple[int, Any]:
    """Return the status of a refused connection and the reason, which an event reports too."""
    with recording_webhooks(simulator) as received:
        response = simulator.post(INGESTS, {"key": key})
        event = received.event("ingest.start.failure")
    assert schema_violations(event) == []
    assert event["data"]["error_message"] == response.json()["message"]
    return response.status_code, response.json()["message"]


def test_an_encoder_is_refused_for_a_documented_reason(simulator: Client, room_id: str) -> None:
    key = new_key(simulator, room_id)
    simulator.post_json(f"/v2/rooms/{room_id}", {"enabled": False})
    assert refused(simulator, key) == (403, "stream key disabled")
    simulator.post_json(f"/v2/rooms/{room_id}", {"enabled": True})
    simulator.post_json(f"/v2/live-streams/room/{room_id}/start", {"meeting_url": "https://example.com"})
    assert refused(simulator, key) == (409, "remote session active")
    simulator.post_json(f"/v2/live-streams/room/{room_id}/stop")
    simulator.post_json(INGESTS, {"key": key})
    assert refused(simulator, key) == (409, "already connected")
    simulator.post(f"/v2/stream-keys/room/{room_id}/disable")
    assert refused(simulator, key) == (403, "stream key disabled")
    assert refused(simulator, new_key(simulator, new_room(simulator))) == (400, "no hls destinations")
    destinations = {"hlsDestinations": {name: {"name": name} for name in ("one", "two")}}
    other = room_with(simulator, roles={"host": {}}, destinations=destinations)
    assert refused(simulator, new_key(simulator, other)) == (400, "beam start error")
    assert simulator.post(INGESTS, {"key": "unknown"}).status_code == 404
