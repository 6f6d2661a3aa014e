"""Life cycle of recording assets, and of recordings that a configuration enables."""

from typing import Any

import pytest

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import (
    POST_PROCESSING,
    START,
    finish,
    join,
    leave,
    new_room,
    pass_time,
    recording_webhooks,
    room_of_template,
)
from tests.integration.simulator.receiver import schema_violations
from tests.support.contract import check, response_examples

DAY = 86_400
CUSTOMER_STORAGE = {"type": "s3", "location": "bucket", "prefix": "meetings"}


def record(simulator: Client, **room: Any) -> list[dict[str, Any]]:
    """Return the assets of a recording in a new room: the video and the chat."""
    room_id = new_room(simulator, **room)
    join(simulator, room_id)
    job = simulator.post_json(f"/v2/recordings/room/{room_id}/start", {})
    pass_time(simulator, START)
    simulator.post_json(f"/v2/recordings/{job['id']}/stop")
    finish(simulator)
    assets: list[dict[str, Any]] = simulator.get_json(f"/v2/recordings/{job['id']}")["recording_assets"]
    return assets


def presigned(simulator: Client, asset: dict[str, Any], **query: Any) -> Any:
    return simulator.get_json(f"/v2/recording-assets/{asset['id']}/presigned-url", **query)


def session_with(simulator: Client, config: dict[str, Any], seconds: float) -> str:
    """Create a room with this recording configuration, in which a peer has stayed for a while."""
    room_id = room_of_template(simulator, roles={"host": {}})
    template_id = simulator.get_json(f"/v2/rooms/{room_id}")["template_id"]
    simulator.post_json(f"/v2/templates/{template_id}/recordings", [{"name": "default", "role": "host", **config}])
    peer_id = join(simulator, room_id)
    pass_time(simulator, seconds)
    leave(simulator, room_id, peer_id)
    pass_time(simulator, POST_PROCESSING)
    return room_id


def test_an_asset_names_its_job_room_and_session(simulator: Client) -> None:
    video, _ = record(simulator)
    shown = simulator.get_json(f"/v2/recording-assets/{video['id']}")
    (job,) = simulator.get_json("/v2/recordings")["data"]
    named = {"job_id": job["id"], "room_id": job["room_id"], "session_id": job["session_id"]}
    assert shown == video | named


def test_every_operation_answers_as_documented(simulator: Client) -> None:
    both = {"trackRecording": {"enabled": True}, "streamRecording": {"enabled": True}}
    session_with(simulator, both, 60)
    room_id = new_room(simulator, recording_info={"enabled": True})
    join(simulator, room_id)
    words = {"enabled": True, "summary": {"enabled": True}}
    simulator.post_json(f"/v2/recordings/room/{room_id}/start", {"transcription": words})
    pass_time(simulator, START)
    simulator.post_json(f"/v2/recordings/room/{room_id}/stop")
    simulator.post_json(f"/v2/active-rooms/{room_id}/end-room", {"reason": "over", "lock": False})
    finish(simulator)
    streamed = new_room(simulator)
    simulator.post_json(f"/v2/live-streams/room/{streamed}/start", {"recording": {"hls_vod": True}})
    pass_time(simulator, START)
    simulator.post_json(f"/v2/live-streams/room/{streamed}/stop")
    finish(simulator)
    assets = {asset["type"]: asset for asset in simulator.get_json("/v2/recording-assets", limit=100)["data"]}
    for name, example in response_examples("getRecordingAsset").items():
        asset = assets[example["type"]]
        check("getRecordingAsset", simulator.get(f"/v2/recording-assets/{asset['id']}"), name)
    check("listRecordingAssets", simulator.get("/v2/recording-assets"), "page")
    path = f"/v2/recording-assets/{assets['room-vod']['id']}/presigned-url"
    check("getRecordingAssetPresignedUrl", simulator.get(path), "url")


def test_the_list_is_filtered_and_paged_newest_first(simulator: Client) -> None:
    ids = [asset["id"] for _ in range(6) for asset in record(simulator)]
    page = simulator.get_json("/v2/recording-assets")
    assert [asset["id"] for asset in page["data"]] == ids[:1:-1]
    assert [asset["id"] for asset in simulator.get_json("/v2/recording-assets", start=page["last"])["data"]] == ids[
        1::-1
    ]
    first = simulator.get_json(f"/v2/recording-assets/{ids[0]}")
    for query in ({"room_id": first["room_id"]}, {"session_id": first["session_id"]}):
        assert [asset["id"] for asset in simulator.get_json("/v2/recording-assets", **query)["data"]] == ids[1::-1]
    assert len(simulator.get_json("/v2/recording-assets", status="completed", limit=20)["data"]) == 12
    assert simulator.get_json("/v2/recording-assets", status="failed")["data"] == []
    assert simulator.get_json("/v2/recording-assets", status="lost")["data"] == []
    assert simulator.get_json("/v2/recording-assets", limit=1)["limit"] == 1
    for limit in (-1, 101):
        assert simulator.get("/v2/recording-assets", limit=limit).status_code == 400
    unset = simulator.get_json("/v2/recording-assets", limit=0, room_id="", session_id="", start="", status="", type="")
    assert unset == page
    chats = simulator.get_json("/v2/recording-assets", type="chat")["data"]
    assert [asset["type"] for asset in chats] == ["chat"] * 6
    assert simulator.get_json("/v2/recording-assets", asset_type="chat")["data"] == chats
    assert simulator.get_json("/v2/recording-assets", unknown="chat") == page
    assert simulator.get_json("/v2/recording-assets", type="transcript")["data"] == []
    for query in ({"limit": "101"}, {"start": "0"}):
        assert simulator.get("/v2/recording-assets", **query).status_code == 400


