"""Life cycle of recordings."""

from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import (
    MEETING_URL,
    START,
    STOP,
    finish,
    join,
    leave,
    milliseconds,
    new_room,
    pass_time,
    recording_webhooks,
    room_of_template,
    statuses,
)
from tests.integration.simulator.receiver import schema_violations
from tests.support.contract import check, examples

TRANSCRIBED = {"transcription": {"enabled": True, "output_modes": ["txt", "srt"], "summary": {"enabled": True}}}
TRANSCRIPTION_MINIMUM = 300


def start(simulator: Client, room_id: str, **body: Any) -> str:
    return str(simulator.post_json(f"/v2/recordings/room/{room_id}/start", body)["id"])


def started(simulator: Client, **body: Any) -> tuple[str, str]:
    """Create a room with a peer and a running recording."""
    room_id = new_room(simulator)
    join(simulator, room_id)
    recording_id = start(simulator, room_id, **body)
    pass_time(simulator, START)
    return room_id, recording_id


def shown(simulator: Client, recording_id: str) -> Any:
    return simulator.get_json(f"/v2/recordings/{recording_id}")


def recorder_in(simulator: Client, room_id: str) -> str:
    """Return the ID of the recorder's peer."""
    peers = simulator.get_json(f"/v2/active-rooms/{room_id}/peers")["peers"].values()
    (bot_id,) = (peer["id"] for peer in peers if peer["role"] == "__internal_recorder")
    return str(bot_id)


def test_a_recording_goes_from_starting_to_completed(simulator: Client) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    path = f"/v2/recordings/{start(simulator, room_id)}"
    assert statuses(simulator, path, 0, 3) == ["starting", "running"]
    assert simulator.post_json(f"{path}/stop")["status"] == "stopping"
    assert statuses(simulator, path, 1, 4) == ["post_processing", "completed"]


def test_its_instants_are_known_as_they_pass(simulator: Client) -> None:
    room_id = new_room(simulator)
    recording_id = start(simulator, room_id)
    before = shown(simulator, recording_id)
    assert (before["started_at"], before["stopped_at"]) == (None, None)
    pass_time(simulator, START)
    stopping = simulator.post_json(f"/v2/recordings/{recording_id}/stop")
    created, began, stopped = (milliseconds(stopping[name]) for name in ("created_at", "started_at", "updated_at"))
    assert created < began < stopped
    assert stopping["stopped_at"] is None
    finish(simulator)
    after = shown(simulator, recording_id)
    assert stopped < milliseconds(after["stopped_at"]) < milliseconds(after["updated_at"])
    assert (after["started_by"], after["stopped_by"]) == ("", "")


def test_every_operation_answers_as_documented(simulator: Client) -> None:
    room_id = new_room(simulator)
    path = f"/v2/recordings/room/{room_id}"
    join(simulator, room_id)
    begun = check("startRecording", simulator.post(f"{path}/start", examples("startRecording")["full"]), "starting")
    minimal = examples("startRecording")["minimal"]
    other = new_room(simulator)
    check("startRecording", simulator.post(f"/v2/recordings/room/{other}/start", minimal))
    pass_time(simulator, START)
    check("pauseRoomRecording", simulator.post(f"{path}/pause"), "paused")
    check("resumeRoomRecording", simulator.post(f"{path}/resume"), "resumed")
    check("stopRecording", simulator.post(f"/v2/recordings/{begun['id']}/stop"), "stopping")
    start(simulator, room_id)
    pass_time(simulator, START)
    check("stopRoomRecordings", simulator.post(f"{path}/stop"), "stopped")
    pass_time(simulator, 600)
    check("getRecording", simulator.get(f"/v2/recordings/{begun['id']}"), "completed")
    check("listRecordings", simulator.get("/v2/recordings"), "page")
    assert simulator.get_json(f"/v2/recordings/{begun['id']}/config") == examples("startRecording")["full"]


