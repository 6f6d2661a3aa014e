"""The simulator as a server: connections, threads, ports and unusual requests."""

import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from simulator import DEFAULT_ACCESS_KEY, DEFAULT_SECRET
from simulator.server import Simulator
from tests.integration.simulator.client import ACCESS_KEY, SECRET, Client, connect, sign

ROOT = Path(__file__).parents[3]
AUTHORIZED = {"Authorization": f"Bearer {sign()}"}


def run_program(*options: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "simulator", *options],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_connection_is_kept_alive_through_errors_and_bodies(simulator: Client) -> None:
    connection = connect(simulator.url)
    connection.connect()
    kept = connection.sock
    for method, path, body in (
        ("GET", "/v2/rooms", None),
        ("PUT", "/v2/rooms", "not read by any operation"),
        ("HEAD", "/v2/rooms", None),
        ("POST", "/v2/rooms", "{}"),
        ("DELETE", "/v2/templates/0/roles/host", None),
        ("GET", "/v2/nothing", None),
    ):
        connection.request(method, path, body, AUTHORIZED)
        connection.getresponse().read()
        assert connection.sock is kept, path


def test_a_chunked_body_is_read_and_the_connection_kept(simulator: Client) -> None:
    connection = connect(simulator.url)
    for name in ("one", "two"):
        body = iter([b'{"name":', f' "{name}"'.encode(), b"}"])
        connection.request("POST", "/v2/rooms", body, AUTHORIZED, encode_chunked=True)
        assert f'"name":"{name}"' in connection.getresponse().read().decode()


def test_an_absolute_request_target_is_served_and_logged_as_its_path(simulator: Client) -> None:
    connection = connect(simulator.url)
    connection.request("GET", "http://api.100ms.live/v2/rooms?limit=20", headers=AUTHORIZED)
    answer = connection.getresponse()
    assert answer.status == 200
    assert b'"limit":20' in answer.read()
    (logged,) = simulator.requests_received()
    assert (logged["path"], logged["query"]) == ("/v2/rooms", "limit=20")


def test_it_stands_behind_a_proxy_setting(simulator: Client) -> None:
    proxies = {"http": simulator.url}
    answer = requests.get("http://api.100ms.live/v2/rooms", headers=AUTHORIZED, proxies=proxies, timeout=10)
    assert answer.json()["data"] == []


def test_an_encoded_slash_is_part_of_a_segment(simulator: Client) -> None:
    room_id = simulator.post_json("/v2/rooms")["id"]
    assert simulator.get(f"/v2/rooms%2F{room_id}").json()["message"] == "Not Found"
    assert simulator.get("/v2/rooms/a%2Fb").json()["message"] == "Room not found"


def test_an_encoded_letter_is_that_letter(simulator: Client) -> None:
    connection = connect(simulator.url)
    connection.request("GET", "/v2/r%6Foms", headers=AUTHORIZED)
    assert connection.getresponse().status == 200


def test_a_role_s_name_is_decoded_once(simulator: Client) -> None:
    template_id = simulator.post_json("/v2/templates", {"roles": {"50% co/host": {}}})["id"]
    assert simulator.get_json(f"/v2/templates/{template_id}/roles/50%25%20co%2Fhost")["name"] == "50% co/host"


def test_a_wrong_verb_and_an_unknown_path_are_answered_in_the_envelope(simulator: Client) -> None:
    wrong = simulator.call("DELETE", "/v2/rooms")
    assert wrong.json() == {"code": 405, "message": "Method Not Allowed"}
    assert {"GET", "POST"} <= set(wrong.headers["Allow"].split(", "))
    for path in ("/v2/nothing", "/", "/_simulator/nothing", "/v2//rooms"):
        assert simulator.get(path).json() == {"code": 404, "message": "Not Found"}


PREFLIGHT = {
    "Origin": "http://localhost:5173",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}


def test_a_preflight_needs_no_token_and_uses_up_no_fault(simulator: Client) -> None:
    simulator.post_json("/_simulator/faults", {"path": "/v2/rooms", "status": 503})
    preflight = requests.options(f"{simulator.url}/v2/rooms", headers=PREFLIGHT, timeout=10)
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert preflight.headers["Access-Control-Allow-Origin"] == "http://localhost:5173"
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert preflight.headers["Access-Control-Allow-Headers"] == "authorization,content-type"
    assert simulator.get("/v2/rooms").status_code == 503


def test_web_pages_can_read_responses_of_100ms_but_not_of_the_control_api(simulator: Client) -> None:
    origin = {"Origin": "http://localhost:5173"}
    for path, status in (("/v2/rooms", 200), ("/v2/rooms/0", 404), ("/v2/nothing", 404)):
        answer = simulator.call("GET", path, headers=origin)
        assert (answer.status_code, answer.headers["Vary"]) == (status, "Origin")
        assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:5173"
    assert simulator.get("/v2/rooms").headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Origin" not in simulator.get("/v2/rooms").headers
    for headers in (origin, PREFLIGHT):
        answer = simulator.call("OPTIONS", "/_simulator/rooms", headers=headers)
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_body_beyond_all_measure_is_refused(simulator: Client) -> None:
    connection = connect(simulator.url)
    connection.request("POST", "/v2/rooms", headers={**AUTHORIZED, "Content-Length": str(10**12)})
    answer = connection.getresponse()
    assert answer.status == 413
    assert answer.getheader("Connection") == "close"


