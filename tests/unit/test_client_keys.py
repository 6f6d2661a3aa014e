import json
from collections.abc import Iterator

import pytest
from mypy_boto3_ssm import SSMClient

from hms.errors import CredentialsUnavailableError
from hms.http.transport import Transport
from hms.settings import Settings
from hms_service.auth.client_keys import FRESH_SECONDS, RETRY_SECONDS, ClientKeys
from hms_service.auth.scopes import Grant
from tests.support.clock import Clock
from tests.support.servers import ScriptedServer, answer, serve
from tools import keys


def parameter(access_key: str, **record: object) -> dict[str, str]:
    return {"Name": f"/hms/clients/{access_key}", "Value": json.dumps(record)}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, aws: None) -> Iterator[ScriptedServer]:
    """An SSM that lists one key and counts the calls."""
    listing = {"Parameters": [parameter("known", secret="s", scopes=["rooms:read"])]}
    with serve(answer(200, json.dumps(listing).encode())) as peer:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", peer.url)
        yield peer


def client_keys() -> ClientKeys:
    return ClientKeys(Settings(), Transport())


def test_a_flood_of_unknown_keys_costs_one_listing_a_minute(counted: ScriptedServer, clock: Clock) -> None:
    found = client_keys()
    for number in range(1000):
        assert found.find(f"unknown-{number}") is None
    assert found.find("known") is not None
    assert len(counted.requests) == 1
    clock.shift(FRESH_SECONDS)
    found.find("unknown")
    assert len(counted.requests) == 2


def test_a_revoked_key_opens_nothing_after_a_minute(counted: ScriptedServer, clock: Clock) -> None:
    found = client_keys()
    assert found.find("known") is not None
    counted.script[:] = [answer(200, b'{"Parameters": []}')]
    clock.shift(FRESH_SECONDS)
    assert found.find("known") is None


def test_keys_fail_closed_a_minute_after_the_last_good_listing(counted: ScriptedServer, clock: Clock) -> None:
    good = counted.script[0]
    found = client_keys()
    found.find("known")
    counted.script[:] = [answer(400, b'{"__type":"AccessDeniedException"}')]
    clock.shift(FRESH_SECONDS - 1)
    assert found.find("known") is not None
    clock.shift(1)
    for _ in range(10):
        with pytest.raises(CredentialsUnavailableError):
            found.find("known")
    assert len(counted.requests) == 2
    counted.script[:] = [good]
    clock.shift(RETRY_SECONDS)
    assert found.find("known") is not None


@pytest.mark.parametrize(
    "value",
    [
        "not json",
        "[]",
        json.dumps({"scopes": ["*"]}),
        json.dumps({"secret": "s"}),
        json.dumps({"secret": "s", "scopes": []}),
        json.dumps({"secret": "s", "scopes": ["everything"]}),
        json.dumps({"secret": "s", "scopes": ["rooms:read"], "roles": ["guest"]}),
        json.dumps({"secret": "s", "scopes": ["*"], "rooms": ["r"]}),
        json.dumps({"secret": "", "scopes": ["*"]}),
        json.dumps({"secret": "s", "scopes": "*"}),
        json.dumps({"secret": "s\ud83d", "scopes": ["*"]}),
        '{"secret": "s", "scopes": ' + "[" * 4_000,
        '{"secret": "s", "scopes": ["*"], "x": ' + "9" * 4_301 + "}",
    ],
)
def test_a_parameter_that_makes_no_sense_opens_nothing_and_harms_no_other(counted: ScriptedServer, value: str) -> None:
    listing = {
        "Parameters": [{"Name": "/hms/clients/odd", "Value": value}, parameter("good", secret="s", scopes=["*"])]
    }
    counted.script[:] = [answer(200, json.dumps(listing).encode())]
    found = client_keys()
    assert found.find("odd") is None
    assert found.find("good") is not None


def test_a_listing_of_many_pages_is_read_to_the_end(ssm: SSMClient) -> None:
    pairs = [keys.create(ssm, "/hms", f"key {number}", ["rooms:read"], [], []) for number in range(12)]
    found = client_keys()
    for access_key, secret in pairs:
        key = found.find(access_key)
        assert key is not None
        assert key.secret == secret


def test_a_key_is_made_listed_and_revoked_by_command(ssm: SSMClient, capsys: pytest.CaptureFixture[str]) -> None:
    keys.main(["create", "--name", "front end", "--scopes", "tokens:write", "--roles", "guest,viewer", "--rooms", "r"])
    printed = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())
    access_key, secret = printed["HMS_ACCESS_KEY"], printed["HMS_SECRET"]
    key = client_keys().find(access_key)
    assert key is not None
    assert key.secret == secret
    assert key.grant == Grant.from_scopes(["tokens:write"], ["guest", "viewer"], ["r"])

    keys.main(["list"])
    listed = capsys.readouterr().out
    assert access_key in listed
    assert "front end  tokens:write  roles=guest,viewer  rooms=r" in listed
    assert secret not in listed

    keys.main(["revoke", access_key])
    assert client_keys().find(access_key) is None


@pytest.mark.parametrize(
    ("scopes", "roles"), [("everything", ""), ("", ""), ("rooms:delete", ""), ("tokens:write,rooms:read", "guest")]
)
def test_a_key_that_makes_no_sense_is_not_made(ssm: SSMClient, scopes: str, roles: str) -> None:
    with pytest.raises(SystemExit) as ended:
        keys.main(["create", "--name", "x", "--scopes", scopes, "--roles", roles])
    assert ended.value.code != 0
    assert not ssm.get_parameters_by_path(Path="/hms/clients")["Parameters"]


def test_the_secret_shows_in_no_repr(counted: ScriptedServer) -> None:
    assert "secret" not in repr(client_keys().find("known"))
