"""The local stack's runtime for functions, and its protection against failing functions."""

import base64
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import boto3
import pytest
import requests

from local.settings import Settings, StartupError
from local.stack import StackUrls, running_stack
from tests.integration.stack import free_ports

TEMPLATE = Path(__file__).parent / "small_stack" / "template.yaml"
REGION = "eu-central-1"
UPSTREAM = "http://127.0.0.1:9/v2"


def settings(region: str, **variables: str) -> Settings:
    """Return settings with free ports and a region per stack, because moto keeps one state per process and region."""
    port, aws_port = map(str, free_ports(2))
    defaults = {"PORT": port, "AWS_PORT": aws_port, "UPSTREAM": UPSTREAM, "AWS_REGION": region}
    return Settings.from_environment({**defaults, **variables})


@pytest.fixture(scope="module")
def small() -> Iterator[StackUrls]:
    with running_stack(settings(REGION), TEMPLATE) as addresses:
        yield addresses


@pytest.fixture
def api(small: StackUrls) -> str:
    return small.api


def echo(api: str, path: str = "x", method: str = "GET", **options: Any) -> dict[str, Any]:
    response = requests.request(method, f"{api}/echo/{path}", timeout=30, **options)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


def fragile(api: str, what: str) -> requests.Response:
    return requests.get(f"{api}/fragile/{what}", timeout=30)


def assert_failed(response: requests.Response) -> None:
    assert (response.status_code, response.json()) == (500, {"message": "Internal Server Error"})


def test_a_function_has_the_templates_and_the_stacks_variables(small: StackUrls) -> None:
    found = echo(small.api)["environment"]
    expected = {
        "NAME": "/small/name",
        "HMS_API_URL": UPSTREAM,
        "AWS_ENDPOINT_URL": small.aws,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_LAMBDA_FUNCTION_NAME": "EchoFunction",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "LAMBDA_TASK_ROOT": str(TEMPLATE.parent / "echo"),
    }
    assert expected.items() <= found.items()
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= found.keys()


def test_a_function_finds_nothing_of_the_developer_s_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVELOPERS_OWN", "private")
    with running_stack(settings("eu-west-1"), TEMPLATE) as stack:
        assert "DEVELOPERS_OWN" not in echo(stack.api)["environment"]


def test_another_upstream_has_the_default_token_service_unless_it_is_set() -> None:
    with running_stack(settings("eu-west-2"), TEMPLATE) as stack:
        assert "HMS_AUTH_URL" not in echo(stack.api)["environment"]
    with running_stack(settings("eu-west-3", HMS_AUTH_URL="http://127.0.0.1:9/auth"), TEMPLATE) as stack:
        assert echo(stack.api)["environment"]["HMS_AUTH_URL"] == "http://127.0.0.1:9/auth"


def test_the_parameters_have_the_templates_prefix_in_the_given_region(small: StackUrls) -> None:
    ssm = boto3.client("ssm", REGION, endpoint_url=small.aws, aws_access_key_id="test", aws_secret_access_key="test")
    found = ssm.get_parameters_by_path(Path="/small")["Parameters"]
    names = {parameter["Name"].removeprefix("/small/") for parameter in found}
    assert names == {"access_key", "secret", "webhook_secret", "client_key_master", "revoked_client_keys_1"}


def test_a_function_gets_lambda_s_context(api: str) -> None:
    answer = echo(api)
    context = answer["context"]
    assert context["function_name"] == "EchoFunction"
    assert context["memory_limit_in_mb"] == "256"
    assert context["invoked_function_arn"] == f"arn:aws:lambda:{REGION}:123456789012:function:EchoFunction"
    assert context["aws_request_id"] != echo(api)["context"]["aws_request_id"]
    before, after = answer["remaining"]
    assert 1000 >= before > after > 0


def test_an_event_is_as_aws_sends_it(api: str) -> None:
    event = echo(api, "a%2Fb?n=1&n=2", "POST", json={"a": 1}, headers={"X-Some-Header": "Value"})["event"]
    assert event["version"] == "2.0"
    assert event["routeKey"] == "ANY /echo/{proxy+}"
    assert (event["rawPath"], event["rawQueryString"]) == ("/echo/a/b", "n=1&n=2")
    assert (event["body"], event["isBase64Encoded"]) == ('{"a": 1}', False)
    assert event["headers"]["x-some-header"] == "Value"
    assert event["requestContext"]["stage"] == "$default"
    assert event["requestContext"]["http"]["method"] == "POST"
    assert event["requestContext"]["requestId"] != echo(api)["event"]["requestContext"]["requestId"]


