"""Life cycle of live streams."""

from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import (
    MEETING_URL,
    START,
    finish,
    join,
    leave,
    new_room,
    pass_time,
    recording_webhooks,
    room_of_template,
    statuses,
    without_times,
)
from tests.integration.simulator.receiver import schema_violations
from tests.support.contract import check, examples

ALL_FILES = {"hls_vod": True, "single_file_per_layer": True}


def start(simulator: Client, room_id: str, **body: Any) -> str:
    return str(simulator.post_json(f"/v2/live-streams/room/{room_id}/start", body)["id"])


def started(simulator: Client, **body: Any) -> str:
    """Return the path of a running stream in a room with a peer."""
    room_id = new_room(simulator)
    join(simulator, room_id)
    stream_id = start(simulator, room_id, **body)
    pass_time(simulator, START)
    return f"/v2/live-streams/{stream_id}"


def recorded(simulator: Client, path: str) -> Any:
    """Stop a stream and return its assets."""
    simulator.post_json(f"{path}/stop")
    finish(simulator)
    return simulator.get_json(path)["recording_assets"]


def with_destination(simulator: Client, **settings: Any) -> str:
    """Create a room with a peer, whose template has this destination."""
    destination = {"name": "stage", **settings}
    room_id = room_of_template(simulator, roles={"host": {}}, destinations={"hlsDestinations": {"stage": destination}})
    join(simulator, room_id)
    return room_id


def test_a_stream_goes_from_starting_to_completed(simulator: Client) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    begun = simulator.post_json(f"/v2/live-streams/room/{room_id}/start", {})
    customer_id = simulator.get_json(f"/v2/rooms/{room_id}")["customer_id"]
    assert begun["playback"]["url"] == f"https://cdn.100ms.live/beam/{customer_id}/{room_id}/master.m3u8"
    path = f"/v2/live-streams/{begun['id']}"
    assert statuses(simulator, path, 0, 3) == ["starting", "running"]
    assert simulator.post_json(f"{path}/stop")["status"] == "stopping"
    assert statuses(simulator, path, 1, 4) == ["post_processing", "completed"]
    assert simulator.get_json(path)["recording_assets"] is None


def test_every_operation_answers_as_documented(simulator: Client) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    room = f"/v2/live-streams/room/{room_id}"
    begun = check("startLiveStream", simulator.post(f"{room}/start", examples("startLiveStream")["full"]), "starting")
    stream = f"/v2/live-streams/{begun['id']}"
    pass_time(simulator, START)
    metadata = examples("sendLiveStreamTimedMetadata")["text"]
    check("sendLiveStreamTimedMetadata", simulator.post(f"{stream}/timed-metadata", metadata), "running")
    check("pauseLiveStreamRecording", simulator.post(f"{stream}/pause-recording"), "paused")
    check("resumeLiveStreamRecording", simulator.post(f"{stream}/resume-recording"), "resumed")
    check("stopLiveStream", simulator.post(f"{stream}/stop"), "stopped")
    start(simulator, room_id)
    pass_time(simulator, START)
    check("stopLiveStreamsForRoom", simulator.post(f"{room}/stop"), "stopped")
    finish(simulator)
    check("getLiveStream", simulator.get(stream), "completed")
    pass_time(simulator, 600)
    check("getLiveStream", simulator.get(stream), "completed")
    check("listLiveStreams", simulator.get("/v2/live-streams"), "page")


def test_a_playlist_has_all_layers(simulator: Client) -> None:
    (vod,) = recorded(simulator, started(simulator, recording={"hls_vod": True}))
    assert (vod["type"], vod["metadata"]) == ("room-vod", {"num_layers": "4", "max_width": 1920, "max_height": 1080})


def test_single_files_are_one_for_each_layer(simulator: Client) -> None:
    files = recorded(simulator, started(simulator, recording={"single_file_per_layer": True}))
    assert {file["type"] for file in files} == {"room-composite"}
    assert [file["metadata"]["layer"] for file in files] == ["0", "1", "2", "3"]
    widths = [file["metadata"]["resolution"]["width"] for file in files]
    assert widths == sorted(widths, reverse=True)


