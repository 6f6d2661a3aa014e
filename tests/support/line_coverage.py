"""Pytest plugin that prints line coverage: `pytest -p tests.support.line_coverage`.

Tracing doubles the time of a test on Python 3.11. So only the tests that call the code most directly are traced.
"""

import io
import os

import pytest
from coverage import Coverage

PACKAGES = ("layers", "functions", "simulator")
TRACED_TESTS = ("tests/unit", "tests/integration/simulator")

_coverage = Coverage()
_traces = False


def _trace(on: bool) -> None:
    global _traces
    if on != _traces:
        (_coverage.start if on else _coverage.stop)()
        _traces = on


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Trace the imports of conftest.py."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _coverage.erase()
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
    """Write what this process has traced. Without any data there is no database to write to."""
    _trace(on=False)
    if _coverage.get_data().measured_files():
        _coverage.save()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for each package, with the tests that were traced."""
    _coverage.combine()
    if not _coverage.get_data().measured_files():
        return
    for package in PACKAGES:
        percent = _coverage.report(include=[f"{package}/*"], file=io.StringIO())
        terminalreporter.write_line(f"Line coverage of {package}/ by {' and '.join(TRACED_TESTS)}: {percent:.1f} %")