def test_destination_and_assets_show_where_documented(simulator: Client) -> None:
    room_id, recording_id = started(simulator)
    assert "destination" in simulator.post_json(f"/v2/recordings/room/{room_id}/pause")
    (stopped,) = simulator.post_json(f"/v2/recordings/room/{room_id}/stop")["data"]
    assert "destination" not in stopped
    assert "destination" not in shown(simulator, recording_id)
    (listed,) = simulator.get_json("/v2/recordings")["data"]
    assert "destination" not in listed
    assert "recording_assets" not in listed


def test_a_room_has_one_recording_at_a_time(simulator: Client) -> None:
    room_id = new_room(simulator)
    first = start(simulator, room_id)
    path = f"/v2/recordings/room/{room_id}/start"
    for seconds in (0, START):
        pass_time(simulator, seconds)
        assert simulator.post(path, {}).json() == {"code": 409, "message": "beam already started"}
    simulator.post_json(f"/v2/recordings/{first}/stop")
    second = start(simulator, room_id)
    assert [item["id"] for item in simulator.get_json("/v2/recordings")["data"]] == [second, first]


def test_a_room_wide_stop_stops_only_its_room(simulator: Client) -> None:
    room_id, recording_id = started(simulator)
    elsewhere = start(simulator, new_room(simulator))
    pass_time(simulator, START)
    stopped = simulator.post_json(f"/v2/recordings/room/{room_id}/stop")
    assert (stopped["limit"], stopped["last"]) == (1, recording_id)
    assert [(item["id"], item["status"]) for item in stopped["data"]] == [(recording_id, "stopping")]
    assert shown(simulator, elsewhere)["status"] == "running"


def test_a_completed_recording_has_its_video_and_the_chat(simulator: Client) -> None:
    _, recording_id = started(simulator, resolution={"width": 1920, "height": 1080})
    assert shown(simulator, recording_id)["recording_assets"] is None
    pass_time(simulator, 60)
    simulator.post_json(f"/v2/recordings/{recording_id}/stop")
    finish(simulator)
    video, chat = shown(simulator, recording_id)["recording_assets"]
    assert (video["type"], video["status"], chat["type"]) == ("room-composite", "completed", "chat")
    assert video["metadata"] == {"resolution": {"width": 1920, "height": 1080}}
    assert video["duration"] in (60, 61, 62)
    assert (chat["duration"], chat["metadata"]) == (0, {})


def test_a_recording_of_sound_only_has_no_picture(simulator: Client) -> None:
    _, recording_id = started(simulator, audio_only=True)
    simulator.post_json(f"/v2/recordings/{recording_id}/stop")
    finish(simulator)
    sound = shown(simulator, recording_id)["recording_assets"][0]
    assert sound["path"].endswith(".mp3")
    assert sound["metadata"] == {}


def test_transcripts_and_the_summary_are_processed_after_the_recording(simulator: Client) -> None:
    _, recording_id = started(simulator, **TRANSCRIBED)
    assert shown(simulator, recording_id)["asset_types"] == ["room-composite", "chat", "transcript", "summary"]
    simulator.post_json(f"/v2/recordings/{recording_id}/stop")
    finish(simulator)
    texts = shown(simulator, recording_id)["recording_assets"][2:]
    assert [(text["type"], text["metadata"]["output_mode"]) for text in texts] == [
        ("transcript", "txt"),
        ("transcript", "srt"),
        ("summary", "json"),
    ]
    assert {text["status"] for text in texts} == {"processing"}
    assert simulator.get(f"/v2/recording-assets/{texts[0]['id']}/presigned-url").status_code == 404
    pass_time(simulator, TRANSCRIPTION_MINIMUM)
    assert {asset["status"] for asset in shown(simulator, recording_id)["recording_assets"]} == {"completed"}
    simulator.get_json(f"/v2/recording-assets/{texts[0]['id']}/presigned-url")


