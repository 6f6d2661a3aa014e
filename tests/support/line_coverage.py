"""Pytest plugin that prints line coverage: `pytest -p tests.support.line_coverage`.

Tracing doubles the time of a test on Python 3.11. So only the tests that call the code most directly are traced.
Workers of pytest-xdist send the lines that they traced to the process that prints the summary.
"""

import io
from typing import Any

import pytest
from coverage import Coverage

PACKAGES = ("layers", "functions", "simulator")
TRACED_TESTS = ("tests/unit", "tests/integration/simulator")

_coverage = Coverage(data_file=None)
_traces = False
_percents: dict[str, float] = {}


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


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Add the lines of a worker. The run has failed already if the worker crashed."""
    if not error:
        _coverage.get_data().add_lines(node.workeroutput["lines"])


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send the traced lines if this is a worker. Otherwise fail the run if no line of a package was traced."""
    _trace(on=False)
    if hasattr(session.config, "workeroutput"):
        data = _coverage.get_data()
        session.config.workeroutput["lines"] = {file: data.lines(file) for file in data.measured_files()}
        return
    for package in PACKAGES:
        _percents[package] = _coverage.report(include=[f"{package}/*"], file=io.StringIO())
    if not all(_percents.values()):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for each package, with the tests that were traced. Workers call this hook too, but print nothing."""
    for package, percent in _percents.items():
        figure = f"{percent:.1f} %" if percent else "missing, because no line was traced"
        terminalreporter.write_line(
            f"Line coverage of {package}/ by {' and '.join(TRACED_TESTS)}: {figure}", red=not percent
        )
