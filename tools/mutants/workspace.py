"""A copy of the project, in which mutants run against tests."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic

from tools.mutants.mutant import Mutant

LAYER = "layers/common"
TIMEOUT_FACTOR = 4
MIN_TIMEOUT_SECONDS = 30.0
BASELINE_TIMEOUT_SECONDS = 300.0


class BaselineError(Exception):
    """The tests fail without a mutant."""


class Workspace:
    """A copy of the project. One mutant at a time changes it."""

    def __init__(self, root: Path, folder: Path) -> None:
        files = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
        for file in files.stdout.split("\0"):
            if (root / file).is_file():
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / file, folder / file)
        (folder / ".venv").symlink_to((root / ".venv").resolve())
        self._folder = folder
        self._baselines: dict[tuple[str, ...], float] = {}

    def run(self, mutant: Mutant, tests: tuple[str, ...]) -> str:
        """Return `survived`, `timeout`, or the first test that fails. Unit tests run first, because they are fast.

        Raises:
            BaselineError: the tests fail without the mutant.
        """
        unit_tests = tuple(test for test in tests if test.startswith("tests/unit"))
        stages = unit_tests, tuple(test for test in tests if test not in unit_tests)
        outcomes = (self._run(mutant, stage) for stage in stages if stage)
        return next((outcome for outcome in outcomes if outcome != "survived"), "survived")

    def _run(self, mutant: Mutant, tests: tuple[str, ...]) -> str:
        if tests not in self._baselines:
            self._baselines[tests] = self._measure(tests)
        module = self._folder / LAYER / mutant.module
        module.write_text(mutant.code or "")
        try:
            seconds = max(MIN_TIMEOUT_SECONDS, TIMEOUT_FACTOR * self._baselines[tests])
            # A compiled mutant could be mistaken for the next one, so it is not written to a file.
            code, failure = self._pytest(tests, seconds, PYTHONDONTWRITEBYTECODE="1")
        finally:
            module.write_text(mutant.source)
        return "timeout" if code is None else failure if code else "survived"

    def _measure(self, tests: tuple[str, ...]) -> float:
        """Return the seconds that the tests take without a mutant. A busy machine may need a second attempt."""
        for _ in range(2):
            started = monotonic()
            code, failure = self._pytest(tests, BASELINE_TIMEOUT_SECONDS)
            if code == 0:
                return monotonic() - started
        raise BaselineError(f"{failure}: must pass without a mutant")

    def _pytest(self, tests: tuple[str, ...], seconds: float, **environment: str) -> tuple[int | None, str]:
        """Return the exit status and the first failure. The status is None if the time is up."""
        with TemporaryFile("w+") as output:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "pytest", "-x", "--tb=no", "-p", "no:cacheprovider", *tests],
                cwd=self._folder,
                env={**os.environ, "PYTHONPATH": f"{LAYER}:.", **environment},
                stdout=output,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            code: int | None = None
            try:
                code = process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            output.seek(0)
            failures = (line for line in output if line.startswith(("FAILED ", "ERROR ")))
            return code, next(failures, "no test runs").split(" - ")[0].strip()


def digest(root: Path, tests: tuple[str, ...]) -> str:
    """Identify the content of the tests. A survivor runs again if it changes."""
    files = (
        file for test in tests for file in ([root / test] if (root / test).is_file() else (root / test).rglob("*.py"))
    )
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()[:16]