def test_a_long_recording_is_transcribed_in_a_fifth_of_its_time(simulator: Client) -> None:
    _, recording_id = started(simulator, **TRANSCRIBED)
    pass_time(simulator, 6000)
    simulator.post_json(f"/v2/recordings/{recording_id}/stop")
    finish(simulator)
    pass_time(simulator, 1190)
    assert shown(simulator, recording_id)["recording_assets"][2]["status"] == "processing"
    pass_time(simulator, 20)
    assert shown(simulator, recording_id)["recording_assets"][2]["status"] == "completed"


def test_the_template_says_what_is_transcribed_unless_the_call_does(simulator: Client) -> None:
    words = {"name": "default", "role": "host", "modes": ["recorded"], "outputModes": ["txt"]}
    room_id = room_of_template(simulator, roles={"host": {}}, destinations={"transcriptions": {"default": words}})
    path = f"/v2/recordings/room/{room_id}/start"
    by_template = simulator.post_json(path, {"meeting_url": MEETING_URL})
    assert by_template["asset_types"] == ["room-composite", "chat", "transcript"]
    simulator.post_json(f"/v2/recordings/{by_template['id']}/stop")
    by_call = simulator.post_json(path, {"meeting_url": MEETING_URL, "transcription": {"enabled": False}})
    assert by_call["asset_types"] == ["room-composite", "chat"]


@pytest.mark.parametrize(
    ("requested", "types"),
    [
        ({"enabled": True}, ["transcript.srt", "summary.json"]),
        ({"output_modes": ["txt"]}, ["transcript.txt", "summary.json"]),
        ({"enabled": True, "summary": {"enabled": False}}, ["transcript.srt"]),
        ({"enabled": True, "summary": {"temperature": 0.3}}, ["transcript.srt", "summary.json"]),
    ],
)
def test_each_setting_of_a_call_overrides_that_of_the_template(
    simulator: Client, requested: dict[str, Any], types: list[str]
) -> None:
    configured: Any = {"name": "default", "role": "host", "modes": ["recorded"], "outputModes": ["srt"]}
    configured |= {"summary": {"enabled": True, "context": "a call"}}
    room_id = room_of_template(simulator, roles={"host": {}}, destinations={"transcriptions": {"default": configured}})
    join(simulator, room_id)
    recording_id = start(simulator, room_id, meeting_url=MEETING_URL, transcription=requested)
    pass_time(simulator, START)
    simulator.post_json(f"/v2/recordings/{recording_id}/stop")
    finish(simulator)
    assets = shown(simulator, recording_id)["recording_assets"]
    found = [
        f"{asset['type']}.{asset['metadata']['output_mode']}" for asset in assets if "output_mode" in asset["metadata"]
    ]
    assert found == types


def test_a_pause_is_not_recorded_and_shows_nowhere(simulator: Client) -> None:
    room_id, recording_id = started(simulator)
    running = shown(simulator, recording_id)
    pass_time(simulator, 100)
    for _ in range(2):
        paused = simulator.post_json(f"/v2/recordings/room/{room_id}/pause")
    del paused["destination"]
    assert paused == running | {"asset_types": None}
    pass_time(simulator, 1000)
    simulator.post_json(f"/v2/recordings/room/{room_id}/resume")
    pass_time(simulator, 100)
    simulator.post_json(f"/v2/recordings/room/{room_id}/stop")
    finish(simulator)
    assert shown(simulator, recording_id)["recording_assets"][0]["duration"] in range(200, 205)


def test_a_recording_paused_to_its_end_has_what_came_before(simulator: Client) -> None:
    room_id, recording_id = started(simulator)
    pass_time(simulator, 50)
    simulator.post_json(f"/v2/recordings/room/{room_id}/pause")
    pass_time(simulator, 1000)
    simulator.post_json(f"/v2/recordings/room/{room_id}/stop")
    finish(simulator)
    assert shown(simulator, recording_id)["recording_assets"][0]["duration"] in range(50, 55)


