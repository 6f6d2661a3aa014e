"""Contents of recorded files: their bytes, ranges, and the links to them."""

import io
import json
import re
import zipfile
from typing import Any
from urllib.parse import urljoin

import requests

from tests.integration.simulator.client import Client, connect
from tests.integration.simulator.jobs import (
    START,
    finish,
    join,
    leave,
    new_room,
    pass_time,
    recording_webhooks,
)

DAY = 86_400
HEADER = "SenderPeerID,SenderName,SenderUserID,Roles,SentAt,Type,Message"
SUMMARY = {"enabled": True}
SECTIONS = [{"title": "Decisions", "format": "bullets"}, {"title": "In Short", "format": "paragraph"}]
MAGIC = {
    "video/mp4": b"\0\0\0\x1cftypisom",
    "audio/mpeg": b"\xff\xfb",
    "video/webm": b"\x1a\x45\xdf\xa3",
    "video/mp2t": b"\x47",
    "application/zip": b"PK\3\4",
    "application/vnd.apple.mpegurl": b"#EXTM3U\n",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "text/csv; charset=utf-8": HEADER.encode(),
}


def record(simulator: Client, section: str, body: dict[str, Any], seconds: int = 60, **room: Any) -> str:
    """Run a job in a new room, and return the ID of the room."""
    room_id = new_room(simulator, **room)
    join(simulator, room_id)
    job_id = simulator.post_json(f"/v2/{section}/room/{room_id}/start", body)["id"]
    pass_time(simulator, START + seconds)
    simulator.post_json(f"/v2/{section}/{job_id}/stop")
    finish(simulator)
    pass_time(simulator, 3600)
    return room_id