def test_a_body_that_breaks_off_closes_the_connection(simulator: Client) -> None:
    connection = connect(simulator.url)
    connection.request("POST", "/v2/rooms", b"zz\r\n", {**AUTHORIZED, "Transfer-Encoding": "chunked"})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Connection")) == (400, "close")


def test_32_clients_at_once_get_a_room_each_and_agree_on_a_shared_one(simulator: Client) -> None:
    def live(number: int) -> tuple[set[str], str]:
        client = Client(simulator.url)
        own = {client.post_json("/v2/rooms", {"name": f"room-{number}-{turn}"})["id"] for turn in range(8)}
        shared = client.post_json("/v2/rooms", {"name": "shared"})["id"]
        client.post_json(f"/v2/room-codes/room/{shared}")
        return own, shared

    with ThreadPoolExecutor(32) as pool:
        lives = list(pool.map(live, range(32)))
    assert len(set().union(*(own for own, _ in lives))) == 32 * 8
    (shared,) = {shared for _, shared in lives}
    assert len(simulator.get_json(f"/v2/room-codes/room/{shared}")["data"]) == 2
    assert len(simulator.requests_received()) == 32 * 10 + 1


def test_a_stopped_simulator_can_start_again_on_its_port() -> None:
    simulator = Simulator("127.0.0.1", 0, ACCESS_KEY, SECRET)
    simulator.start()
    url = simulator.url
    client = Client(url)
    client.post_json("/v2/rooms", {"name": "lobby"})
    simulator.stop()
    with pytest.raises(requests.ConnectionError):
        client.get("/v2/rooms")
    simulator.start()
    try:
        assert simulator.url == url
        assert client.get_json("/v2/rooms")["data"][0]["name"] == "lobby"
    finally:
        simulator.stop()


def test_a_port_in_use_cannot_be_listened_on(simulator: Client) -> None:
    with pytest.raises(OSError, match="in use"):
        Simulator("127.0.0.1", urlsplit(simulator.url).port or 0, ACCESS_KEY, SECRET).start()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_program_serves_the_default_key_pair_until_it_is_stopped(ending: signal.Signals) -> None:
    with run_program(SIMULATOR_PORT="0") as program:
        assert program.stdout is not None
        printed = json.loads(program.stdout.readline())
        assert (printed["access_key"], printed["secret"]) == (DEFAULT_ACCESS_KEY, DEFAULT_SECRET)
        token = sign(printed["secret"], access_key=printed["access_key"])
        answer = requests.get(f"{printed['url']}/v2/rooms", headers={"Authorization": f"Bearer {token}"}, timeout=10)
        assert answer.json()["data"] == []
        program.send_signal(ending)
        _, schema_violations = program.communicate(timeout=10)
    assert (program.returncode, schema_violations) == (0, "")


def test_the_program_says_in_one_line_that_its_port_is_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with run_program("--port", str(port)) as program:
            _, schema_violations = program.communicate(timeout=10)
    assert program.returncode == 1
    assert schema_violations == f"The simulator cannot listen on 127.0.0.1:{port}: Address already in use\n"


@pytest.mark.parametrize("port", ["65536", "-1", "http", "\u0661"])
def test_the_program_refuses_a_port_that_cannot_exist(port: str) -> None:
    with run_program(f"--port={port}") as program:
        _, error = program.communicate(timeout=10)
    assert program.returncode == 2
    assert f"argument --port: must be between 0 and 65535, not {port}" in error


def test_a_program_on_all_interfaces_prints_an_address_that_clients_can_call() -> None:
    with run_program("--host", "0.0.0.0", "--port", "0", HMS_ACCESS_KEY="key-1", HMS_SECRET=SECRET) as program:
        assert program.stdout is not None
        printed = json.loads(program.stdout.readline())
        assert printed["url"].startswith("http://127.0.0.1:")
        assert (printed["access_key"], printed["secret"]) == ("key-1", SECRET)
        assert requests.get(f"{printed['url']}/_simulator/rooms", timeout=10).json() == {"rooms": []}
        program.terminate()


@pytest.mark.parametrize("content_type", ["", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "a/b"])
def test_a_body_of_any_content_type_is_json(simulator: Client, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    created = simulator.call("POST", "/v2/rooms", data=b'{"name": "typed"}', headers=headers)
    assert (created.status_code, created.json()["name"]) == (200, "typed")


def test_head_has_the_headers_of_get_and_no_body(simulator: Client) -> None:
    connection = connect(simulator.url)
    seen = []
    for method in ("GET", "HEAD"):
        connection.request(method, "/v2/rooms", headers=AUTHORIZED)
        answer = connection.getresponse()
        body = answer.read()
        seen.append((answer.status, answer.getheader("Content-Type"), answer.getheader("Content-Length"), body))
    get, head = seen
    assert head == (*get[:3], b"")
    assert get[2] == str(len(get[3]))


def test_head_of_an_unknown_path_is_not_found(simulator: Client) -> None:
    answer = simulator.call("HEAD", "/v2/nothing")
    assert (answer.status_code, answer.content) == (404, b"")
    assert simulator.call("HEAD", "/v2/token").status_code == 405