def test_a_recording_can_be_paused_before_it_runs(simulator: Client) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    recording_id = start(simulator, room_id)
    assert simulator.post_json(f"/v2/recordings/room/{room_id}/pause")["status"] == "starting"
    pass_time(simulator, 60)
    simulator.post_json(f"/v2/recordings/room/{room_id}/stop")
    finish(simulator)
    assert shown(simulator, recording_id)["recording_assets"][0]["duration"] == 0


def test_a_stop_before_it_runs_fails_it(simulator: Client) -> None:
    room_id = new_room(simulator)
    with recording_webhooks(simulator) as received:
        recording_id = start(simulator, room_id)
        assert simulator.post_json(f"/v2/recordings/{recording_id}/stop")["status"] == "stopping"
        finish(simulator)
        failed = received.event("beam.failure")["data"]
    assert shown(simulator, recording_id)["status"] == "failed"
    assert shown(simulator, recording_id)["recording_assets"] is None
    assert (failed["error_type"], failed["error_message"]) == ("BEAM_STOPPED", "Beam stopped too early")
    assert failed["job_id"] == recording_id
    assert received.types() == {"beam.failure"}


def test_the_recorder_is_a_peer_while_it_runs(simulator: Client) -> None:
    room_id, recording_id = started(simulator)
    bot_id = recorder_in(simulator, room_id)
    simulator.post_json(f"/v2/recordings/{recording_id}/stop")
    pass_time(simulator, STOP)
    assert bot_id not in simulator.get_json(f"/v2/active-rooms/{room_id}/peers")["peers"]


def test_a_recording_ends_when_its_recorder_is_removed(simulator: Client) -> None:
    room_id, recording_id = started(simulator)
    bot_id = recorder_in(simulator, room_id)
    simulator.post_json(f"/v2/active-rooms/{room_id}/remove-peers", {"peer_id": bot_id, "reason": "private"})
    assert statuses(simulator, f"/v2/recordings/{recording_id}", 0, 5) == ["stopping", "completed"]


def test_a_recording_without_a_session_joins_the_next_one(simulator: Client) -> None:
    room_id = new_room(simulator)
    recording_id = start(simulator, room_id)
    assert shown(simulator, recording_id)["session_id"] == ""
    pass_time(simulator, 60)
    join(simulator, room_id)
    active = simulator.get_json(f"/v2/active-rooms/{room_id}")["session"]
    assert shown(simulator, recording_id)["session_id"] == active["id"]
    assert len(active["peers"]) == 2


def test_end_room_stops_a_recording_at_once(simulator: Client) -> None:
    room_id, recording_id = started(simulator)
    with recording_webhooks(simulator) as received:
        simulator.post_json(f"/v2/active-rooms/{room_id}/end-room", {"reason": "over", "lock": False})
        assert shown(simulator, recording_id)["status"] == "stopping"
        finish(simulator)
        assert received.event("beam.stopped.success")["data"]["reason"] == "client request"
    assert shown(simulator, recording_id)["status"] == "completed"


def test_end_room_stops_the_recording_of_another_meeting_within_a_minute(simulator: Client) -> None:
    other = simulator.post_json(f"/v2/room-codes/room/{new_room(simulator)}")["data"][0]["code"]
    room_id, recording_id = started(simulator, meeting_url=f"https://example.app.100ms.live/meeting/{other}?skip=true")
    simulator.post_json(f"/v2/active-rooms/{room_id}/end-room", {"reason": "over", "lock": False})
    assert statuses(simulator, f"/v2/recordings/{recording_id}", 50, 10) == ["running", "stopping"]


def test_five_minutes_after_the_last_peer_left_it_stops(simulator: Client) -> None:
    room_id = new_room(simulator)
    peer_id = join(simulator, room_id)
    recording_id = start(simulator, room_id)
    pass_time(simulator, START)
    leave(simulator, room_id, peer_id)
    with recording_webhooks(simulator) as received:
        assert statuses(simulator, f"/v2/recordings/{recording_id}", 295, 10) == ["running", "completed"]
        assert received.event("beam.stopped.success")["data"]["reason"] == "last peer left"
    assert simulator.get(f"/v2/active-rooms/{room_id}").status_code == 404