def test_an_unknown_asset_is_not_found(simulator: Client) -> None:
    for path in ("", "/presigned-url"):
        answer = simulator.get(f"/v2/recording-assets/0{path}")
        assert answer.json() == {"code": 404, "message": "Recording asset not found"}


def test_a_link_is_valid_for_three_days_by_default(simulator: Client) -> None:
    video, _ = record(simulator)
    link = presigned(simulator, video)
    assert (link["id"], link["path"], link["expiry"]) == (video["id"], video["path"], 3 * DAY)
    assert link["url"].startswith(f"{simulator.url}/storage/s3/100ms-recordings/")
    assert presigned(simulator, video, presign_duration=3600)["expiry"] == 3600


@pytest.mark.parametrize("duration", ["0", "-1", "1.5", "soon", "9" * 5000])
def test_a_link_s_validity_is_a_number_of_seconds(simulator: Client, duration: str) -> None:
    video, _ = record(simulator)
    path = f"/v2/recording-assets/{video['id']}/presigned-url"
    answer = simulator.get(path, presign_duration=duration)
    assert answer.json()["details"] == ["Invalid query parameter: presign_duration"]


@pytest.mark.parametrize(("storage", "expiry"), [("s3", 3 * DAY), ("gs", 3 * DAY), ("oss", 9 * 3600)])
def test_files_go_where_the_room_wants_them(simulator: Client, storage: str, expiry: int) -> None:
    upload = CUSTOMER_STORAGE | {"type": storage}
    video, chat = record(simulator, recording_info={"enabled": False, "upload_info": upload})
    for asset in (video, chat):
        assert asset["path"].startswith(f"{storage}://bucket/meetings/")
        assert presigned(simulator, asset)["expiry"] == expiry


def test_files_at_100ms_are_there_for_15_days(simulator: Client) -> None:
    video, _ = record(simulator)
    pass_time(simulator, 14.9 * DAY)
    presigned(simulator, video)
    pass_time(simulator, 0.2 * DAY)
    assert simulator.get(f"/v2/recording-assets/{video['id']}/presigned-url").status_code == 404
    assert simulator.get_json(f"/v2/recording-assets/{video['id']}")["path"] == video["path"]


def test_files_in_a_bucket_of_one_s_own_stay(simulator: Client) -> None:
    video, _ = record(simulator, recording_info={"enabled": False, "upload_info": CUSTOMER_STORAGE})
    pass_time(simulator, 100 * DAY)
    presigned(simulator, video)


def test_a_room_that_records_leaves_a_video_of_each_session(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        room_id = new_room(simulator, recording_info={"enabled": True})
        peer_id = join(simulator, room_id)
        pass_time(simulator, 100)
        leave(simulator, room_id, peer_id)
        pass_time(simulator, POST_PROCESSING)
        event = received.event("recording.success")
    assert schema_violations(event) == []
    assert event["data"]["duration"] in range(100, 105)
    chat, video = simulator.get_json("/v2/recording-assets", room_id=room_id)["data"]
    check("getRecordingAsset", simulator.get(f"/v2/recording-assets/{video['id']}"), "roomCompositeLegacy")
    assert (chat["type"], video["type"]) == ("chat", "room-composite-legacy")
    assert event["data"]["recording_path"] == video["path"]


def test_a_room_that_does_not_record_leaves_nothing(simulator: Client) -> None:
    room_id = new_room(simulator)
    leave(simulator, room_id, join(simulator, room_id))
    pass_time(simulator, 60)
    assert simulator.get_json("/v2/recording-assets")["data"] == []


def test_tracks_are_recorded_one_by_one(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        room_id = session_with(simulator, {"trackRecording": {"enabled": True}}, 100)
        begun = received.events("track.recording.started.success", 2)
        done = received.events("track.recording.success", 2)
    assert [complaint for event in begun + done for complaint in schema_violations(event)] == []
    assets = simulator.get_json("/v2/recording-assets", room_id=room_id)["data"]
    assert {asset["metadata"]["track_type"] for asset in assets} == {"audio", "video"}
    documented = next(sample for sample in response_examples("getRecordingAsset").values() if sample["type"] == "track")
    assert all(asset["metadata"].keys() == documented["metadata"].keys() for asset in assets)
    assert {asset["metadata"]["track_id"] for asset in assets} == {event["data"]["track_id"] for event in begun}
    assert {asset["path"] for asset in assets} == {event["data"]["recording_path"] for event in done}
    assert all(asset["duration"] in range(100, 105) for asset in assets)


def test_streams_are_recorded_peer_by_peer(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        room_id = session_with(simulator, {"streamRecording": {"enabled": True}}, 100)
        event = received.event("stream.recording.success")
    assert schema_violations(event) == []
    (asset,) = simulator.get_json("/v2/recording-assets", room_id=room_id)["data"]
    assert asset["metadata"]["user_id"] == event["data"]["user_id"] == "user.001"
    assert asset["duration"] in range(100, 105)
