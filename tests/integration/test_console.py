"""The console's routes: access, forwarded calls, and no entries in the simulator's request log."""

import json
import time

import jwt
import pytest
import requests

from tests.integration.stack import Stack, started_stack
from tests.integration.test_routes import received
from tests.support.echo import running_echo


def call(stack: Stack, method: str, path: str, **options: object) -> requests.Response:
    return requests.request(method, f"{stack.api}/_local/{path}", timeout=10, **options)  # type: ignore[arg-type]


def test_a_name_that_others_lead_here_is_refused(stack: Stack) -> None:
    for path in ("", "settings", "console.js", "simulator/rooms"):
        answer = call(stack, "GET", path, headers={"host": "attacker.example"})
        assert answer.status_code == 403
        assert stack.token not in answer.text
    assert call(stack, "GET", "settings").json()["simulator"] == stack.simulator


def test_what_another_sites_page_asks_is_refused(stack: Stack) -> None:
    for path in ("settings", "events", "simulator/rooms"):
        for site in ("cross-site", "same-site"):
            assert call(stack, "GET", path, headers={"sec-fetch-site": site}).status_code == 403
    assert call(stack, "GET", "settings", headers={"sec-fetch-site": "same-origin"}).status_code == 200


@pytest.mark.parametrize("headers", [{"origin": "https://attacker.example"}, {"host": "attacker.example"}])
def test_no_page_reads_the_local_aws_secrets_or_the_simulators_log(stack: Stack, headers: dict[str, str]) -> None:
    target = {"x-amz-target": "AmazonSSM.GetParameters", "content-type": "application/x-amz-json-1.1"}
    body = json.dumps({"Names": ["/hms/secret"], "WithDecryption": True})
    asked = [
        requests.post(stack.aws, data=body, headers={**target, **headers}, timeout=10),
        requests.get(f"{stack.aws}/moto-api/data.json", headers=headers, timeout=10),
        requests.get(f"{stack.simulator}/_simulator/requests", headers=headers, timeout=10),
        requests.post(f"{stack.simulator}/_simulator/clock", data="{}", headers=headers, timeout=10),
    ]
    for answer in asked:
        assert answer.status_code == 403
        assert stack.secret not in answer.text
        assert "access-control-allow-origin" not in answer.headers


def test_a_token_of_the_page_is_not_cached_and_expires_soon(stack: Stack) -> None:
    answer = call(stack, "GET", "settings")
    assert answer.headers["cache-control"] == "no-store"
    claims = jwt.decode(answer.json()["token"], stack.secret, ["HS256"])
    assert claims["exp"] - time.time() <= 60


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_what_a_form_of_another_page_can_send_is_refused(stack: Stack, content_type: str) -> None:
    body = json.dumps({"advance_seconds": 60})
    answer = call(stack, "POST", "simulator/clock", data=body, headers={"content-type": content_type})
    assert answer.status_code == 415


def test_the_rooms_are_shown_without_a_call_of_100ms(stack: Stack) -> None:
    headers = {"authorization": f"Bearer {stack.token}"}
    room = requests.post(f"{stack.api}/rooms", json={"name": "shown"}, headers=headers, timeout=10).json()
    peer = {"name": "Ada", "role": "host", "user_id": "ada"}
    assert call(stack, "POST", f"simulator/rooms/{room['id']}/peers", json=peer).status_code == 200
    calls = len(received(stack))
    (shown,) = call(stack, "GET", "simulator/rooms").json()["rooms"]
    assert (shown["id"], shown["name"], shown["enabled"]) == (room["id"], "shown", True)
    assert [peer["name"] for peer in shown["peers"]] == ["Ada"]
    assert [session["active"] for session in shown["sessions"]] == [True]
    assert shown["recordings"] == []
    assert set(shown["roles"]) == {"host", "guest"}
    assert len(received(stack)) == calls


@pytest.mark.parametrize("path", ["http.py", "../http.py", "%2e%2e/http.py", "no-such.js"])
def test_nothing_but_the_page_is_given(stack: Stack, path: str) -> None:
    assert "Blueprint" not in call(stack, "GET", path).text


def test_an_event_comes_as_it_happens(stack: Stack) -> None:
    headers = {"authorization": f"Bearer {stack.token}"}
    room = requests.post(f"{stack.api}/rooms", json={}, headers=headers, timeout=10).json()["id"]
    with call(stack, "GET", "events", stream=True) as stream:
        lines = stream.iter_lines(decode_unicode=True)
        assert next(lines) == ": connected"
        body = {"type": "peer.join.success", "room_id": room}
        requests.post(f"{stack.simulator}/_simulator/events", json=body, timeout=10).raise_for_status()
        events = (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))
        event = next(event for event in events if event["detail"]["data"]["room_id"] == room)
    assert (event["source"], event["detail-type"]) == ("100ms", "peer.join.success")


def test_with_a_real_100ms_there_is_no_console(tmp_path_factory: pytest.TempPathFactory) -> None:
    log = tmp_path_factory.mktemp("real") / "stderr"
    with running_echo() as echo, started_stack(log, UPSTREAM=f"{echo}/v2") as stack:
        assert "Console" not in stack.output
        assert call(stack, "GET", "settings").status_code == 404