def assets_of(simulator: Client, room_id: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = simulator.get_json("/v2/recording-assets", room_id=room_id, limit=100, **query)[
        "data"
    ]
    return found


def link_to(simulator: Client, asset: dict[str, Any], **query: Any) -> str:
    return str(simulator.get_json(f"/v2/recording-assets/{asset['id']}/presigned-url", **query)["url"])


def download(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers=headers, timeout=30)


def sfu_room(simulator: Client) -> str:
    """Record a session, its tracks and its streams, and return the ID of the room."""
    template_id = simulator.post_json("/v2/templates", {"roles": {"host": {}}})["id"]
    config = {"name": "default", "role": "host"}
    config |= {name: {"enabled": True} for name in ("trackRecording", "streamRecording")}  # type: ignore[misc]
    assert simulator.post(f"/v2/templates/{template_id}/recordings", [config]).status_code == 200
    room_id = new_room(simulator, template_id=template_id, recording_info={"enabled": True})
    peer_id = join(simulator, room_id)
    pass_time(simulator, 60)
    leave(simulator, room_id, peer_id)
    pass_time(simulator, 60)
    return room_id


def all_assets(simulator: Client) -> list[dict[str, Any]]:
    """Return assets of every documented type and format."""
    transcription = {"enabled": True, "summary": SUMMARY}
    every_layer = {"recording": {"hls_vod": True, "single_file_per_layer": True}}
    zipped = {"name": "zipped", "recording": {"hlsVod": True, "enableZipUpload": True}}
    storage = {"type": "s3", "location": "bucket", "prefix": ""}
    template = {
        "settings": {"recording": {"upload": storage}},
        "destinations": {"hlsDestinations": {"zipped": zipped}},
    }
    template_id = simulator.post_json("/v2/templates", template)["id"]
    rooms = [
        record(simulator, "recordings", {"transcription": transcription}),
        record(simulator, "recordings", {"audio_only": True}),
        record(simulator, "live-streams", every_layer),
        record(simulator, "live-streams", {"meeting_url": "https://example.com"}, template_id=template_id),
        sfu_room(simulator),
    ]
    return [asset for room_id in rooms for asset in assets_of(simulator, room_id)]


def test_every_asset_has_the_announced_size_and_the_bytes_of_its_type(simulator: Client) -> None:
    seen = set()
    for asset in all_assets(simulator):
        response = download(link_to(simulator, asset))
        assert response.status_code == 200, response.text
        assert len(response.content) == int(response.headers["content-length"]) == asset["size"] > 0
        media_type = response.headers["content-type"]
        seen.add((asset["type"], media_type, asset["path"].rpartition(".")[2]))
        assert response.content.startswith(MAGIC.get(media_type, b""))
    text = "charset=utf-8"
    assert seen == {
        ("room-composite", "video/mp4", "mp4"),
        ("room-composite", "audio/mpeg", "mp3"),
        ("room-composite-legacy", "video/mp4", "mp4"),
        ("room-vod", "application/vnd.apple.mpegurl", "m3u8"),
        ("room-vod", "application/zip", "zip"),
        ("stream", "video/mp4", "mp4"),
        ("track", "video/webm", "webm"),
        ("chat", f"text/csv; {text}", "csv"),
        ("transcript", f"text/plain; {text}", "txt"),
        ("transcript", "application/x-subrip", "srt"),
        ("transcript", "application/json", "json"),
        ("summary", "application/json", "json"),
    }


def test_paths_are_those_of_the_storage_page(simulator: Client) -> None:
    by_type: dict[str, list[dict[str, Any]]] = {}
    for asset in all_assets(simulator):
        by_type.setdefault(asset["type"], []).append(asset)
    room, name = r"{room_id}/\d{{8}}", r"Rec-{room_id}-\d+"
    sfu = room + "/{session_id}"
    forms = {
        "room-composite": rf"beam/{room}/{name}\.mp[34]|hls/{room}/\d+/file-recording/{name}-{{layer}}\.mp4",
        "chat": rf"chat/{room}/{name}\.csv",
        "room-vod": rf"hls/{room}/\d+/vod/({name}\.zip|master\.m3u8)",
        "room-composite-legacy": sfu + r"/Rec-{session_id}-\d+\.mp4",
        "track": sfu + r"/{peer_id}/{stream_id}/{track_id}\.webm",
        "stream": sfu + r"/{peer_id}/{stream_id}/{stream_id}\.mp4",
    }
    customer = simulator.get_json("/v2/rooms")["data"][0]["customer_id"]
    for asset_type, form in forms.items():
        for asset in by_type[asset_type]:
            members = {"layer": "", **asset["metadata"], **asset}
            expected = rf"s3://[a-z0-9-]+/{customer}/({form.format(**members)})"
            assert re.fullmatch(expected, asset["path"]), (expected, asset["path"])


def test_a_range_costs_no_more_than_its_length(simulator: Client) -> None:
    room_id = record(simulator, "recordings", {}, seconds=4 * 3600 - 60)
    (video,) = assets_of(simulator, room_id, type="room-composite")
    url = link_to(simulator, video)
    size = video["size"]
    assert size > 6e9
    for wanted, first, last in ((f"bytes={size - 5}-", size - 5, size - 1), ("bytes=-7", size - 7, size - 1)):
        part = download(url, range=wanted)
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert part.content == bytes(last - first + 1)
    assert download(url, range="bytes=4-11").content == b"ftypisom"
    beyond = download(url, range=f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    assert "<Code>InvalidRange</Code>" in beyond.text
    with requests.get(url, stream=True, timeout=30) as whole:
        assert int(whole.headers["content-length"]) == size
        assert whole.raw.read(12).endswith(b"ftypisom")


def test_the_head_of_a_file_has_its_size_and_entity_tag(simulator: Client) -> None:
    (video,) = assets_of(simulator, record(simulator, "recordings", {}), type="room-composite")
    url = link_to(simulator, video)
    head = requests.head(url, timeout=10)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == video["size"]
    assert head.headers["accept-ranges"] == "bytes"
    assert download(url, **{"if-none-match": head.headers["etag"]}).status_code == 304
    assert "last-modified" in head.headers


def test_a_connection_outlives_a_download(simulator: Client) -> None:
    (video,) = assets_of(simulator, record(simulator, "recordings", {}), type="room-composite")
    target = link_to(simulator, video).removeprefix(simulator.url)
    connection = connect(simulator.url)
    for _ in range(2):
        connection.request("GET", target, headers={"Range": "bytes=0-99"})
        response = connection.getresponse()
        assert (response.status, len(response.read())) == (206, 100)


def test_a_link_expires(simulator: Client) -> None:
    (video,) = assets_of(simulator, record(simulator, "recordings", {}), type="room-composite")
    url = link_to(simulator, video, presign_duration=60)
    pass_time(simulator, 58)
    assert download(url, range="bytes=0-0").status_code == 206
    pass_time(simulator, 3)
    expired = download(url)
    assert (expired.status_code, expired.headers["content-type"]) == (403, "application/xml; charset=utf-8")
    assert "<Code>AccessDenied</Code><Message>Request has expired</Message>" in expired.text


def test_a_link_works_for_its_file_only(simulator: Client) -> None:
    video, chat = sorted(assets_of(simulator, record(simulator, "recordings", {})), key=lambda asset: -asset["size"])
    url = link_to(simulator, video)
    for wrong in (
        url.replace("beam", "chat").replace(".mp4", ".csv"),
        url[:-1] + ("0" if url[-1] != "0" else "1"),
        url.partition("?")[0],
        url.replace("expires=", "expires=9"),
        f"{url}é",
    ):
        assert download(wrong).status_code == 403
    assert download(link_to(simulator, chat)).status_code == 200


def test_a_file_at_100ms_is_deleted_after_15_days(simulator: Client) -> None:
    (video,) = assets_of(simulator, record(simulator, "recordings", {}), type="room-composite")
    url = link_to(simulator, video, presign_duration=100 * DAY)
    pass_time(simulator, 16 * DAY)
    gone = download(url)
    assert gone.status_code == 404
    assert "<Code>NoSuchKey</Code>" in gone.text


def test_links_in_events_lead_to_the_files(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        record(simulator, "live-streams", {"recording": {"hls_vod": True, "single_file_per_layer": True}})
        data = received.event("hls.recording.success")["data"]
    assert download(data["chat_recording_presigned_url"]).text == f"{HEADER}\n"
    (thumbnail,) = data["recording_thumbnails"]
    picture = download(thumbnail["url"]).content
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1280, 720)
    for file in data["recording_single_files"]:
        assert int(requests.head(file["recording_presigned_url"], timeout=10).headers["content-length"]) == file["size"]


def test_the_link_to_a_session_is_valid_for_a_day(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        sfu_room(simulator)
        url = received.event("recording.success")["data"]["recording_presigned_url"]
    pass_time(simulator, DAY - 120)
    assert requests.head(url, timeout=10).status_code == 200
    pass_time(simulator, 180)
    assert requests.head(url, timeout=10).status_code == 403


def test_a_playlist_can_be_played(simulator: Client) -> None:
    with recording_webhooks(simulator) as received:
        record(simulator, "live-streams", {"recording": {"hls_vod": True}}, seconds=20)
        url = received.event("hls.recording.success")["data"]["hls_vod_recording_presigned_url"]
    master = download(url).text.splitlines()
    assert [line for line in master if line.startswith("layer")] == [f"layer-{number}.m3u8" for number in range(4)]
    assert "RESOLUTION=1920x1080" in master[2]
    layer = download(urljoin(url, "layer-1.m3u8")).text.splitlines()
    lengths = [float(line.removeprefix("#EXTINF:").rstrip(",")) for line in layer if line.startswith("#EXTINF")]
    assert sum(lengths) in range(20, 24)
    ranges = [line.removeprefix("#EXT-X-BYTERANGE:").split("@") for line in layer if "BYTERANGE" in line]
    length, start = map(int, ranges[-1])
    segment = download(urljoin(url, "layer-1.ts"), range=f"bytes={start}-{start + length - 1}").content
    assert len(segment) == length > 0
    assert {segment[position] for position in range(0, length, 188)} == {0x47}
    assert layer[-1] == "#EXT-X-ENDLIST"


def test_a_zip_can_be_opened(simulator: Client) -> None:
    (zipped,) = [asset for asset in all_assets(simulator) if asset["path"].endswith(".zip")]
    content = download(link_to(simulator, zipped)).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.read("master.m3u8").startswith(b"#EXTM3U")


def test_an_mp4_says_how_long_it_is(simulator: Client) -> None:
    (video,) = assets_of(simulator, record(simulator, "recordings", {}), type="room-composite")
    head = download(link_to(simulator, video), range="bytes=0-199").content
    movie_header = head.index(b"mvhd") + 4
    timescale, duration = (int.from_bytes(head[movie_header + at : movie_header + at + 4]) for at in (12, 16))
    assert duration / timescale == video["duration"]
    samples = head.index(b"mdat")
    assert int.from_bytes(head[samples + 4 : samples + 12]) == video["size"] - samples + 4


def test_a_summary_has_the_configured_sections(simulator: Client) -> None:
    summary = {"enabled": True, "sections": SECTIONS}
    room_id = record(simulator, "recordings", {"transcription": {"enabled": True, "summary": summary}})
    (asset,) = assets_of(simulator, room_id, type="summary")
    sections = download(link_to(simulator, asset)).json()["summary"]["sections"]
    assert [(section["title"], section["format"]) for section in sections] == [
        ("Speakers", "bullets"),
        ("Decisions", "bullets"),
        ("In Short", "paragraph"),
    ]


def test_transcripts_and_summary_have_their_documented_forms(simulator: Client) -> None:
    room_id = new_room(simulator)
    for name in ("John", "Sarah"):
        peer = {"name": name, "role": "host", "user_id": name.lower()}
        simulator.post_json(f"/_simulator/rooms/{room_id}/peers", peer)
    body = {"transcription": {"enabled": True, "summary": SUMMARY}}
    job_id = simulator.post_json(f"/v2/recordings/room/{room_id}/start", body)["id"]
    pass_time(simulator, 60)
    simulator.post_json(f"/v2/recordings/{job_id}/stop")
    finish(simulator)
    pass_time(simulator, 600)
    files = {
        asset["path"].rpartition("-")[2]: download(link_to(simulator, asset)).text
        for asset in assets_of(simulator, room_id)
        if asset["type"] in ("transcript", "summary")
    }
    assert files["transcript.txt"] == "John: Hello, this is John.\n\nSarah: Hello, this is Sarah.\n"
    cues = [
        "1\n00:00:01,010 --> 00:00:03,010\nJohn: Hello, this is John.\n",
        "2\n00:00:04,010 --> 00:00:06,010\nSarah: Hello, this is Sarah.\n",
    ]
    assert files["transcript.srt"] == "\n".join(cues)
    transcript = json.loads(files["transcript.json"])
    peers = list(simulator.get_json("/v2/sessions", room_id=room_id)["data"][0]["peers"])
    times = {"start_time": "4010", "end_time": "6010"}
    sarah = {"name": "Sarah", "peer_id": peers[1]}
    assert transcript["sentences"][1] == {"sentence": "Hello, this is Sarah.", **sarah, **times}
    assert transcript["words"][4] == {"word": "Hello", **sarah, "start_time": "4010", "end_time": "4510"}
    sections = json.loads(files["summary.json"])["summary"]["sections"]
    assert sections[0] == {"title": "Speakers", "format": "bullets", "bullets": ["John", "Sarah"], "paragraph": ""}
    assert [section["title"] for section in sections[1:]] == [
        "Agenda",
        "Key Points Discussed",
        "Follow Up Action Items",
        "Short Summary",
    ]
    assert sections[-1]["bullets"] == []
    assert sections[-1]["paragraph"]
