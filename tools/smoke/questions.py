"""Questions about AWS that only a deployment can answer, each with the answer that this project is built on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    import boto3

TIMEOUT_SECONDS = 35
LONG_HEADER = {"x-long": "a" * 10_300}
"""Longer than API Gateway allows (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html)."""
PATHS_PAGE = "docs/decisions/paths-are-decoded-once.md"


class Deployment:
    """A deployment, which answers read-only calls.

    Args:
        api: base URL of the API.
        token: management token.
        session: returns the AWS session of the deployment's account.
        stack: name of the stack; "" for the local stack.
    """

    def __init__(self, api: str, token: str, session: "Callable[[], boto3.Session]", stack: str) -> None:
        self._api = api.rstrip("/")
        self._headers = {"authorization": f"Bearer {token}"}
        self.session = session
        self.stack = stack

    def status(self, path: str, headers: dict[str, str] | None = None) -> int:
        """Return the status of the response to a GET request."""
        response = requests.get(
            f"{self._api}{path}",
            headers=self._headers | (headers or {}),
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        return response.status_code


@dataclass(frozen=True, slots=True)
class Question:
    """A question.

    Attributes:
        text: the question.
        expected: the answer that this project is built on.
        change: what to change after another answer.
        ask: returns the answer; None if the deployment does not know it yet.
        needs_stack: whether the local stack cannot answer.
    """

    text: str
    expected: str
    change: str
    ask: Callable[[Deployment], str | None]
    needs_stack: bool = False


def _meaning(path: str, meanings: dict[int, str], headers: dict[str, str] | None = None) -> Callable[[Deployment], str]:
    """Return a function that translates the status of a GET request into an answer."""

    def ask(deployment: Deployment) -> str:
        status = deployment.status(path, headers)
        return meanings.get(status, f"status {status}")

    return ask


def _find_expression_alarms(deployment: Deployment) -> str | None:
    pages = deployment.session().client("cloudwatch").get_paginator("describe_alarms")
    alarms: list[Any] = [
        alarm
        for page in pages.paginate(AlarmNamePrefix=f"{deployment.stack}-", AlarmTypes=["MetricAlarm"])
        for alarm in page["MetricAlarms"]
        if any("METRICS(" in metric.get("Expression", "") for metric in alarm.get("Metrics", ()))
    ]
    if not alarms:
        return None
    has_failed = any(alarm.get("EvaluationState") == "EVALUATION_FAILURE" for alarm in alarms)
    return "not evaluated" if has_failed else "evaluated"


def _find_event_logs(deployment: Deployment) -> str | None:
    group = f"/aws/events/{deployment.stack}"
    logs, cloudwatch = deployment.session().client("logs"), deployment.session().client("cloudwatch")
    if logs.describe_log_streams(logGroupName=group, limit=1)["logStreams"]:
        return "events arrive"
    metrics = cloudwatch.list_metrics(
        Namespace="AWS/Events",
        MetricName="FailedInvocations",
        Dimensions=[{"Name": "EventBusName", "Value": deployment.stack}],
    )
    return "events do not arrive" if metrics["Metrics"] else None


QUESTIONS = (
    Question(
        "Does /rooms/ reach the function of /rooms?",
        "yes",
        "add a route with a slash at its end for each section in template.yaml",
        _meaning("/rooms/", {200: "yes", 404: "no"}),
    ),
    Question(
        "What does %2F in a segment become?",
        "a slash",
        f"decode the path in hms_service/http/event.py, and correct {PATHS_PAGE}",
        _meaning("/rooms/a%2Fb", {404: "a slash", 400: "it stays %2F"}),
    ),
    Question(
        "What does %3F in a segment become?",
        "a question mark",
        f"nothing: the rest of the path is dropped and the caller gets another item; correct {PATHS_PAGE}",
        _meaning("/rooms/a%3Fb", {400: "a question mark", 404: "the end of the path", 200: "the end of the path"}),
    ),
    Question(
        "How often is a path decoded?",
        "once",
        f"correct hms_service/http/segments.py and {PATHS_PAGE}",
        _meaning("/rooms/a%252Fb", {400: "once", 404: "twice"}),
    ),
    Question(
        "What is the response to headers over 10,240 bytes?",
        "431",
        "correct the limit in local/limits/table.py",
        _meaning("/", {431: "431"}, LONG_HEADER),
    ),
    Question(
        "Are alarms over METRICS() evaluated?",
        "evaluated",
        "write each metric into the expression in monitoring.yaml",
        _find_expression_alarms,
        needs_stack=True,
    ),
    Question(
        "May EventBridge write to the log group of the events?",
        "events arrive",
        "check the resource policy of EventLogs in template.yaml",
        _find_event_logs,
        needs_stack=True,
    ),
)


def answer_questions(deployment: Deployment) -> Iterator[str]:
    """Yield a line for each question: the answer, and what to change if it is another than expected."""
    for question in QUESTIONS:
        answer: str | None = None
        reason = "not known yet; send a test webhook, and ask again"
        if question.needs_stack and not deployment.stack:
            reason = "the local stack cannot answer"
        else:
            try:
                answer = question.ask(deployment)
            except (requests.RequestException, BotoCoreError, ClientError, ValueError) as error:
                reason = f"not asked: {type(error).__name__}"
        if answer is None:
            yield f"unknown  {question.text} {reason}"
        elif answer == question.expected:
            yield f"ok       {question.text} {answer}"
        else:
            yield f"differs  {question.text} {answer}, expected: {question.expected}. To do: {question.change}"
