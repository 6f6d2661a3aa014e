"""Pytest plugin that prints line coverage: `pytest -p tests.support.line_coverage`.

Tracing doubles the time of a test on Python 3.11. So only the tests that call the code most directly are traced.
"""

import io
import os
import tempfile
from contextlib import suppress

import pytest
from coverage import Coverage
from coverage.exceptions import CoverageException

PACKAGES = ("layers", "functions", "simulator")
TRACED_TESTS = ("tests/unit", "tests/integration/simulator")

_DIRECTORY = os.environ.setdefault("LINE_COVERAGE_DIRECTORY", tempfile.mkdtemp(prefix="line-coverage-"))
"""Where the processes of this run write their data. No other run erases it."""

_coverage = Coverage(data_file=os.path.join(_DIRECTORY, "data"))  # noqa: PTH118
_traces = False


def _trace(on: bool) -> None:
    global _traces
    if on != _traces:
        (_coverage.start if on else _coverage.stop)()
        _traces = on


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Trace the imports of conftest.py."""
    _trace(on=True)


@pytest.hookimpl(tryfirst=True)
def pytest_make_collect_report(collector: pytest.Collector) -> None:
    """Trace the imports of the tests that are traced."""
    _trace(on=collector.nodeid.startswith(TRACED_TESTS))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Do not trace the process that only hands tests to workers."""
    _trace(on=False)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Trace the test if its folder is one of `TRACED_TESTS`."""
    _trace(on=item.nodeid.startswith(TRACED_TESTS))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    """Write what this process has traced. Lost data must not hide the results of the tests."""
    _trace(on=False)
    with suppress(CoverageException):
        _coverage.save()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for each package, with the tests that were traced."""
    try:
        _coverage.combine()
        for package in PACKAGES:
            percent = _coverage.report(include=[f"{package}/*"], file=io.StringIO())
            terminalreporter.write_line(f"Line coverage of {package}/ by {' and '.join(TRACED_TESTS)}: {percent:.1f} %")
    except CoverageException as error:
        terminalreporter.write_line(f"Line coverage: not available ({type(error).__name__})")