@pytest.mark.parametrize(
    ("body", "content_type"), [(b"\xff\xfe", "application/json"), (b"a=1", "application/x-www-form-urlencoded")]
)
def test_a_body_that_is_not_text_arrives_in_base64(api: str, body: bytes, content_type: str) -> None:
    event = echo(api, method="POST", data=body, headers={"content-type": content_type})["event"]
    assert event["isBase64Encoded"]
    assert base64.b64decode(event["body"]) == body


@pytest.mark.parametrize("path", ["/double", "a//b", "line%0Abreak", "..%2Fup"])
def test_an_odd_path_arrives_as_it_was_sent(api: str, path: str) -> None:
    assert echo(api, path)["event"]["rawPath"] == "/echo/" + unquote(path)


def test_without_cors_a_preflight_goes_to_the_function(api: str) -> None:
    assert echo(api, method="OPTIONS", headers={"origin": "https://example.com"})["event"]["rawPath"] == "/echo/x"


def test_a_raised_error_is_a_500_and_the_worker_stays(api: str) -> None:
    before = fragile(api, "ok").text
    assert_failed(fragile(api, "raise"))
    assert fragile(api, "ok").text == before


@pytest.mark.parametrize("ending", ["exit", "abort", "hang"])
def test_a_worker_that_dies_or_takes_too_long_is_a_500_and_is_replaced(api: str, ending: str) -> None:
    before = fragile(api, "ok")
    assert_failed(fragile(api, ending))
    after = fragile(api, "ok")
    assert (before.status_code, after.status_code) == (200, 200)
    assert after.text != before.text


def test_a_worker_killed_between_two_calls_is_replaced(api: str) -> None:
    before = fragile(api, "ok").text
    os.kill(int(before), signal.SIGKILL)
    while not is_dead(int(before)):
        time.sleep(0.01)
    after = fragile(api, "ok")
    assert after.status_code == 200
    assert after.text != before


def is_dead(process_id: int) -> bool:
    """Return True once the process has ended. The system needs a moment after a kill."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_result_that_is_not_json_is_a_500(api: str) -> None:
    assert_failed(fragile(api, "unserializable"))


def test_a_function_that_cannot_be_imported_is_a_500_until_it_is_fixed(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE.read_text())
    (tmp_path / "layer").mkdir()
    function = tmp_path / "echo" / "app.py"
    function.parent.mkdir()
    function.write_text("import no_such_module\n")
    with running_stack(settings("us-west-1"), tmp_path / "template.yaml") as stack:
        url = f"{stack.api}/echo/x"
        assert_failed(requests.get(url, timeout=30))
        function.write_text("def handler(event, context):\n    return 'mended'\n")
        assert requests.get(url, timeout=30).text == "mended"


def test_logs_go_to_standard_error(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    with running_stack(settings("us-west-2"), TEMPLATE) as stack:
        assert fragile(stack.api, "ok").text.isdigit()
        assert_failed(fragile(stack.api, "raise"))
        assert_failed(fragile(stack.api, "hang"))
    output, errors = capfd.readouterr()
    assert output == ""
    assert errors.startswith("imported\ncalled\n")
    assert "ValueError: as asked" in errors
    assert "Task timed out after 1.00 seconds" in caplog.text
    assert "fragile/ok" not in errors + caplog.text


def test_concurrent_calls_of_two_functions_each_get_their_own_answer(api: str) -> None:
    def call(number: int) -> bool:
        if number % 2:
            return fragile(api, "ok").text.isdigit()
        answer = echo(api, str(number))
        return answer["event"]["rawPath"] == f"/echo/{number}" and answer["undisturbed"] is True

    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(call, range(40)))


def test_the_same_port_twice_is_refused() -> None:
    (port,) = free_ports(1)
    with (
        pytest.raises(StartupError, match=f"^port {port} is in use; set AWS_PORT"),
        running_stack(settings(REGION, PORT=str(port), AWS_PORT=str(port)), TEMPLATE),
    ):
        pass