def test_the_template_says_what_is_recorded_unless_the_call_does(simulator: Client) -> None:
    layers = [{"width": 1280, "height": 720}, {"width": 640, "height": 360}]
    thumbnails = {"enabled": True, "offsets": [1, 2, 900]}
    recording = {"hlsVod": True, "singleFilePerLayer": True, "layers": layers[1:], "thumbnails": thumbnails}
    room_id = with_destination(simulator, layers=layers, recording=recording)
    path = f"/v2/live-streams/{start(simulator, room_id, meeting_url=MEETING_URL)}"
    pass_time(simulator, 60)
    single, vod = recorded(simulator, path)
    assert single["metadata"] == {"resolution": layers[1], "layer": "0"}
    assert vod["metadata"] == {"num_layers": "2", "max_width": 1280, "max_height": 720}
    assert len(vod["thumbnails"]) == 2
    only_files = {"recording": {"hls_vod": False}, "meeting_url": MEETING_URL}
    shown = simulator.post_json(f"/v2/live-streams/room/{room_id}/start", only_files)
    assert shown["recording"] == {"hls_vod": False, "single_file_per_layer": True}
    assert shown["destination"] == "stage"


def test_a_zip_is_uploaded_where_the_template_wants_one(simulator: Client) -> None:
    upload = {"type": "s3", "location": "bucket", "prefix": "streams"}
    destination = {"name": "stage", "recording": {"hlsVod": True, "enableZipUpload": True, "presignDuration": 60}}
    room_id = room_of_template(
        simulator,
        settings={"recording": {"upload": upload}},
        destinations={"hlsDestinations": {"stage": destination}},
    )
    path = f"/v2/live-streams/{start(simulator, room_id, meeting_url=MEETING_URL)}"
    pass_time(simulator, START)
    (vod,) = recorded(simulator, path)
    assert vod["path"].startswith("s3://bucket/streams/")
    assert vod["path"].endswith(".zip")
    assert simulator.get_json(f"/v2/recording-assets/{vod['id']}/presigned-url")["expiry"] == 60


def test_thumbnails_can_be_switched_off(simulator: Client) -> None:
    room_id = with_destination(simulator, recording={"hlsVod": True, "thumbnails": {"enabled": False}})
    path = f"/v2/live-streams/{start(simulator, room_id, meeting_url=MEETING_URL)}"
    pass_time(simulator, START)
    (vod,) = recorded(simulator, path)
    assert vod["thumbnails"] is None


def test_a_pause_is_not_recorded_and_shows_nowhere(simulator: Client) -> None:
    path = started(simulator, recording=ALL_FILES)
    running = without_times(simulator.get_json(path))
    assert without_times(simulator.post_json(f"{path}/pause-recording")) == running
    assert without_times(simulator.post_json(f"{path}/pause-recording")) == running
    pass_time(simulator, 1000)
    assert without_times(simulator.post_json(f"{path}/resume-recording")) == running
    pass_time(simulator, 50)
    assert recorded(simulator, path)[0]["duration"] in range(50, 55)


def test_recording_can_be_paused_before_the_stream_runs(simulator: Client) -> None:
    path = f"/v2/live-streams/{start(simulator, new_room(simulator), recording=ALL_FILES)}"
    assert simulator.post_json(f"{path}/pause-recording")["status"] == "starting"
    assert simulator.post_json(f"{path}/resume-recording")["status"] == "starting"


def test_timed_metadata_needs_a_running_stream(simulator: Client) -> None:
    path = f"/v2/live-streams/{start(simulator, new_room(simulator))}"
    metadata = {"payload": "now", "duration": 5}
    not_running = {"code": 404, "message": "hls not running"}
    assert simulator.post(f"{path}/timed-metadata", metadata).json() == not_running
    pass_time(simulator, START)
    sent = simulator.post_json(f"{path}/timed-metadata", metadata)
    assert without_times(sent) == without_times(simulator.get_json(path))
    simulator.post_json(f"{path}/stop")
    assert simulator.post(f"{path}/timed-metadata", metadata).json() == not_running


