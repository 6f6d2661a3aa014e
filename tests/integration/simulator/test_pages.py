"""Members that single pages of the documentation show in their own way."""

from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import START, finish, join, new_room, pass_time, without_times
from tests.support.contract import check, examples, response_examples

UPLOAD = {"type": "s3", "location": "b", "credentials": {"key": "k", "secret": "s"}}
ROLE: str = response_examples("getTemplateRole")["role"]["name"]
OWN = {"enabled": True, "upload_info": UPLOAD}


def test_a_room_that_follows_its_template_has_its_recording_in_the_response_of_create_only(simulator: Client) -> None:
    room = simulator.post_json("/v2/rooms", {"name": "followed"})
    assert room["recording_info"] == {"enabled": False}
    assert simulator.post_json("/v2/rooms", {"name": "followed"})["recording_info"] is None
    (listed,) = simulator.get_json("/v2/rooms")["data"]
    for shown in (listed, simulator.get_json(f"/v2/rooms/{room['id']}")):
        assert {"recording", "recording_info"}.isdisjoint(shown)
    updated = simulator.post_json(f"/v2/rooms/{room['id']}", {"description": "x"})
    assert updated["recording"] is None
    assert "recording_info" not in updated


def test_a_room_with_its_own_recording_shows_it_under_the_name_of_each_page(simulator: Client) -> None:
    room = simulator.post_json("/v2/rooms", {"name": "own", "recording_info": OWN})
    assert room["recording_info"] == OWN
    assert simulator.post_json("/v2/rooms", {"name": "own", "recording_info": OWN})["recording_info"] == OWN
    updated = simulator.post_json(f"/v2/rooms/{room['id']}", {"description": "x"})
    assert (updated["recording_info"], "recording" in updated) == (OWN, False)
    without_credentials = {"enabled": True, "upload_info": {"type": "s3", "location": "b"}}
    retrieved = simulator.get_json(f"/v2/rooms/{room['id']}")
    assert (retrieved["recording_info"], "recording" in retrieved) == (without_credentials, False)
    (listed,) = simulator.get_json("/v2/rooms")["data"]
    assert (listed["recording"], "recording_info" in listed) == (without_credentials, False)


def test_the_template_of_a_room_is_empty_in_the_response_of_disable_only(simulator: Client) -> None:
    room = simulator.post_json("/v2/rooms")
    names = ("template_id", "template", "region")
    for enabled in (False, True):
        changed = simulator.post_json(f"/v2/rooms/{room['id']}", {"enabled": enabled})
        assert [changed[name] for name in names] == ["", "", ""]
    shown = simulator.get_json(f"/v2/rooms/{room['id']}")
    assert [shown[name] for name in names] == [room[name] for name in names]


@pytest.mark.parametrize("section", ["live-streams", "external-streams"])
def test_a_stream_has_the_time_of_its_stop_at_once(simulator: Client, section: str) -> None:
    room_id = new_room(simulator)
    body: Any = {"rtmp_urls": ["rtmp://example.com/live"]} if section == "external-streams" else {"destination": ""}
    stream_id = simulator.post_json(f"/v2/{section}/room/{room_id}/start", body)["id"]
    pass_time(simulator, START)
    assert simulator.get_json(f"/v2/{section}/{stream_id}")["stopped_at"] is None
    stopped = simulator.post_json(f"/v2/{section}/{stream_id}/stop")
    assert stopped["stopped_at"] == stopped["updated_at"]
    finish(simulator)
    assert simulator.get_json(f"/v2/{section}/{stream_id}")["stopped_at"] > stopped["stopped_at"]


def test_the_list_of_live_streams_has_no_assets(simulator: Client) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    body = {"recording": {"hls_vod": True}}
    stream_id = simulator.post_json(f"/v2/live-streams/room/{room_id}/start", body)["id"]
    pass_time(simulator, 60)
    simulator.post_json(f"/v2/live-streams/{stream_id}/stop")
    finish(simulator)
    (listed,) = simulator.get_json("/v2/live-streams")["data"]
    assert listed["recording_assets"] is None
    assert simulator.get_json(f"/v2/live-streams/{stream_id}")["recording_assets"] is not None


def test_configuring_recordings_returns_the_body_and_the_read_call_its_default(simulator: Client) -> None:
    path = f"/v2/templates/{simulator.post_json('/v2/templates')['id']}/recordings"
    configured = simulator.post(path, examples("configureTemplateRecordings")["config"]).json()
    assert "enabled" not in configured[0]["compositeRecording"]["browserComposite"]
    assert simulator.get(path).json()[0]["compositeRecording"]["browserComposite"]["enabled"] is True


def test_an_analytics_event_has_only_the_members_of_its_page(simulator: Client) -> None:
    room_id = new_room(simulator)
    client_event = {"type": "client.connect.failed", "room_id": room_id}
    assert "session_id" not in simulator.post_json("/_simulator/events", client_event)["data"]
    join(simulator, room_id)
    assert simulator.post_json("/_simulator/events", client_event)["data"]["session_id"]
    recording = simulator.post_json(f"/v2/recordings/room/{room_id}/start", {"destination": ""})["id"]
    pass_time(simulator, 60)
    simulator.post_json(f"/v2/recordings/{recording}/stop")
    finish(simulator)
    (event,) = simulator.get_json("/v2/analytics/events", room_id=room_id, type="beam.recording.success")["events"]
    assert {"metadata_id", "metadata_timestamp", "recording_id", "chat_recording_path"}.isdisjoint(event["data"])
    assert {"recording_path", "session_started_at", "size"} <= event["data"].keys()


@pytest.mark.parametrize(
    ("read", "write", "path"),
    [
        ("getTemplate", "updateTemplate", ""),
        ("updateTemplate", "updateTemplate", ""),
        ("getTemplateRole", "upsertTemplateRole", f"/roles/{ROLE}"),
        ("getTemplateSettings", "updateTemplateSettings", "/settings"),
        ("updateTemplateSettings", "updateTemplateSettings", "/settings"),
        ("getTemplateDestinations", "updateTemplateDestinations", "/destinations"),
        ("getTemplateRecordings", "configureTemplateRecordings", "/recordings"),
    ],
)
def test_what_a_page_shows_can_be_posted_back(simulator: Client, read: str, write: str, path: str) -> None:
    template = f"/v2/templates/{simulator.post_json('/v2/templates')['id']}"
    for sample in response_examples(read).values():
        check(write, simulator.post(template + path, sample))
    shown = simulator.get(template + path).json()
    assert simulator.post(template + path, shown).status_code == 200
    assert without_times_of(simulator.get(template + path).json()) == without_times_of(shown)


@pytest.mark.parametrize("example", response_examples("getPoll"))
def test_a_poll_that_a_page_shows_can_be_posted_back(simulator: Client, example: str) -> None:
    poll = f"/v2/polls/{simulator.post_json('/v2/polls')['id']}"
    check("updatePoll", simulator.post(poll, response_examples("getPoll")[example]))
    shown = simulator.get_json(poll)
    assert simulator.post_json(poll, shown) == shown


def without_times_of(value: Any) -> Any:
    return without_times(value) if isinstance(value, dict) else value
