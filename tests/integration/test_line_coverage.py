"""`make test` prints the lines that all workers of pytest-xdist have traced together."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.http_api import ROOT

BY = "by tests/unit and tests/integration/simulator"
COPIES = ["pyproject.toml", "tests/support/line_coverage.py"]
FILES = {
    **dict.fromkeys(
        ["layers/a.py", "functions/b.py", "simulator/c.py"],
        "def first():\n    return 1\n\ndef second():\n    return 2\n",
    ),
    "tests/unit/test_a.py": "from layers import a\nfrom functions import b\ndef test_a(): a.first() + b.first()",
    "tests/unit/test_b.py": "from layers import a\ndef test_b(): a.second()",
    "tests/integration/simulator/test_c.py": "from simulator import c\ndef test_c(): c.first()",
    "tests/integration/test_d.py": "from simulator import c\ndef test_d(): c.second()",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with the same settings. Each package has 4 statements."""
    (tmp_path / "tmp").mkdir()
    for name in [*COPIES, *FILES]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FILES.get(name) or (ROOT / name).read_text())
    return tmp_path


def run(project: Path, tests: str) -> subprocess.CompletedProcess[str]:
    options = ["-p", "tests.support.line_coverage", "--numprocesses", "3", "--dist", "loadfile", tests]
    command = [sys.executable, "-m", "pytest", *options]
    variables = {"TMPDIR": str(project / "tmp")}
    return subprocess.run(command, cwd=project, env=variables, capture_output=True, text=True, check=False)


def test_lines_of_all_workers_are_counted(project: Path) -> None:
    ended = run(project, "tests")
    *lines, results = ended.stdout.splitlines()[-4:]
    assert lines == [
        f"Line coverage of layers/ {BY}: 100.0 %",
        f"Line coverage of functions/ {BY}: 75.0 %",
        f"Line coverage of simulator/ {BY}: 75.0 %",
    ], ended.stdout + ended.stderr
    assert results.startswith("4 passed")
    assert ended.returncode == 0
    shared = [path.name for path in (project / "tmp").iterdir() if not path.name.startswith("pytest-of-")]
    assert not shared, "workers can erase files of each other"


def test_a_missing_figure_fails_the_run(project: Path) -> None:
    ended = run(project, "tests/unit")
    assert f"Line coverage of simulator/ {BY}: missing, because no line was traced" in ended.stdout, ended.stderr
    assert "2 passed" in ended.stdout
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
