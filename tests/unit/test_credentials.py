import json
from collections.abc import Iterator

import pytest
from mypy_boto3_ssm import SSMClient

from hms.credentials import Credentials, KeyPair
from hms.errors import CredentialsUnavailableError
from hms.http import deadline
from hms.http.transport import Transport
from hms.parameters import Parameters
from tests.support.servers import ScriptedServer, answer, serve
from tests.unit.conftest import ACCESS_KEY, SECRET


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, aws: None) -> Iterator[ScriptedServer]:
    """An SSM that returns the key pair and counts the calls."""
    parameters = [{"Name": "/hms/access_key", "Value": ACCESS_KEY}, {"Name": "/hms/secret", "Value": SECRET}]
    with serve(answer(200, json.dumps({"Parameters": parameters}).encode())) as peer:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", peer.url)
        yield peer


def credentials() -> Credentials:
    return Credentials(Parameters(Transport(), "/hms"))


def test_both_parameters_come_in_one_call(counted: ScriptedServer) -> None:
    assert credentials().get_key_pair() == KeyPair(ACCESS_KEY, SECRET)
    assert json.loads(counted.requests[0].body) == {
        "Names": ["/hms/access_key", "/hms/secret"],
        "WithDecryption": True,
    }
    assert len(counted.requests) == 1


def test_a_secure_string_is_decrypted(ssm: SSMClient) -> None:
    assert credentials().get_key_pair().secret == SECRET


def test_ssm_out_of_reach_is_unavailable_credentials(monkeypatch: pytest.MonkeyPatch, aws: None) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:1")
    deadline.start(6_000)
    with pytest.raises(CredentialsUnavailableError, match="unavailable") as failure:
        credentials().get_key_pair()
    assert "ConnectionRefusedError" in failure.value.reason
    assert failure.value.headers == {"retry-after": "5"}


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
