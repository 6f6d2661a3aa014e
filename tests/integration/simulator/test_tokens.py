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
    "an expired one": (lambda: f"Bearer {sign(exp=int(time.time()) - 5)}", "token is expired"),
    "one without an end": (lambda: f"Bearer {sign(without=('exp',))}", "claim exp is missing"),
    "one from the future": (lambda: f"Bearer {sign(nbf=int(time.time()) + 60)}", "token is not valid yet"),
    "an unsigned one": (
        lambda: f"Bearer {jwt.encode({'access_key': ACCESS_KEY}, '', algorithm='none')}",
        "token is malformed",
    ),
}


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
