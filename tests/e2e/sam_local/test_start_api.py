"""`sam local start-api`: the API over HTTP, from a room to its recording."""

from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import requests

from hms.tokens import sign_management_token
from tests.e2e.sam_local.sam import Sam
from tests.integration.simulator.client import ACCESS_KEY, SECRET
from tests.support.local_backends import LocalBackends


class Api:
    """Calls the API with a management token."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.headers["authorization"] = f"Bearer {sign_management_token(ACCESS_KEY, SECRET)}"

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        answer = self._session.request(method, self.url + path, json=body, timeout=60, **options)
        assert answer.status_code == status, answer.text
        assert answer.headers["x-request-id"]
        return answer.json()


@pytest.fixture(scope="module")
def api(sam: Sam, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with sam.serving(tmp_path_factory.mktemp("sam") / "log") as url:
        yield Api(url)


@pytest.mark.timeout(300)
def test_a_room_its_codes_a_token_a_session_and_a_recording(api: Api, local_backends: LocalBackends) -> None:
    assert api("GET", "/")["message"] == "100ms API"
    room = api("POST", "/rooms", {"name": "walk"})
    retrieved = api("GET", f"/v2/rooms/{room['id']}")
    assert (retrieved["id"], retrieved["name"]) == (room["id"], "walk")

    codes = api("POST", f"/room-codes/room/{room['id']}")["data"]
    code = next(code["code"] for code in codes if code["role"] == "host")
    joined_by_code = jwt.decode(api("POST", f"/room-codes/code/{code}")["token"], options={"verify_signature": False})
    assert (joined_by_code["room_id"], joined_by_code["role"]) == (room["id"], "host")

    wanted = {"roomId": room["id"], "role": "guest", "userId": "ada"}
    minted = api("POST", "/token", wanted, status=201)["token"]
    claims = jwt.decode(minted, SECRET, ["HS256"])
    assert (claims["room_id"], claims["role"], claims["user_id"]) == (room["id"], "guest", "ada")

    peer = local_backends.simulator.post_json(
        f"/_simulator/rooms/{room['id']}/peers", {"name": "Ada", "role": "guest", "user_id": "ada"}
    )
    (session,) = api("GET", f"/sessions?room_id={room['id']}&active=true")["data"]
    assert peer["id"] in session["peers"]

    job = api("POST", f"/recordings/room/{room['id']}/start", {"resolution": {"width": 1280, "height": 720}})
    local_backends.simulator.post_json("/_simulator/clock", {"advance_seconds": 5})
    assert api("GET", f"/recordings/{job['id']}")["status"] == "running"
    assert api("POST", f"/recordings/{job['id']}/stop")["id"] == job["id"]
    local_backends.simulator.post_json("/_simulator/clock", {"advance_seconds": 10})
    assert api("GET", f"/recordings/{job['id']}")["status"] == "completed"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/rooms", {"authorization": ""}, 401),
        ("GET", "/no/such/route", {}, 404),
        ("DELETE", "/rooms", {}, 405),
    ],
)
def test_what_is_refused_is_refused_in_the_envelope(
    api: Api, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    refused = api(method, path, status=status, headers=headers)
    assert refused.keys() == {"code", "message", "details"}
    assert refused["code"] == status
