"""PHP with Guzzle: requests of the Laravel packages for 100ms work, although they send `[]` as an empty body."""

from pathlib import Path

import pytest

from tests.e2e.foreign import Call, need, received, run
from tests.integration.stack import Stack

GUZZLE = "/usr/share/php/GuzzleHttp/autoload.php"
EXPECTED = [
    Call("POST", "/v2/rooms", body="{}"),
    Call("GET", "/v2/rooms"),
    Call("GET", "/v2/rooms/ROOM"),
    Call("POST", "/v2/room-codes/room/ROOM"),
    Call("GET", "/v2/room-codes/room/ROOM"),
    Call("POST", "/v2/room-codes/room/ROOM/role/host"),
    Call("POST", "/v2/rooms/ROOM", body='{"enabled":false}'),
    Call("POST", "/v2/rooms/ROOM", body='{"enabled":true}'),
    Call("POST", "/v2/recordings/room/ROOM/start", body='{"meeting_url":"https:\\/\\/example.com\\/meeting"}'),
    Call("POST", "/v2/recordings/room/ROOM/stop"),
]


@pytest.mark.timeout(300)
def test_calls_of_laravel_packages_work(stack: Stack) -> None:
    need("php", GUZZLE, packages="php-cli php-guzzlehttp-guzzle")
    lines = run(stack, "php", Path(__file__).with_name("client.php"))
    assert [line for line in lines if not line.endswith(" 200")] == []
    assert len(lines) == len(EXPECTED)
    assert received(stack) == EXPECTED
