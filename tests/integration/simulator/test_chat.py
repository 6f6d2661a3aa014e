"""Chat messages go into the chat logs of recordings."""

import csv
import io
from datetime import datetime
from typing import Any

import requests

from tests.integration.simulator.client import Client
from tests.integration.simulator.jobs import START, finish, join, new_room, pass_time, recording_webhooks


def recorded_chat(simulator: Client, room_id: str) -> list[dict[str, str]]:
    """Return the rows of the room's only chat asset, after checking its size."""
    (asset,) = simulator.get_json("/v2/recording-assets", room_id=room_id, type="chat")["data"]
    link = simulator.get_json(f"/v2/recording-assets/{asset['id']}/presigned-url")
    content = requests.get(link["url"], timeout=10).content
    assert asset["size"] == len(content)
    return list(csv.DictReader(io.StringIO(content.decode())))


def send(simulator: Client, room_id: str, **message: Any) -> None:
    simulator.post_json(f"/v2/active-rooms/{room_id}/send-message", message)


def record(simulator: Client, room_id: str) -> str:
    job_id = simulator.post_json(f"/v2/recordings/room/{room_id}/start", {})["id"]
    pass_time(simulator, START)
    return str(job_id)


def test_a_recording_has_the_messages_to_all_and_to_roles(simulator: Client) -> None:
    room_id = new_room(simulator)
    peer_id = join(simulator, room_id)
    messages = f"/_simulator/rooms/{room_id}/messages"
    send(simulator, room_id, message="before")
    job_id = record(simulator, room_id)
    simulator.post_json(messages, {"peer_id": peer_id, "message": 'Hello, "all" é'})
    simulator.post_json(messages, {"peer_id": peer_id, "message": "guests", "roles": ["guest", "host"]})
    send(simulator, room_id, message="announcement")
    send(simulator, room_id, message="to hosts", role="host", type="chat")
    send(simulator, room_id, message="direct", peer_id=peer_id)
    send(simulator, room_id, message="bet", type="custom_event")
    simulator.post_json(f"/v2/recordings/{job_id}/stop")
    finish(simulator)
    send(simulator, room_id, message="after")
    first, second, third, fourth = recorded_chat(simulator, room_id)
    sender = {"SenderPeerID": peer_id, "SenderName": "Test user", "SenderUserID": "user.001"}
    assert sender.items() <= first.items()
    assert (first["Roles"], first["Type"], first["Message"]) == ("[]", "chat", 'Hello, "all" é')
    assert (second["Roles"], second["Message"]) == ("[guest host]", "guests")
    assert (third["SenderPeerID"], third["Message"]) == ("", "announcement")
    assert (fourth["Roles"], fourth["Message"]) == ("[host]", "to hosts")
    times = [datetime.fromisoformat(row["SentAt"]) for row in (first, second, third, fourth)]
    assert times == sorted(times)


def test_a_live_stream_has_the_chat_in_its_event(simulator: Client) -> None:
    room_id = new_room(simulator)
    join(simulator, room_id)
    with recording_webhooks(simulator) as received:
        body = {"recording": {"hls_vod": True}}
        job_id = simulator.post_json(f"/v2/live-streams/room/{room_id}/start", body)["id"]
        pass_time(simulator, START)
        send(simulator, room_id, message="on air")
        simulator.post_json(f"/v2/live-streams/{job_id}/stop")
        finish(simulator)
        url = received.event("hls.recording.success")["data"]["chat_recording_presigned_url"]
    assert requests.get(url, timeout=10).text.rstrip().endswith(",chat,on air")


def test_a_message_needs_a_connected_sender_and_known_roles(simulator: Client) -> None:
    room_id = new_room(simulator)
    messages = f"/_simulator/rooms/{room_id}/messages"
    peer_id = join(simulator, room_id)
    assert simulator.post(messages, {"peer_id": "0", "message": "hi"}).status_code == 404
    assert simulator.post(messages, {"peer_id": peer_id, "message": "hi", "roles": ["nobody"]}).status_code == 404
    assert simulator.post(messages, {"peer_id": peer_id}).status_code == 400