def test_a_peer_who_comes_back_in_time_keeps_it_running(simulator: Client) -> None:
    room_id = new_room(simulator)
    recording_id = start(simulator, room_id)
    for _ in range(3):
        peer_id = join(simulator, room_id)
        pass_time(simulator, 200)
        leave(simulator, room_id, peer_id)
        pass_time(simulator, 200)
    assert shown(simulator, recording_id)["status"] == "running"


def test_four_hours_are_the_longest_recording(simulator: Client) -> None:
    _, recording_id = started(simulator)
    with recording_webhooks(simulator) as received:
        assert statuses(simulator, f"/v2/recordings/{recording_id}", 4 * 3600 - 5, 10) == ["running", "completed"]
        assert received.event("beam.stopped.success")["data"]["reason"] == "max duration reached"


def test_the_end_of_the_session_ends_it(simulator: Client) -> None:
    room_id = new_room(simulator, max_duration_seconds=600)
    join(simulator, room_id)
    recording_id = start(simulator, room_id)
    assert statuses(simulator, f"/v2/recordings/{recording_id}", 590, 20, 60) == ["running", "running", "completed"]


def test_the_template_sets_times_role_and_size(simulator: Client) -> None:
    browser = {"autoStopTimeout": 60, "width": 640, "height": 480}
    config = {
        "name": "mine",
        "role": "host",
        "maxDuration": 600,
        "presignDuration": 1800,
        "compositeRecording": {"browserComposite": browser},
    }
    room_id = room_of_template(simulator, roles={"host": {}})
    template_id = simulator.get_json(f"/v2/rooms/{room_id}")["template_id"]
    simulator.post_json(f"/v2/templates/{template_id}/recordings", [config])
    begun = simulator.post_json(f"/v2/recordings/room/{room_id}/start", {"meeting_url": MEETING_URL})
    assert begun["destination"] == "mine"
    assert statuses(simulator, f"/v2/recordings/{begun['id']}", START, 55, 10) == ["running", "running", "completed"]
    join(simulator, room_id)
    long_one = start(simulator, room_id, meeting_url=MEETING_URL)
    assert statuses(simulator, f"/v2/recordings/{long_one}", START, 595, 10) == ["running", "running", "completed"]
    video = shown(simulator, long_one)["recording_assets"][0]
    assert video["metadata"]["resolution"] == {"width": 640, "height": 480}
    assert simulator.get_json(f"/v2/recording-assets/{video['id']}/presigned-url")["expiry"] == 1800


def test_a_template_may_start_recordings_automatically(simulator: Client) -> None:
    recorder = {"name": "auto", "role": "host", "autoStart": True}
    room_id = room_of_template(simulator, roles={"host": {}}, destinations={"browserRecordings": {"auto": recorder}})
    join(simulator, room_id)
    join(simulator, room_id)
    (recording,) = simulator.get_json("/v2/recordings")["data"]
    session_id = simulator.get_json(f"/v2/active-rooms/{room_id}")["session"]["id"]
    assert (recording["room_id"], recording["session_id"]) == (room_id, session_id)


@pytest.mark.parametrize("auto_start", [True, False])
def test_recordings_that_start_automatically_disable_streams(simulator: Client, auto_start: bool) -> None:
    recorder = {"name": "auto", "role": "host", "autoStart": auto_start}
    room_id = room_of_template(simulator, roles={"host": {}}, destinations={"browserRecordings": {"auto": recorder}})
    bodies: dict[str, Any] = {"live-streams": {}, "external-streams": {"rtmp_urls": ["rtmp://example.com/live"]}}
    for section, body in bodies.items():
        response = simulator.post(f"/v2/{section}/room/{room_id}/start", {"meeting_url": MEETING_URL} | body)
        assert response.status_code == (403 if auto_start else 200), response.text


