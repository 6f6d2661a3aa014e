"""Fixtures for all tests."""

from collections.abc import Iterator
from functools import cache

import botocore.session
import pytest
import requests

from tests.integration.stack import Stack, started_stack
from tests.support.clock import Clock, shifted_clock

botocore.session.create_loader = cache(botocore.session.create_loader)
"""Parse the API of each AWS service once. Functions that are loaded again create sessions again."""


@pytest.fixture(scope="session")
def running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The local stack, started once for all tests."""
    with started_stack(tmp_path_factory.mktemp("stack") / "stderr") as running:
        yield running


@pytest.fixture(scope="session")
def running_rejecting_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A local stack that rejects undocumented requests, started once for all tests that need it."""
    log = tmp_path_factory.mktemp("rejecting-stack") / "stderr"
    with started_stack(log, PARAMETERS="Validation=reject") as running:
        yield running


@pytest.fixture
def rejecting_stack(running_rejecting_stack: Stack) -> Stack:
    """The rejecting stack with a reset simulator."""
    requests.post(f"{running_rejecting_stack.simulator}/_simulator/reset", timeout=10).raise_for_status()
    return running_rejecting_stack


@pytest.fixture
def stack(running_stack: Stack) -> Stack:
    """The local stack with a reset simulator."""
    requests.post(f"{running_stack.simulator}/_simulator/reset", timeout=10).raise_for_status()
    return running_stack


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock of this process, which a test can shift."""
    with shifted_clock() as clock:
        yield clock


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the unit tests last. Their files are short, so no worker of `make test` ends with a long one.

    They are still collected first, so that line coverage contains the imports of the code.
    """
    items.sort(key=lambda item: item.nodeid.startswith("tests/unit/"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the lines that tests add to the summary with `record_property("summary", …)`."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, value in report.user_properties:
                if name == "summary":
                    terminalreporter.write_line(str(value))
