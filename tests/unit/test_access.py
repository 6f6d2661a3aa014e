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
from hms.errors import CredentialsUnavailableError, UnauthorizedError
from hms.http.transport import Transport
from hms.parameters import Parameters
from hms.tokens import sign_app_token, sign_management_token
from hms_service.auth.authenticator import Authenticator
from hms_service.auth.caller import AuthScheme
from hms_service.auth.scopes import FULL_ACCESS, Grant
from tests.support.client_keys import MASTER, make_key
from tests.support.servers import ScriptedServer, answer, serve
from tests.unit.conftest import ACCESS_KEY, SECRET

CLIENT_KEY, CLIENT_SECRET = make_key(name="reports", scopes=["rooms:read"], id="abcdefgh")
OTHER_MASTER_KEY, OTHER_MASTER_SECRET = make_key("N" * 43)
WRONG_SECRET = secrets.token_hex(32)
OTHER_MASTERS = sign_management_token(OTHER_MASTER_KEY, OTHER_MASTER_SECRET)
CLIENTS_APP_TOKEN = sign_app_token(CLIENT_KEY, CLIENT_SECRET, room_id="r", role="host", user_id="u")
REFUSED_UNVERIFIED = {OTHER_MASTERS, CLIENTS_APP_TOKEN}
REFUSAL = ("Token validation error", ["the token is not valid"], {"www-authenticate": "Bearer"})


class Ssm:
    """An SSM with the app key pair, the master and the revoked keys. It counts the calls."""

    def __init__(self, peer: ScriptedServer) -> None:
        self.values: dict[str, str | None] = {
            "access_key": ACCESS_KEY,
            "secret": SECRET,
            "client_key_master": MASTER,
            "revoked_client_keys_1": "none",
        }
        self._peer = peer
        peer.script[:] = [self._answer]

    @property
    def calls(self) -> int:
        return len(self._peer.requests)

    def fail(self) -> None:
        self._peer.script[:] = [answer(500)]

    def _answer(self, connection: Any) -> None:
        names = [name.removeprefix("/hms/") for name in json.loads(self._peer.requests[-1].body)["Names"]]
        found = [{"Name": f"/hms/{name}", "Value": self.values[name]} for name in names if self.values.get(name)]
        answer(200, json.dumps({"Parameters": found}).encode())(connection)


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch, aws: None) -> Iterator[Ssm]:
    with serve(answer()) as peer:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", peer.url)
        yield Ssm(peer)


def authenticator(*, accept_app_key: bool = True) -> Authenticator:
    parameters = Parameters(Transport(), "/hms")
    return Authenticator(accept_app_key, parameters, Credentials(parameters))


def token(access_key: str, secret: str, **claims: Any) -> str:
    now = int(time.time())
    usual = {"access_key": access_key, "type": "management", "version": 2, "iat": now, "nbf": now, "exp": now + 60}
    return jwt.encode({**usual, **claims}, secret, "HS256")


def app_token(access_key: str, secret: str) -> str:
    return sign_app_token(access_key, secret, room_id="r", role="host", user_id="u")


def test_the_app_and_a_client_key_are_authenticated_with_one_call(ssm: Ssm) -> None:
    container = authenticator()
    caller = container.authenticate(sign_management_token(ACCESS_KEY, SECRET), AuthScheme.MANAGEMENT)
    assert (caller.name, caller.grant, caller.identity) == (ACCESS_KEY, FULL_ACCESS, ("management", ACCESS_KEY))
    caller = container.authenticate(sign_management_token(CLIENT_KEY, CLIENT_SECRET), AuthScheme.MANAGEMENT)
    assert caller.name == "reports (abcdefgh)"
    assert caller.grant == Grant.from_scopes(["rooms:read"])
    assert caller.identity == ("client", "abcdefgh")
    assert ssm.calls == 1


def test_an_app_access_key_that_looks_like_a_client_key_is_a_configuration_error(ssm: Ssm) -> None:
    ssm.values |= {"access_key": CLIENT_KEY, "secret": CLIENT_SECRET}
    container = authenticator()
    token = sign_management_token(CLIENT_KEY, CLIENT_SECRET)
    assert container.authenticate(token, AuthScheme.MANAGEMENT).grant != FULL_ACCESS
    with pytest.raises(CredentialsUnavailableError) as failure:
        container.authenticate(sign_management_token("app", WRONG_SECRET), AuthScheme.MANAGEMENT)
    assert failure.value.reason == "access_key: must not begin with hk1."


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
        pytest.param(OTHER_MASTERS, AuthScheme.MANAGEMENT, id="another master's"),
        pytest.param(app_token("unknown", WRONG_SECRET), AuthScheme.APP, id="app token of an unknown key"),
        pytest.param(app_token(ACCESS_KEY, WRONG_SECRET), AuthScheme.APP, id="app token of the app"),
        pytest.param(CLIENTS_APP_TOKEN, AuthScheme.APP, id="app token of a client key"),
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
    assert verify.call_count == (0 if tried in REFUSED_UNVERIFIED else 1)
    assert ssm.calls == 1
