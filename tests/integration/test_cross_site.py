"""The local AWS, the simulator's control API and the console reject other sites and unsigned requests."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import boto3
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.parsers import ResponseParserError

from tests.integration.stack import ROOT, Stack
from tests.support.aws import Aws, running_aws
from tests.support.cross_site import START_RECORDING, create_stack, template

SSM = {"x-amz-target": "AmazonSSM.GetParameters", "content-type": "application/x-amz-json-1.1"}
SECRETS = json.dumps({"Names": ["/hms/secret"], "WithDecryption": True})
SCOPE = "Credential=local/20260101/us-east-1/ssm/aws4_request, SignedHeaders=host, Signature=00"
FETCH = ["sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-user", "sec-fetch-storage-access"]
SITES = ["cross-site", "same-site"]


@pytest.fixture
def proof(tmp_path: Path) -> Iterator[Path]:
    """A file that no request may create."""
    yield tmp_path / "proof"
    assert not (tmp_path / "proof").exists()
    assert not (ROOT / "moto_recording").exists()


@pytest.fixture(scope="module")
def tests_aws() -> Iterator[Aws]:
    with running_aws() as aws:
        yield aws


def signed(url: str, service: str, **headers: str) -> requests.Response:
    """Return the response to a GET with the signature of an AWS SDK."""
    request = AWSRequest("GET", url, headers=headers)
    SigV4Auth(Credentials("local", "local"), service, "us-east-1").add_auth(request)
    return requests.get(url, headers=dict(request.headers), timeout=10)


def client(stack: Stack, service: Literal["cloudformation", "s3"]) -> Any:
    once = Config(retries={"total_max_attempts": 1})
    return boto3.Session("local", "local", region_name="us-east-1").client(service, endpoint_url=stack.aws, config=once)


# AWS


def test_an_unsigned_request_runs_no_template(stack: Stack, tests_aws: Aws, proof: Path) -> None:
    for aws in (stack.aws, tests_aws.url):
        for method in ("GET", "POST", "HEAD", "PUT"):
            assert requests.request(method, f"{aws}{create_stack(proof)}", timeout=10).status_code == 403


def test_a_signed_request_runs_no_template(stack: Stack, proof: Path) -> None:
    cloudformation = client(stack, "cloudformation")
    operations: dict[str, dict[str, str]] = {
        "create_stack": {"StackName": "evil"},
        "create_change_set": {"StackName": "evil", "ChangeSetName": "evil"},
        "update_stack": {"StackName": "local"},
        "validate_template": {},
        "get_template_summary": {},
    }
    for operation, names in operations.items():
        with pytest.raises(ResponseParserError, match="the local AWS accepts"):
            getattr(cloudformation, operation)(TemplateBody=template(proof), **names)
    for service in ("cloudformation", "ssm", "s3", "moto_api", "x/cloudformation"):
        assert signed(f"{stack.aws}{create_stack(proof)}", service).status_code != 200


@pytest.mark.parametrize("service", ["lambda", "batch", "states", "ec2", "iam", "execute-api"])
def test_a_service_that_the_stack_does_not_use_is_refused(stack: Stack, service: str) -> None:
    assert signed(f"{stack.aws}/2015-03-31/functions/", service).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        START_RECORDING,
        "/moto-api/recorder/reset-recording",
        "/moto-api/recorder/replay-recording",
        "/moto-api/data.json",
        "/moto-api/",
        "/moto-api",
        "//moto-api/data.json",
        "/%6doto-api/data.json",
    ],
)
def test_motos_own_calls_are_refused_also_when_signed(stack: Stack, proof: Path, path: str) -> None:
    for answer in (
        requests.get(stack.aws + path, timeout=10),
        requests.post(stack.aws + path, timeout=10),
        signed(stack.aws + path, "ssm"),
        signed(stack.aws + path, "s3"),
    ):
        assert answer.status_code == 403
        assert stack.secret not in answer.text
    requests.post(stack.aws, data=SECRETS, headers={**SSM, "authorization": f"AWS4-HMAC-SHA256 {SCOPE}"}, timeout=10)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        f"AWS4-HMAC-SHA256{SCOPE}",
        f"aws4-hmac-sha256 {SCOPE}",
        f"AWS4-HMAC-SHA512 {SCOPE}",
        f"Bearer AWS4-HMAC-SHA256 {SCOPE}",
        "AWS4-HMAC-SHA256 Credential=local",
        "AWS local:signature",
        "Basic bG9jYWw6bG9jYWw=",
    ],
)
def test_a_request_without_a_signature_reads_no_secret(stack: Stack, authorization: str | None) -> None:
    headers = SSM if authorization is None else {**SSM, "authorization": authorization}
    answer = requests.post(stack.aws, data=SECRETS, headers=headers, timeout=10)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/plain")
    assert stack.secret not in answer.text


def test_a_signed_request_reads_the_secret_unless_a_browser_sends_it(stack: Stack) -> None:
    headers = {**SSM, "authorization": f"AWS4-HMAC-SHA256 {SCOPE}"}
    assert stack.secret in requests.post(stack.aws, data=SECRETS, headers=headers, timeout=10).text
    for name in FETCH:
        for value in ("none", "same-origin", "cross-site", ""):
            answer = requests.post(stack.aws, data=SECRETS, headers={**headers, name: value}, timeout=10)
            assert answer.status_code == 403
            assert stack.secret not in answer.text


def test_a_preflight_gets_no_leave_to_send_a_signature(stack: Stack) -> None:
    headers = {
        "origin": "https://attacker.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,x-amz-target",
    }
    for url in (stack.aws, f"{stack.simulator}/_simulator/reset", f"{stack.api}/_local/settings"):
        answer = requests.options(url, headers=headers, timeout=10)
        assert answer.status_code == 403
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_a_presigned_link_is_refused(stack: Stack) -> None:
    s3 = client(stack, "s3")
    s3.create_bucket(Bucket="links")
    s3.put_object(Bucket="links", Key="key", Body=b"content")
    link = s3.generate_presigned_url("get_object", {"Bucket": "links", "Key": "key"})
    assert requests.get(link, timeout=10).status_code == 403
    query = (
        "Action=ListQueues&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=local/20260101/us-east-1/sqs/aws4_request"
    )
    assert requests.get(f"{stack.aws}/?{query}", timeout=10).status_code == 403


# The simulator's control API


@pytest.mark.parametrize("site", SITES)
def test_a_page_of_another_site_controls_no_simulator(stack: Stack, site: str) -> None:
    control = f"{stack.simulator}/_simulator"
    room = f"{stack.api}/rooms"
    headers = {"authorization": f"Bearer {stack.token}"}
    requests.post(room, json={"name": "kept"}, headers=headers, timeout=10).raise_for_status()
    calls = [("POST", "reset"), ("POST", "clock"), ("POST", "faults"), ("DELETE", "requests"), ("GET", "requests")]
    for method, path in calls:
        answer = requests.request(
            method, f"{control}/{path}", data='{"advance_seconds": 60}', headers={"sec-fetch-site": site}, timeout=10
        )
        assert (answer.status_code, "kept" in answer.text) == (403, False)
    assert [room["name"] for room in requests.get(f"{control}/rooms", timeout=10).json()["rooms"]] == ["kept"]
    assert requests.get(f"{control}/requests", timeout=10).json()["requests"]


@pytest.mark.parametrize("site", [*SITES, "none", "same-origin"])
def test_the_calls_of_100ms_and_of_the_api_are_open_to_pages(stack: Stack, site: str) -> None:
    headers = {"authorization": f"Bearer {stack.token}", "sec-fetch-site": site, "origin": "https://app.example"}
    for url in (f"{stack.simulator}/v2/rooms", f"{stack.api}/rooms"):
        assert requests.get(url, headers=headers, timeout=10).status_code == 200


def test_what_a_person_types_into_the_address_bar_is_shown(stack: Stack) -> None:
    typed = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    for url in (f"{stack.simulator}/_simulator/requests", f"{stack.api}/_local/"):
        assert requests.get(url, headers=typed, timeout=10).status_code == 200


@pytest.mark.parametrize("host", ["attacker.example", "0.0.0.0", "[::]", "[::ffff:127.0.0.1]", "[::ffff:0:0]"])
def test_a_name_that_is_not_of_this_machine_opens_nothing(stack: Stack, host: str) -> None:
    for url in (f"{stack.simulator}/_simulator/requests", f"{stack.api}/_local/", stack.aws):
        for headers in ({"host": host}, {"host": f"{host}:3000"}):
            assert requests.get(url, headers=headers, timeout=10).status_code == 403


@pytest.mark.parametrize(
    "path", ["/_simulator/faults", "/_simulator/no-such-call", "/no-such-call", "/v2/no-such-call"]
)
@pytest.mark.parametrize("port", ["simulator", "aws", "api"])
def test_the_body_of_a_refused_request_is_never_read_as_a_request(stack: Stack, path: str, port: str) -> None:
    headers = {"authorization": f"Bearer {stack.token}"}
    requests.post(f"{stack.api}/rooms", json={"name": "kept"}, headers=headers, timeout=10).raise_for_status()
    host = urlsplit(getattr(stack, port)).netloc
    hidden = f"POST /_simulator/reset HTTP/1.1\r\nhost: {host}\r\ncontent-length: 0\r\n\r\n"
    framings = [
        f"content-length: {len(hidden)}\r\n\r\n{hidden}",
        f"transfer-encoding: chunked\r\n\r\n{len(hidden):x}\r\n{hidden}\r\n0\r\n\r\n",
    ]
    for framing in framings:
        request = f"POST {path} HTTP/1.1\r\nhost: {host}\r\nsec-fetch-site: cross-site\r\n{framing}"
        with socket.create_connection((urlsplit(stack.simulator).hostname, int(host.rpartition(":")[2])), 10) as peer:
            peer.sendall(request.encode())
            peer.settimeout(2)
            answers = b""
            with suppress(TimeoutError, ConnectionResetError):
                while received := peer.recv(65_536):
                    answers += received
        assert answers.count(b"HTTP/1.") == 1
    rooms = requests.get(f"{stack.simulator}/_simulator/rooms", timeout=10).json()["rooms"]
    assert [room["name"] for room in rooms] == ["kept"]


# The console


@pytest.mark.parametrize("origin", ["https://attacker.example", "null", "http://localhost:3000", "http://127.0.0.1"])
def test_the_console_accepts_calls_of_its_own_page_only(stack: Stack, origin: str) -> None:
    url = f"{stack.api}/_local/simulator/clock"
    for headers in ({"origin": origin}, {"origin": origin, "sec-fetch-site": "none"}):
        answer = requests.post(url, json={"advance_seconds": 1}, headers=headers, timeout=10)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
    own = {"origin": stack.api, "sec-fetch-site": "same-origin"}
    assert requests.post(url, json={"advance_seconds": 1}, headers=own, timeout=10).status_code == 200
