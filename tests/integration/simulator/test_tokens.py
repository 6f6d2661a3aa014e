"""Tokens that the simulator accepts."""

import time
from collections.abc import Callable

import jwt
import pytest

from tests.integration.simulator.client import ACCESS_KEY, Client, sign
from tests.support.contract import operations

WRONG: dict[str, tuple[Callable[[], str], str]] = {
    "no token": (lambda: "", "not found"),
    "another scheme": (lambda: "Basic Zm9v", "not found"),
    "no JWT": (lambda: "Bearer abc", "token is malformed"),
    "another secret": (lambda: f"Bearer {sign('another secret of more than 32 bytes')}", "signature is invalid"),
    "another key": (lambda: f"Bearer {sign(access_key='another')}", "access key not found"),
    "an app token": (lambda: f"Bearer {sign(type='app')}", "token type is not management"),
    "an old version": (lambda: f"Bearer {sign(version=1)}", "token version is not 2"),
    "an expired one": (lambda: f"Bearer {sign(exp=int(time.time()) - 35)}", "token is expired"),
    "one without an end": (lambda: f"Bearer {sign(without=('exp',))}", "claim exp is missing"),
    "one from the future": (lambda: f"Bearer {sign(nbf=int(time.time()) + 60)}", "token is not valid yet"),
    "an unsigned one": (
        lambda: f"Bearer {jwt.encode({'access_key': ACCESS_KEY}, '', algorithm='none')}",
        "token is malformed",
    ),
}


ACCEPTED: dict[str, Callable[[], str]] = {
    "an audience": lambda: sign(aud="https://example.com"),
    "several audiences": lambda: sign(aud=["a", 1]),
    "an issuer": lambda: sign(iss="somebody"),
    "a numeric subject": lambda: sign(sub=7),
    "a numeric ID": lambda: sign(jti=7),
    "no ID": lambda: sign(without=("jti",)),
    "an end just passed": lambda: sign(exp=int(time.time()) - 25),
    "a start just ahead": lambda: sign(nbf=int(time.time()) + 25, iat=int(time.time()) + 25),
    "no times but the end": lambda: sign(without=("iat", "nbf")),
    "a fraction in its end": lambda: sign(exp=time.time() + 60),
    "an unknown claim": lambda: sign(crit={"a": 1}),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_a_token_needs_only_what_100ms_reads(simulator: Client, case: str) -> None:
    headers = {"Authorization": f"Bearer {ACCEPTED[case]()}"}
    assert simulator.call("GET", "/v2/rooms", headers=headers).status_code == 200


@pytest.mark.parametrize("token", [sign(type="app"), sign("another secret of more than 32 bytes"), "abc"])
def test_the_calls_for_webhooks_refuse_an_invalid_token_with_403(simulator: Client, token: str) -> None:
    for method, path in (("GET", ""), ("POST", "/replay"), ("GET", "/replay/0")):
        url = f"/v2/analytics/webhooks{path}"
        refused = simulator.call(method, url, headers={"Authorization": f"Bearer {token}"})
        assert (refused.status_code, refused.json()) == (403, {"code": 403, "message": "insufficient permissions"})
        assert simulator.call(method, url, headers={"Authorization": ""}).status_code == 401


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_token_is_refused(simulator: Client, case: str) -> None:
    make, reason = WRONG[case]
    response = simulator.call("GET", "/v2/rooms", headers={"Authorization": make()})
    assert response.status_code == 401
    assert response.json() == {"code": 401, "message": "Token validation error", "details": [reason]}


def test_every_operation_but_the_code_exchange_needs_a_token(simulator: Client) -> None:
    open_to_all = [
        (operation.method, operation.path)
        for operation in operations().values()
        if simulator.call(operation.method, f"/v2{operation.path}", headers={"Authorization": ""}).status_code != 401
    ]
    assert open_to_all == [("POST", "/token")]


def test_an_unknown_path_without_a_token_reveals_nothing(simulator: Client) -> None:
    assert simulator.call("GET", "/v2/nothing", headers={"Authorization": ""}).status_code == 401
    assert simulator.get("/v2/nothing").json() == {"code": 404, "message": "Not Found"}


def test_dtmf_takes_an_app_token_only(simulator: Client) -> None:
    assert simulator.post("/v2/sip/dtmf", {}).status_code == 401
    app = {"Authorization": f"Bearer {sign(type='app')}"}
    assert simulator.post("/v2/sip/dtmf", {}, headers=app).status_code != 401


def test_a_token_outlives_an_advance_of_the_simulated_clock(simulator: Client) -> None:
    simulator.post_json("/_simulator/clock", {"advance_seconds": 86_400})
    assert simulator.get("/v2/rooms").status_code == 200


def test_a_token_that_was_accepted_expires(simulator: Client) -> None:
    headers = {"Authorization": f"Bearer {sign(exp=int(time.time()) - 28)}"}
    assert simulator.call("GET", "/v2/rooms", headers=headers).status_code == 200
    time.sleep(2.1)
    refused = simulator.call("GET", "/v2/rooms", headers=headers)
    assert (refused.status_code, refused.json()["details"]) == (401, ["token is expired"])
