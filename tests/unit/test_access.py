"""The identity of a token's caller, the app or a client key, and responses to unknown callers."""

import json
import secrets
import time
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import jwt
import pytest
from jwt.algorithms import HMACAlgorithm

from hms.credentials import Credentials
from hms.errors import UnauthorizedError
from hms.http.transport import Transport
from hms.settings import Settings
from hms.tokens import sign_app_token, sign_management_token
from hms_service.auth.authenticator import Authenticator, AuthScheme
from hms_service.auth.client_keys import ClientKeys
from hms_service.auth.scopes import FULL_ACCESS
from tests.support.servers import ScriptedServer, answer, serve
from tests.unit.conftest import ACCESS_KEY, SECRET

CLIENT_KEY, CLIENT_SECRET, WRONG_SECRET = secrets.token_hex(12), secrets.token_hex(32), secrets.token_hex(32)
REFUSAL = ("Token validation error", ["the token is not valid"], {"www-authenticate": "Bearer"})


class Ssm:
    """An SSM with the app key pair and client keys. It counts the calls."""

    def __init__(self, peer: ScriptedServer) -> None:
        self.clients = {CLIENT_KEY: {"secret": CLIENT_SECRET, "scopes": ["rooms:read"]}}
        self._peer = peer
        peer.script[:] = [self._answer]

    @property
    def actions(self) -> list[str]:
        return [request.headers["x-amz-target"].rpartition(".")[2] for request in self._peer.requests]

    def _answer(self, connection: Any) -> None:
        pair = [("/hms/access_key", ACCESS_KEY), ("/hms/secret", SECRET)]
        clients = [(f"/hms/clients/{name}", json.dumps(record)) for name, record in self.clients.items()]
        values = pair if self.actions[-1] == "GetParameters" else clients
        body = {"Parameters": [{"Name": name, "Value": value} for name, value in values]}
        answer(200, json.dumps(body).encode())(connection)


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch, aws: None) -> Iterator[Ssm]:
    with serve(answer()) as peer:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", peer.url)
        yield Ssm(peer)


def authenticator(*, accept_app_key: bool = True) -> Authenticator:
    settings, transport = Settings(), Transport()
    return Authenticator(accept_app_key, Credentials(settings, transport), ClientKeys(settings, transport))


def token(access_key: str, secret: str, **claims: Any) -> str:
    now = int(time.time())
    usual = {"access_key": access_key, "type": "management", "version": 2, "iat": now, "nbf": now, "exp": now + 60}
    return jwt.encode({**usual, **claims}, secret, "HS256")


def app_token(access_key: str, secret: str) -> str:
    return sign_app_token(access_key, secret, room_id="r", role="host", user_id="u")


def test_the_apps_own_key_is_not_looked_up_as_a_client_key(ssm: Ssm) -> None:
    caller = authenticator().authenticate(sign_management_token(ACCESS_KEY, SECRET), AuthScheme.MANAGEMENT)
    assert (caller.name, caller.grant) == (ACCESS_KEY, FULL_ACCESS)
    assert ssm.actions == ["GetParameters"]


def test_a_client_key_under_the_apps_access_key_takes_its_place_in_nothing(ssm: Ssm) -> None:
    ssm.clients[ACCESS_KEY] = ssm.clients[CLIENT_KEY]
    door = authenticator()
    assert (
        door.authenticate(sign_management_token(CLIENT_KEY, CLIENT_SECRET), AuthScheme.MANAGEMENT).grant != FULL_ACCESS
    )
    assert door.authenticate(sign_management_token(ACCESS_KEY, SECRET), AuthScheme.MANAGEMENT).grant == FULL_ACCESS
    with pytest.raises(UnauthorizedError):
        door.authenticate(sign_management_token(ACCESS_KEY, CLIENT_SECRET), AuthScheme.MANAGEMENT)


@pytest.mark.parametrize("accept_app_key", [True, False])
@pytest.mark.parametrize(
    ("tried", "access"),
    [
        pytest.param(sign_management_token(secrets.token_hex(12), WRONG_SECRET), AuthScheme.MANAGEMENT, id="unknown"),
        pytest.param(sign_management_token("", WRONG_SECRET), AuthScheme.MANAGEMENT, id="empty"),
        pytest.param(sign_management_token(ACCESS_KEY, WRONG_SECRET), AuthScheme.MANAGEMENT, id="the app's"),
        pytest.param(sign_management_token(CLIENT_KEY, WRONG_SECRET), AuthScheme.MANAGEMENT, id="a client's"),
        pytest.param(token("unknown", WRONG_SECRET, exp=1), AuthScheme.MANAGEMENT, id="unknown, expired"),
        pytest.param(token(ACCESS_KEY, WRONG_SECRET, exp=1), AuthScheme.MANAGEMENT, id="the app's, expired"),
        pytest.param(token(CLIENT_KEY, WRONG_SECRET, exp=1), AuthScheme.MANAGEMENT, id="a client's, expired"),
        pytest.param(token("unknown", WRONG_SECRET, version=1), AuthScheme.MANAGEMENT, id="unknown, another version"),
        pytest.param(
            token(CLIENT_KEY, WRONG_SECRET, version=1), AuthScheme.MANAGEMENT, id="a client's, another version"
        ),
        pytest.param(app_token("unknown", WRONG_SECRET), AuthScheme.APP, id="app token of an unknown key"),
        pytest.param(app_token(ACCESS_KEY, WRONG_SECRET), AuthScheme.APP, id="app token of the app"),
        pytest.param(app_token(CLIENT_KEY, CLIENT_SECRET), AuthScheme.APP, id="app token of a client key"),
        pytest.param(
            app_token("unknown", SECRET), AuthScheme.APP, id="app token of an unknown key by the app's secret"
        ),
        pytest.param(
            sign_management_token("unknown", SECRET), AuthScheme.MANAGEMENT, id="unknown, by the app's secret"
        ),
        pytest.param(
            sign_management_token("unknown", CLIENT_SECRET), AuthScheme.MANAGEMENT, id="unknown, by a client's secret"
        ),
        pytest.param(
            sign_management_token(CLIENT_KEY, SECRET), AuthScheme.MANAGEMENT, id="a client's, by the app's secret"
        ),
    ],
)
def test_a_wrong_secret_does_not_reveal_whether_the_key_exists(
    ssm: Ssm, monkeypatch: pytest.MonkeyPatch, tried: str, access: AuthScheme, accept_app_key: bool
) -> None:
    verify = Mock(wraps=HMACAlgorithm(HMACAlgorithm.SHA256).verify)
    monkeypatch.setattr(HMACAlgorithm, "verify", verify)
    with pytest.raises(UnauthorizedError) as refused:
        authenticator(accept_app_key=accept_app_key).authenticate(tried, access)
    assert (refused.value.message, refused.value.details, dict(refused.value.headers)) == REFUSAL
    assert verify.call_count == 1
