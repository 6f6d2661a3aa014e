"""Go with net/http: requests of the public Go clients work, although they send unset filters too."""

from pathlib import Path

import pytest

from tests.e2e.foreign import Call, need, received, run
from tests.integration.stack import Stack

RECORDING = '{"meeting_url":"https://example.com/meeting","resolution":{"height":720,"width":1280}}'
EXPECTED = [
    Call("POST", "/v2/rooms", body='{"active":true,"name":"den"}'),
    Call("GET", "/v2/rooms/ROOM"),
    Call("POST", "/v2/room-codes/room/ROOM"),
    Call("POST", "/v2/room-codes/room/ROOM"),
    Call("POST", "/v2/room-codes/room/ROOM"),
    Call("POST", "/v2/room-codes/room/ROOM/role/host"),
    Call("POST", "/v2/recordings/room/ROOM/start", body=RECORDING),
    Call("POST", "/v2/recordings/room/ROOM/stop"),
    Call("GET", "/v2/recordings", "room_id=ROOM"),
    Call("GET", "/v2/recording-assets"),
    Call("GET", "/v2/live-streams", "room_id=ROOM"),
    Call("GET", "/v2/external-streams", "status=running"),
    Call("GET", "/v2/sessions", "active=false&room_id=ROOM"),
    Call("GET", "/v2/rooms", "enabled=true&name=den"),
]


@pytest.mark.timeout(300)
def test_calls_of_go_clients_work(stack: Stack, tmp_path: Path) -> None:
    need("go", packages="golang-go")
    own = {"HOME": str(tmp_path), "GOCACHE": str(tmp_path / "cache"), "GOPROXY": "off", "GO111MODULE": "off"}
    lines = run(stack, "go", "run", Path(__file__).with_name("main.go"), **own)
    assert [line for line in lines if not line.endswith(" 200")] == []
    assert len(lines) == len(EXPECTED)
    assert received(stack) == EXPECTED
