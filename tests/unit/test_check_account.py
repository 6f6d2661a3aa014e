"""`make check-account` finds what CloudFormation would refuse, and says what to do."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.http_api import ROOT
from tests.support.stubbed_session import StubbedSession
from tools import check_account as module
from tools.aws import HIGH_THROUGHPUT
from tools.check_account import (
    Deployment,
    Finding,
    State,
    check_account,
    check_concurrency,
    check_parameters,
    check_resource_policies,
    check_throughput,
    main,
)

NAMES = [f"/hms/dev/{name}" for name in ("access_key", "secret", "client_key_master", "webhook_secret")]
POLICY = {"policyDocument": "{}"}


@pytest.fixture
def session() -> Iterator[StubbedSession]:
    stubbed = StubbedSession()
    yield stubbed
    stubbed.assert_no_pending_responses()


def deployment(folder: Path, *overrides: str) -> Deployment:
    shutil.copy(ROOT / "template.yaml", folder)
    words = ", ".join(f'"{word}"' for word in ("ParameterPrefix=/hms/dev", *overrides))
    config = f'version = 0.1\n[dev.global.parameters]\nstack_name = "hms-dev"\nparameter_overrides = [{words}]\n'
    (folder / "samconfig.toml").write_text(config)
    return Deployment("dev", folder)


def limit(session: StubbedSession, total: int, unreserved: int) -> None:
    limits = {"ConcurrentExecutions": total, "UnreservedConcurrentExecutions": unreserved}
    session.answer("lambda", "get_account_settings", {"AccountLimit": limits})


def stack(session: StubbedSession, reserved: dict[str, int]) -> None:
    summaries = [
        {
            "LogicalResourceId": name,
            "PhysicalResourceId": name,
            "ResourceType": "AWS::Lambda::Function",
            "LastUpdatedTimestamp": "2026-03-04T09:00:00Z",
            "ResourceStatus": "CREATE_COMPLETE",
        }
        for name in reserved
    ]
    session.answer("cloudformation", "list_stack_resources", {"StackResourceSummaries": summaries}, StackName="hms-dev")
    for name, value in reserved.items():
        session.answer("lambda", "get_function_concurrency", {"ReservedConcurrentExecutions": value}, FunctionName=name)


def policies(session: StubbedSession, *names: str) -> None:
    found = [{"policyName": name, **POLICY} for name in names]
    session.answer("logs", "describe_resource_policies", {"resourcePolicies": found})


@pytest.mark.parametrize(
    ("overrides", "reserved"),
    [
        ([], 0),
        (["ReservedConcurrency=10"], 170),
        (["ReservedConcurrency=10", "OidcIssuer=https://login.example.com"], 180),
        (["ReservedConcurrency=10", "WebhooksReservedConcurrency=25"], 185),
        (["WebhooksReservedConcurrency=25"], 25),
        (["TokensProvisionedConcurrency=200"], 200),
    ],
)
def test_the_reserve_is_that_of_17_functions_or_18(overrides: list[str], reserved: int, tmp_path: Path) -> None:
    assert deployment(tmp_path, *overrides).reserved_concurrency == reserved


def test_a_new_account_gets_the_command_for_the_usual_quota(session: StubbedSession, tmp_path: Path) -> None:
    limit(session, 10, 10)
    state, text = check_concurrency(session, deployment(tmp_path))  # type: ignore[arg-type]
    assert state == State.TO_DO
    assert text.startswith("10 requests at once; further callers get 503.")
    assert text.endswith("--quota-code L-B99A9384 --desired-value 1000")


def test_a_reserve_that_lambda_refuses_is_explained(session: StubbedSession, tmp_path: Path) -> None:
    limit(session, 250, 250)
    session.refuse("cloudformation", "list_stack_resources", "ValidationError")
    state, text = check_concurrency(session, deployment(tmp_path, "ReservedConcurrency=10"))  # type: ignore[arg-type]
    assert state == State.REFUSED
    assert text.startswith(
        "the stage reserves 170, but 250 are unreserved and 100 must remain. Lower ReservedConcurrency"
    )
    assert text.endswith("--desired-value 270")


def test_the_reserve_of_the_deployed_stack_counts_as_free(session: StubbedSession, tmp_path: Path) -> None:
    limit(session, 1000, 110)
    stack(session, dict.fromkeys(["rooms", "tokens"], 80))
    state, _ = check_concurrency(session, deployment(tmp_path, "ReservedConcurrency=10"))  # type: ignore[arg-type]
    assert state == State.OK


def test_the_usual_account_is_ok(session: StubbedSession, tmp_path: Path) -> None:
    limit(session, 1000, 900)
    found = check_concurrency(session, deployment(tmp_path, "ReservedConcurrency=10"))  # type: ignore[arg-type]
    assert found == Finding(State.OK, "1000, of which 900 are unreserved")


@pytest.mark.parametrize(
    ("missing", "state", "text"),
    [
        ([], State.OK, "those below /hms/dev exist"),
        (NAMES, State.TO_DO, "Run make credentials STAGE=dev"),
        (NAMES[1:2], State.TO_DO, "/hms/dev/secret missing. Run make credentials STAGE=dev"),
        (NAMES[3:], State.TO_DO, "webhooks get 401. Run make credentials STAGE=dev WEBHOOK_SECRET=…"),
    ],
)
def test_missing_parameters_are_named(
    session: StubbedSession, tmp_path: Path, missing: list[str], state: State, text: str
) -> None:
    session.answer("ssm", "get_parameters", {"InvalidParameters": missing} if missing else {}, Names=NAMES)
    found = check_parameters(session, deployment(tmp_path))  # type: ignore[arg-type]
    assert found.state == state
    assert text in found.text


@pytest.mark.parametrize(("value", "text"), [("true", "is on"), ("false", "is off: 40 reads a second")])
def test_the_throughput_of_ssm_is_shown(session: StubbedSession, tmp_path: Path, value: str, text: str) -> None:
    setting: dict[str, Any] = {"ServiceSetting": {"SettingValue": value}}
    session.answer("ssm", "get_service_setting", setting, SettingId=HIGH_THROUGHPUT)
    assert text in check_throughput(session, deployment(tmp_path)).text  # type: ignore[arg-type]


def test_a_full_set_of_resource_policies_is_refused(
    session: StubbedSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Deployment, "resource_policies", 1)
    others = [f"other-{number}" for number in range(9)]
    target = deployment(tmp_path)
    for names, state in (
        ([*others, "another"], State.REFUSED),
        ([*others, "hms-dev-event-logs"], State.OK),
        (others, State.OK),
    ):
        policies(session, *names)
        assert check_resource_policies(session, target).state == state  # type: ignore[arg-type]


def test_a_call_that_is_denied_makes_one_result_unknown(session: StubbedSession, tmp_path: Path) -> None:
    session.refuse("lambda", "get_account_settings", "AccessDeniedException")
    session.answer("ssm", "get_parameters", {"Parameters": []}, Names=NAMES)
    session.refuse("ssm", "get_service_setting", "AccessDeniedException")
    policies(session)
    found = dict(check_account(session, deployment(tmp_path)))  # type: ignore[arg-type]
    assert [finding.state for finding in found.values()] == [State.UNKNOWN, State.OK, State.UNKNOWN, State.OK]
    assert "AccessDeniedException" in found["SSM throughput"].text


@pytest.mark.parametrize(("unreserved", "status"), [(900, 0), (50, 1)])
def test_the_command_fails_only_if_the_deployment_would(
    session: StubbedSession,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    unreserved: int,
    status: int,
) -> None:
    target = deployment(tmp_path, "TokensProvisionedConcurrency=10")
    monkeypatch.setattr("sys.argv", ["check_account", "dev"])
    monkeypatch.setattr(module, "open_session", lambda: session)
    monkeypatch.setattr(module, "Deployment", lambda _: target)
    limit(session, 1000, unreserved)
    if status:
        stack(session, {})
    session.answer("ssm", "get_parameters", {"Parameters": [], "InvalidParameters": NAMES}, Names=NAMES)
    session.refuse("ssm", "get_service_setting", "AccessDeniedException")
    policies(session)
    with pytest.raises(SystemExit) as ended:
        main()
    assert int(ended.value.code or 0) == status
    lines = capsys.readouterr().out.splitlines()
    assert [line[:18].strip() for line in lines] == [
        "Lambda concurrency",
        "SSM parameters",
        "SSM throughput",
        "log policies",
    ]
