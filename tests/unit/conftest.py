import os
from collections.abc import Iterator

import boto3
import pytest
from mypy_boto3_ssm import SSMClient

from hms.client import HmsClient
from hms.http import deadline
from hms.http.backoff import RetryPolicy
from hms.settings import Settings
from tests.support.servers import ScriptedServer, answer, serve

ACCESS_KEY = "unit-access-key"
SECRET = "unit-secret-for-these-tests-only"


@pytest.fixture(scope="session")
def aws() -> Iterator[None]:
    """AWS on loopback, and environment variables as in Lambda."""
    from local.aws import running_aws  # loads moto, which most unit tests do not need

    with running_aws(0) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", url)
        patch.setenv("AWS_REGION", "us-east-1")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        yield


@pytest.fixture
def ssm(aws: None) -> Iterator[SSMClient]:
    """SSM with the app key pair under /hms. It is emptied after the test."""
    client = boto3.client("ssm")
    client.put_parameter(Name="/hms/access_key", Value=ACCESS_KEY, Type="SecureString")
    client.put_parameter(Name="/hms/secret", Value=SECRET, Type="SecureString")
    yield client
    names = [parameter["Name"] for parameter in client.describe_parameters()["Parameters"]]
    if names:
        client.delete_parameters(Names=names)


@pytest.fixture
def upstream() -> Iterator[ScriptedServer]:
    """100ms, which responds with 200 unless the test changes its script."""
    with serve(answer()) as peer:
        yield peer


def client_of(upstream: ScriptedServer) -> HmsClient:
    return HmsClient(Settings(api_url=f"{upstream.url}/v2", auth_url=f"{upstream.url}/auth"))


@pytest.fixture
def client(upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> HmsClient:
    """A client that has its key pair without SSM."""
    monkeypatch.setattr(
        "hms.ssm.read_parameters", lambda transport, names, **_: {names[0]: ACCESS_KEY, names[1]: SECRET}
    )
    return client_of(upstream)


@pytest.fixture(autouse=True)
def a_minute_left() -> None:
    """Set the invocation deadline to one minute from now."""
    deadline.start(60_000)


@pytest.fixture
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry at once, unless the peer asks for a pause."""
    monkeypatch.setattr(RetryPolicy, "random_delay", lambda policy, attempts: 0.0)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