def test_the_events_of_a_recording_carry_what_is_documented(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        transcription = {"enabled": True, "summary": {"enabled": True}}
        room_id, recording_id = started(simulator, transcription=transcription)
        pass_time(simulator, 30)
        simulator.post_json(f"/v2/recordings/room/{room_id}/stop")
        finish(simulator)
        pass_time(simulator, TRANSCRIPTION_MINIMUM)
        beam = [received.event(f"beam.{name}.success") for name in ("started", "stopped", "recording")]
        words = [received.event("transcription.started.success"), received.event("transcription.success")]
    # A recording has no RTMP target.
    assert {violation for event in beam + words for violation in schema_violations(event)} == {
        f"{event['type']}: $.data.rtmp" for event in beam
    }
    started_, stopped, recorded = (event["data"] for event in beam)
    assert started_["start_delay"] == START
    assert (started_["recording_enabled"], started_["rtmp"]) == (True, [])
    assert stopped["reason"] == "client request"
    assert {recorded["recording_id"], words[0]["data"]["recording_id"]} == {recording_id}
    assert recorded["recording_path"] == shown(simulator, recording_id)["recording_assets"][0]["path"]


@pytest.mark.parametrize("error_type", ["INTERNAL_ERROR", "MAX_RETRIES_REACHED", "UPLOAD_ERROR"])
def test_a_recording_can_be_made_to_fail(simulator: Client, error_type: str) -> None:
    with recording_webhooks(simulator) as received:
        room_id, recording_id = started(simulator)
        simulator.post_json(f"/_simulator/jobs/{recording_id}/failure", {"error_type": error_type})
        failure = received.event("beam.failure")
        assert received.event("beam.stopped.success")["data"]["reason"] == f"failure: {error_type}"
    assert schema_violations(failure) == ["beam.failure: $.data.rtmp"]
    assert failure["data"]["error_type"] == error_type
    assert shown(simulator, recording_id)["status"] == "failed"
    assert len(simulator.get_json(f"/v2/active-rooms/{room_id}")["session"]["peers"]) == 1
    assert simulator.post(f"/_simulator/jobs/{recording_id}/failure").status_code == 404


def test_only_a_documented_failure_can_be_ordered(simulator: Client) -> None:
    _, recording_id = started(simulator)
    for error_type in ("NO_REASON", ["INTERNAL_ERROR"], None):
        answer = simulator.post(f"/_simulator/jobs/{recording_id}/failure", {"error_type": error_type})
        assert answer.status_code == 400
    assert simulator.post("/_simulator/jobs/0/failure").status_code == 404


@pytest.mark.parametrize("call", ["stop", "pause", "resume"])
def test_where_nothing_is_recorded_there_is_nothing_to_find(simulator: Client, call: str) -> None:
    room_id, _ = started(simulator)
    simulator.post_json(f"/v2/recordings/room/{room_id}/stop")
    answer = simulator.post(f"/v2/recordings/room/{room_id}/{call}")
    assert answer.json() == {"code": 404, "message": "beam not found"}


def test_a_recording_is_stopped_once(simulator: Client) -> None:
    _, recording_id = started(simulator)
    simulator.post_json(f"/v2/recordings/{recording_id}/stop")
    assert simulator.post(f"/v2/recordings/{recording_id}/stop").status_code == 404


def test_an_unknown_recording_is_not_found(simulator: Client) -> None:
    for answer in (
        simulator.get("/v2/recordings/0"),
        simulator.get("/v2/recordings/0/config"),
        simulator.post("/v2/recordings/0/stop"),
    ):
        assert answer.json() == {"code": 404, "message": "Recording not found"}


@pytest.mark.parametrize("call", ["start", "stop", "pause", "resume"])
def test_calls_in_an_unknown_room_are_forbidden(simulator: Client, call: str) -> None:
    answer = simulator.post(f"/v2/recordings/room/0/{call}", {})
    assert answer.json() == {"code": 403, "message": "user does not have required permission"}


@pytest.mark.parametrize(
    "body",
    [
        {"meeting_url": 1},
        {"resolution": {"width": "1280"}},
        {"audio_only": "yes"},
        {"transcription": {"output_modes": ["pdf"]}},
        {"transcription": {"summary": {"temperature": 0}}},
        {"transcription": {"summary": {"sections": [{"title": "no format"}]}}},
    ],
)
def test_a_body_that_breaks_a_rule_is_refused(simulator: Client, body: dict[str, Any]) -> None:
    path = f"/v2/recordings/room/{new_room(simulator)}/start"
    assert simulator.post(path, body).json()["message"] == "Invalid body param"
    assert simulator.get_json("/v2/recordings")["data"] == []


@pytest.mark.parametrize("section", ["recordings", "live-streams", "external-streams"])
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "request body must not be empty"),
        (b" ", "request body must not be empty"),
        (b'{ "meeting_url": "https://x" ,}', "request body contains badly-formed JSON (at position 31)"),
        ('{"meeting_url": "ä" ,}'.encode(), "request body contains badly-formed JSON (at position 23)"),
        (b'{"meeting_url": NaN}', "request body contains badly-formed JSON"),
        (b'{"meeting_url": "", "rtmp_urls": ["rtmp://example.com/live"]}', "invalid input"),
    ],
)
def test_a_malformed_start_is_worded_as_100ms_does(simulator: Client, section: str, body: bytes, message: str) -> None:
    path = f"/v2/{section}/room/{new_room(simulator)}/start"
    answer = simulator.call("POST", path, data=body, headers={"content-type": "application/json"})
    assert answer.json() == {"code": 400, "message": message}