def test_timed_metadata_is_100_characters_at_most(simulator: Client) -> None:
    path = f"{started(simulator)}/timed-metadata"
    simulator.post_json(path, {"payload": "x" * 100, "duration": 5})
    for body in (
        {"payload": "x" * 101, "duration": 5},
        {"payload": "x"},
        {"duration": 5},
        {"payload": 1, "duration": 5},
    ):
        assert simulator.post(path, body).json()["message"] == "Invalid body param"


def test_a_recording_is_transcribed_for_streams_too(simulator: Client) -> None:
    words = {"enabled": True, "output_modes": ["txt"]}
    path = started(simulator, recording={"hls_vod": True}, transcription=words)
    assert [item["type"] for item in recorded(simulator, path)] == ["room-vod"]
    pass_time(simulator, 300)
    assert [asset["type"] for asset in simulator.get_json(path)["recording_assets"]] == ["room-vod", "transcript"]


@pytest.mark.parametrize(
    "body",
    [
        {"recording": ALL_FILES, "transcription": {"enabled": True, "modes": ["live"]}},
        {"transcription": {"enabled": True}},
    ],
)
def test_there_is_no_transcript_of_captions_or_of_nothing(simulator: Client, body: dict[str, Any]) -> None:
    path = started(simulator, **body)
    recorded(simulator, path)
    pass_time(simulator, 600)
    assets = simulator.get_json(path)["recording_assets"] or []
    assert "transcript" not in {asset["type"] for asset in assets}


