"""`make smoke QUESTIONS=1` asks a deployment how AWS behaves, and says what to change if it behaves otherwise."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.integration.stack import Stack
from tests.integration.test_smoke import environment, smoke
from tests.support.servers import Received, Step, answer, serve
from tests.support.stubbed_session import StubbedSession
from tools.smoke.questions import Deployment, answer_questions

__all__ = ["environment"]
BY_PATH = {"/rooms/": 404, "/rooms/a%2Fb": 400, "/rooms/a%3Fb": 200, "/rooms/a%252Fb": 404, "/": 494}


@pytest.fixture
def session() -> Iterator[StubbedSession]:
    stubbed = StubbedSession()
    yield stubbed
    stubbed.assert_no_pending_responses()


def answers(run: subprocess.CompletedProcess[str]) -> list[str]:
    return run.stdout.partition("Questions that only a deployment can answer:\n")[2].splitlines()


@pytest.mark.timeout(240)
def test_the_local_stack_answers_as_the_project_expects(stack: Stack, environment: pytest.MonkeyPatch) -> None:
    run = smoke(stack.api, "LOCAL=1", "QUESTIONS=1")
    assert [line.split()[0] for line in answers(run)[:7]] == ["ok"] * 5 + ["unknown"] * 2, run.stdout


def otherwise(request: Received) -> Step:
    return answer(BY_PATH.get(request.target, 200), b"{}")


def ask(api: str, session: StubbedSession, stack: str = "hms") -> list[str]:
    return list(answer_questions(Deployment(api, "token", lambda: session, stack)))  # type: ignore[arg-type, return-value]


def alarm(**members: str) -> dict[str, Any]:
    metrics = [{"Id": "all", "Expression": "SUM(METRICS())"}]
    now = datetime.now(UTC)
    return {"AlarmName": "hms-a", "Metrics": metrics, "StateUpdatedTimestamp": now, **members}


def prepare(session: StubbedSession, alarms: list[dict[str, Any]], streams: list[Any], metrics: list[Any]) -> None:
    wanted: dict[str, Any] = {"AlarmNamePrefix": "hms-", "AlarmTypes": ["MetricAlarm"]}
    session.answer("cloudwatch", "describe_alarms", {"MetricAlarms": alarms}, **wanted)
    session.answer("logs", "describe_log_streams", {"logStreams": streams}, logGroupName="/aws/events/hms", limit=1)
    if not streams:
        bus = [{"Name": "EventBusName", "Value": "hms"}]
        session.answer(
            "cloudwatch",
            "list_metrics",
            {"Metrics": metrics},
            Namespace="AWS/Events",
            MetricName="FailedInvocations",
            Dimensions=bus,
        )


def test_another_answer_says_what_to_change(session: StubbedSession) -> None:
    prepare(session, [alarm(EvaluationState="EVALUATION_FAILURE")], [], [{"MetricName": "FailedInvocations"}])
    with serve(respond=otherwise) as api:
        lines = ask(api.url, session)
    assert [line.split()[0] for line in lines] == ["differs"] * 7, lines
    assert lines[0].endswith(
        "no, expected: yes. To do: add a route with a slash at its end for each section in template.yaml"
    )
    assert "it stays %2F, expected: a slash" in lines[1]
    assert "the end of the path" in lines[2]
    assert "twice, expected: once" in lines[3]
    assert "status 494, expected: 431" in lines[4]


def test_a_deployed_stack_answers_by_read_only_calls(session: StubbedSession) -> None:
    prepare(session, [alarm()], [{"logStreamName": "a"}], [])
    with serve(respond=otherwise) as api:
        lines = ask(api.url, session)
    assert [line.split()[0] for line in lines[5:]] == ["ok", "ok"]


def test_what_is_not_known_is_no_answer(session: StubbedSession) -> None:
    prepare(session, [], [], [])
    lines = ask("http://127.0.0.1:9", session)
    assert {line.split()[0] for line in lines} == {"unknown"}
    assert lines[0].endswith("not asked: ConnectionError")
    assert lines[-1].endswith("not known yet; send a test webhook, and ask again")


def test_a_denied_call_is_no_answer(session: StubbedSession) -> None:
    session.refuse("cloudwatch", "describe_alarms", "AccessDenied")
    session.refuse("logs", "describe_log_streams", "AccessDeniedException")
    lines = ask("http://127.0.0.1:9", session)
    assert lines[-1].endswith("not asked: AccessDeniedException")
