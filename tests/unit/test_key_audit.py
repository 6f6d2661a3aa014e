"""`make keys AUDIT=1` lists the keys in the logs that the registry does not know."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.stubbed_session import StubbedSession
from tests.unit.test_key_commands import ssm
from tools.keys import __main__ as command
from tools.keys import audit as audit_module
from tools.keys.audit import QUERY, audit_keys

__all__ = ["ssm"]
NOW = 1_772_600_000
GROUPS = ["/aws/lambda/hms/rooms", "/aws/lambda/hms/tokens"]
KNOWN = [SimpleNamespace(id="aaaaaaaa")]


def audit(
    *callers: str, statuses: tuple[str, ...] = ("Complete",), groups: list[str] = GROUPS, keys: Any = KNOWN
) -> list[str]:
    session = StubbedSession()
    found = [{"logGroupName": name} for name in groups]
    session.answer("logs", "describe_log_groups", {"logGroups": found}, logGroupNamePrefix="/aws/lambda/hms/")
    if groups:
        wanted = {"logGroupNames": groups, "startTime": NOW - 7 * 86_400, "endTime": NOW, "queryString": QUERY}
        session.answer("logs", "start_query", {"queryId": "q"}, **wanted)
    rows = [[{"field": "caller", "value": caller}, {"field": "requests", "value": "3"}] for caller in callers]
    for status in statuses if groups else ():
        results = rows if status == "Complete" else []
        session.answer("logs", "get_query_results", {"status": status, "results": results}, queryId="q")
    lines = list(audit_keys(session.client("logs"), keys, "hms", 7))
    session.assert_no_pending_responses()
    return lines


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands still, and pauses that take no time."""
    monkeypatch.setattr(audit_module, "time", SimpleNamespace(time=lambda: NOW, sleep=lambda _: None))


def test_only_keys_that_are_not_registered_are_listed() -> None:
    (line,) = audit("billing (aaaaaaaa)", "billing (bbbbbbbb)", "65f0c1a2b3c4d5e6f7a8b9c0", "(smith)")
    assert line == ("bbbbbbbb  not registered  3 requests as billing (bbbbbbbb); revoke it, then rotate the master")


def test_the_result_is_waited_for() -> None:
    assert len(audit("x (bbbbbbbb)", statuses=("Scheduled", "Running", "Complete"))) == 1


def test_a_query_that_failed_is_an_error() -> None:
    with pytest.raises(ValueError, match="the query of the logs is Timeout"):
        audit(statuses=("Running", "Timeout"))


@pytest.mark.parametrize(
    ("unknown", "status", "text"),
    [
        ([], 0, "every client key in the logs is registered\n"),
        (["bbbbbbbb  not registered"], 1, "bbbbbbbb  not registered\n"),
    ],
)
def test_the_command_fails_if_there_is_one(
    ssm: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    unknown: list[str],
    status: int,
    text: str,
) -> None:
    asked: list[Any] = []

    def audit_keys(logs: Any, registry: Any, *arguments: Any) -> list[str]:
        asked.append(arguments)
        return unknown

    monkeypatch.setattr(command, "audit_keys", audit_keys)
    with pytest.raises(SystemExit) as ended:
        command.main(["--prefix=/hms/dev", "--stage=dev", "audit", "--days=7"])
    assert (ended.value.code, capsys.readouterr().out, asked) == (status, text, [("hms-dev", 7)])


def test_a_stack_without_logs_is_an_error() -> None:
    with pytest.raises(ValueError, match="the stack hms has no log groups"):
        audit(groups=[])