def test_a_template_without_a_subdomain_needs_a_meeting_url(simulator: Client) -> None:
    path = f"/v2/recordings/room/{room_of_template(simulator)}/start"
    assert simulator.post(path, {}).status_code == 400
    assert simulator.post_json(path, {"meeting_url": MEETING_URL})["meeting_url"] == MEETING_URL


def test_one_of_several_destinations_has_to_be_named(simulator: Client) -> None:
    recorders = {name: {"name": name, "role": "host"} for name in ("first", "second")}
    room_id = room_of_template(simulator, roles={"host": {}}, destinations={"browserRecordings": recorders})
    path = f"/v2/recordings/room/{room_id}/start"
    assert simulator.post(path, {"meeting_url": MEETING_URL}).status_code == 400
    assert simulator.post(path, {"meeting_url": MEETING_URL, "destination": "third"}).status_code == 400
    assert simulator.post_json(path, {"meeting_url": MEETING_URL, "destination": "second"})["destination"] == "second"


def test_the_list_is_filtered_and_paged_newest_first(simulator: Client) -> None:
    room_id, first = started(simulator)
    session_id = shown(simulator, first)["session_id"]
    simulator.post_json(f"/v2/recordings/{first}/stop")
    others = [start(simulator, new_room(simulator)) for _ in range(12)]
    page = simulator.get_json("/v2/recordings")
    assert [item["id"] for item in page["data"]] == others[:1:-1]
    assert (page["limit"], page["last"]) == (10, others[2])
    rest = simulator.get_json("/v2/recordings", start=page["last"])
    assert [item["id"] for item in rest["data"]] == [others[1], others[0], first]
    for query in ({"room_id": room_id}, {"session_id": session_id}, {"status": "stopping"}):
        assert [item["id"] for item in simulator.get_json("/v2/recordings", **query)["data"]] == [first]
    assert simulator.get_json("/v2/recordings", status="paused")["data"] == []
    for query in ({"limit": "101"}, {"start": "0"}):
        assert simulator.get("/v2/recordings", **query).status_code == 400