def test_the_events_of_a_stream_carry_what_is_documented(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        modes = {"enabled": True, "modes": ["live", "recorded"], "summary": {"enabled": True}}
        path = started(simulator, recording=ALL_FILES, transcription=modes)
        recorded(simulator, path)
        pass_time(simulator, 600)
        events = [received.event(f"hls.{name}.success") for name in ("started", "stopped", "recording")]
        events += [received.event("transcription.started.success"), received.event("transcription.success")]
    assert [complaint for event in events for complaint in schema_violations(event)] == []
    begun, stopped, files = (event["data"] for event in events[:3])
    shown = simulator.get_json(path)
    assert begun["url"] == shown["playback"]["url"]
    assert (stopped["reason"], stopped["live_transcription_enabled"]) == ("client request", True)
    assert [file["layer"] for file in files["recording_single_files"]] == ["0", "1", "2", "3"]
    assert files["recording_single_files"][0]["asset_id"] == shown["recording_assets"][0]["id"]
    assert files["recording_id"] == begun["job_id"] == shown["id"]


def test_a_stream_that_records_nothing_sends_no_recording_event(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        path = started(simulator)
        recorded(simulator, path)
        received.event("hls.stopped.success")
        peer_events = {"session.open.success", "peer.join.success", "peer.leave.success"}
        assert received.types() - peer_events == {"hls.started.success", "hls.stopped.success"}


def test_a_stop_before_it_runs_fails_it(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        path = f"/v2/live-streams/{start(simulator, new_room(simulator))}"
        simulator.post_json(f"{path}/stop")
        finish(simulator)
        assert received.event("hls.failure")["data"]["error_type"] == "BEAM_STOPPED"
    assert simulator.get_json(path)["status"] == "failed"


def test_a_stream_can_be_made_to_fail(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        path = started(simulator, recording=ALL_FILES)
        simulator.post_json(f"/_simulator/jobs/{path.rpartition('/')[2]}/failure")
        failure = received.event("hls.failure")
    assert schema_violations(failure) == []
    assert failure["data"]["error_message"] == "Internal error"
    pass_time(simulator, 60)
    assert (simulator.get_json(path)["status"], simulator.get_json(path)["recording_assets"]) == ("failed", None)


def test_it_stops_automatically_as_its_destination_defines(simulator: Client) -> None:
    room_id = with_destination(simulator, maxDuration=600, autoStopTimeout=60)
    path = f"/v2/live-streams/{start(simulator, room_id, meeting_url=MEETING_URL)}"
    assert statuses(simulator, path, START, 595, 10) == ["running", "running", "completed"]
    other = with_destination(simulator, autoStopTimeout=60)
    path = f"/v2/live-streams/{start(simulator, other, meeting_url=MEETING_URL)}"
    pass_time(simulator, START)
    (peer_id,) = (
        peer["id"]
        for peer in simulator.get_json(f"/v2/active-rooms/{other}/peers")["peers"].values()
        if peer["role"] == "host"
    )
    leave(simulator, other, peer_id)
    assert statuses(simulator, path, 55, 10) == ["running", "completed"]


def test_a_room_has_one_stream_at_a_time(simulator: Client) -> None:
    path = started(simulator)
    room_id = simulator.get_json(path)["room_id"]
    answer = simulator.post(f"/v2/live-streams/room/{room_id}/start", {})
    assert answer.json() == {"code": 409, "message": "beam already started"}
    simulator.post_json(f"{path}/stop")
    assert start(simulator, room_id) != path.rpartition("/")[2]


def test_where_nothing_streams_there_is_nothing_to_find(simulator: Client) -> None:
    path = started(simulator)
    room_id = simulator.post_json(f"{path}/stop")["room_id"]
    for call in (
        f"/v2/live-streams/room/{room_id}/stop",
        f"{path}/stop",
        f"{path}/pause-recording",
        f"{path}/resume-recording",
    ):
        assert simulator.post(call).json() == {"code": 404, "message": "hls not running"}


def test_an_unknown_stream_is_not_found(simulator: Client) -> None:
    for call in ("stop", "timed-metadata", "pause-recording", "resume-recording"):
        answer = simulator.post(f"/v2/live-streams/0/{call}", {"payload": "x", "duration": 1})
        assert answer.json() == {"code": 404, "message": "Live stream not found"}
    assert simulator.get("/v2/live-streams/0").status_code == 404
    for call in ("start", "stop"):
        answer = simulator.post(f"/v2/live-streams/room/0/{call}", {})
        assert answer.json() == {"code": 403, "message": "user does not have required permission"}


@pytest.mark.parametrize(
    "body",
    [
        {"recording": {"hls_vod": "yes"}},
        {"recording": True},
        {"transcription": {"modes": ["caption"]}},
        {"destination": 1},
    ],
)
def test_a_body_that_breaks_a_rule_is_refused(simulator: Client, body: dict[str, Any]) -> None:
    path = f"/v2/live-streams/room/{new_room(simulator)}/start"
    assert simulator.post(path, body).json()["message"] == "Invalid body param"


def test_a_template_without_a_subdomain_needs_a_meeting_url(simulator: Client) -> None:
    path = f"/v2/live-streams/room/{room_of_template(simulator)}/start"
    assert simulator.post(path, {}).status_code == 400


def test_the_list_is_filtered_and_paged_newest_first(simulator: Client) -> None:
    path = started(simulator)
    first = simulator.post_json(f"{path}/stop")
    others = [start(simulator, new_room(simulator)) for _ in range(10)]
    page = simulator.get_json("/v2/live-streams", limit=10)
    assert [item["id"] for item in page["data"]] == others[::-1]
    assert [item["id"] for item in simulator.get_json("/v2/live-streams", start=page["last"])["data"]] == [first["id"]]
    for query in ({"room_id": first["room_id"]}, {"session_id": first["session_id"]}, {"status": "stopping"}):
        assert [item["id"] for item in simulator.get_json("/v2/live-streams", **query)["data"]] == [first["id"]]
    assert simulator.get_json("/v2/live-streams", status="paused")["data"] == []
