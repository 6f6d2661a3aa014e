import json
from collections.abc import Iterator

import pytest
from mypy_boto3_ssm import SSMClient

from hms.credentials import FRESH_SECONDS, RETRY_SECONDS, STALE_SECONDS, Credentials, KeyPair
from hms.errors import CredentialsUnavailableError
from hms.http.transport import Transport
from hms.settings import Settings
from tests.support.clock import Clock
from tests.support.servers import ScriptedServer, answer, hang_up, serve
from tests.unit.conftest import ACCESS_KEY, SECRET


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, aws: None) -> Iterator[ScriptedServer]:
    """An SSM that returns the key pair and counts the calls."""
    parameters = [{"Name": "/hms/access_key", "Value": ACCESS_KEY}, {"Name": "/hms/secret", "Value": SECRET}]
    with serve(answer(200, json.dumps({"Parameters": parameters}).encode())) as peer:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", peer.url)
        yield peer


def credentials() -> Credentials:
    return Credentials(Settings(), Transport())


def test_both_parameters_come_in_one_signed_call(counted: ScriptedServer) -> None:
    assert credentials().get_key_pair() == KeyPair(ACCESS_KEY, SECRET)
    assert len(counted.requests) == 1
    request = counted.requests[0]
    assert json.loads(request.body) == {"Names": ["/hms/access_key", "/hms/secret"], "WithDecryption": True}
    assert request.headers["x-amz-target"] == "AmazonSSM.GetParameters"
    assert request.headers["authorization"].startswith("AWS4-HMAC-SHA256 ")


def test_a_secure_string_is_decrypted(ssm: SSMClient) -> None:
    assert credentials().get_key_pair().secret == SECRET


def test_a_read_serves_for_five_minutes(counted: ScriptedServer, clock: Clock) -> None:
    source = credentials()
    source.get_key_pair()
    clock.shift(FRESH_SECONDS - 1)
    source.get_key_pair()
    assert len(counted.requests) == 1
    clock.shift(2)
    source.get_key_pair()
    assert len(counted.requests) == 2


def test_an_old_read_serves_while_ssm_fails(counted: ScriptedServer, clock: Clock) -> None:
    source = credentials()
    pair = source.get_key_pair()
    counted.script[:] = [answer(400, b'{"__type":"AccessDeniedException"}')]
    clock.shift(STALE_SECONDS - 1)
    assert source.get_key_pair() == pair
    clock.shift(2)
    with pytest.raises(CredentialsUnavailableError):
        source.get_key_pair()


def test_throttling_and_failures_are_tried_again(counted: ScriptedServer) -> None:
    good = counted.script[0]
    counted.script[:] = [answer(400, b'{"__type":"ThrottlingException"}'), hang_up, good]
    assert credentials().get_key_pair().access_key == ACCESS_KEY
    assert len(counted.requests) == 3


def test_a_refusal_is_final_and_named_to_the_operator(counted: ScriptedServer) -> None:
    counted.script[:] = [answer(400, b'{"__type":"AccessDeniedException","message":"not authorized"}')]
    with pytest.raises(CredentialsUnavailableError) as failure:
        credentials().get_key_pair()
    assert failure.value.reason == "SSM: 400 AccessDeniedException"
    assert len(counted.requests) == 1


def test_ssm_out_of_reach_is_unavailable_credentials(monkeypatch: pytest.MonkeyPatch, aws: None) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:1")
    with pytest.raises(CredentialsUnavailableError, match="unavailable") as failure:
        credentials().get_key_pair()
    assert "ConnectionRefusedError" in failure.value.reason
    assert failure.value.headers == {"retry-after": "5"}


def test_a_flood_while_ssm_fails_is_no_flood_of_ssm(counted: ScriptedServer, clock: Clock) -> None:
    good = counted.script[0]
    source = credentials()
    pair = source.get_key_pair()
    counted.script[:] = [answer(400, b'{"__type":"AccessDeniedException"}')]
    for _ in range(100):
        assert source.get_key_pair(max_age=0) == pair
    assert len(counted.requests) == 2
    counted.script[:] = [good]
    clock.shift(RETRY_SECONDS)
    source.get_key_pair(max_age=0)
    assert len(counted.requests) == 3


def test_a_failure_that_stands_still_says_why(counted: ScriptedServer, clock: Clock) -> None:
    counted.script[:] = [answer(400, b'{"__type":"AccessDeniedException"}')]
    source = credentials()
    for _ in range(2):
        with pytest.raises(CredentialsUnavailableError) as failure:
            source.get_key_pair()
        assert failure.value.reason == "SSM: 400 AccessDeniedException"
    assert len(counted.requests) == 1


def test_the_secret_shows_in_no_repr() -> None:
    assert SECRET not in repr(KeyPair(ACCESS_KEY, SECRET))


@pytest.mark.parametrize("blank", ["", " ", "\n", "\t \r\n"])
@pytest.mark.parametrize("name", ["/hms/access_key", "/hms/secret"])
def test_a_blank_parameter_is_a_missing_one(counted: ScriptedServer, name: str, blank: str) -> None:
    values = {"/hms/access_key": ACCESS_KEY, "/hms/secret": SECRET, name: blank}
    parameters = [{"Name": item, "Value": value} for item, value in values.items()]
    counted.script[:] = [answer(200, json.dumps({"Parameters": parameters}).encode())]
    with pytest.raises(CredentialsUnavailableError) as failure:
        credentials().get_key_pair()
    assert failure.value.reason == f"missing SSM parameter: {name}"


@pytest.mark.parametrize("around", ["{}\n", " {} ", "\t{}\r\n", "\n\n{}"])
def test_white_space_around_the_key_pair_is_dropped(ssm: SSMClient, around: str) -> None:
    for name, value in {"access_key": ACCESS_KEY, "secret": SECRET}.items():
        ssm.put_parameter(Name=f"/hms/{name}", Value=around.format(value), Type="SecureString", Overwrite=True)
    assert credentials().get_key_pair() == KeyPair(ACCESS_KEY, SECRET)
