"""The region and the endpoint of the SSM calls."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from botocore.session import Session

from hms.errors import CredentialsUnavailableError
from hms.http.transport import RawResponse
from hms.ssm import read_parameters


class Recorder:
    """A transport that keeps the requests and returns no parameters."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.headers: list[dict[str, str]] = []

    def exchange(self, method: str, url: str, headers: dict[str, str], body: bytes, **_: Any) -> RawResponse:
        self.urls.append(url)
        self.headers.append(headers)
        return RawResponse(200, {}, json.dumps({"Parameters": []}).encode())


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials without a region, and no profile."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))


def endpoint() -> str:
    """The URL of a call. The signature is for the same region."""
    transport = Recorder()
    read_parameters(transport, ["/hms/secret"], is_patient=True, reserved_seconds=5)  # type: ignore[arg-type]
    region = transport.urls[0].split(".")[1]
    assert f"/{region}/ssm/aws4_request" in transport.headers[0]["Authorization"]
    return transport.urls[0]


def regions() -> list[str]:
    session = Session()
    partitions = session.get_available_partitions()
    return [region for partition in partitions for region in session.get_available_regions("ssm", partition)]


@pytest.mark.parametrize("region", regions())
def test_the_endpoint_is_that_of_the_aws_sdk(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    assert endpoint() == f"{Session().create_client('ssm', region_name=region).meta.endpoint_url}/"


def test_regions_of_all_partitions_are_compared() -> None:
    assert {"us-east-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1"} <= set(regions())


def test_a_region_of_the_european_partition_has_its_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eusc-de-east-1")
    assert endpoint() == "https://ssm.eusc-de-east-1.amazonaws.eu/"


def test_a_region_of_no_known_partition_has_the_common_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-moon-base-1")
    assert endpoint() == "https://ssm.us-moon-base-1.amazonaws.com/"


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({"AWS_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-2"),
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-1"),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, "eu-west-3"),
        ({}, "eu-west-3"),
        ({"AWS_PROFILE": "other"}, "eu-north-1"),
        ({"AWS_PROFILE": "other", "AWS_REGION": "eu-west-1"}, "eu-west-1"),
    ],
)
def test_the_region_is_that_of_the_variables_or_of_the_profile(
    variables: dict[str, str], region: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("[default]\nregion = eu-west-3\n[profile other]\nregion = eu-north-1\n")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert endpoint() == f"https://ssm.{region}.amazonaws.com/"


@pytest.mark.parametrize("variables", [{}, {"AWS_PROFILE": "missing"}])
def test_no_region_is_an_error(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CredentialsUnavailableError) as failure:
        endpoint()
    assert failure.value.reason == "AWS_REGION is not set, and the AWS profile has no region"
