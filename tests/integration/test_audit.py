"""`make audit` without a database of vulnerabilities reports that, and fails if a lock file is old."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.http_api import ROOT

LOCKS = ["layers/common/requirements.txt", "functions/oidc_tokens/requirements.txt", "requirements-dev.txt"]
UNREACHABLE = "Could not connect to the vulnerability feed"
DAY = 86_400


def git(folder: Path, *words: str, days_ago: int = 0) -> None:
    date = f"{int(time.time()) - days_ago * DAY} +0000"
    names = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_AUTHOR_DATE": date}
    names |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_COMMITTER_DATE": date}
    subprocess.run(["git", *words], cwd=folder, env={**os.environ, **names}, capture_output=True, check=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The tool with lock files committed today, and a uv whose tools are defined by `UV`."""
    folder = tmp_path / "project"
    for lock in LOCKS:
        (folder / lock).parent.mkdir(parents=True, exist_ok=True)
        (folder / lock).write_text("one")
    (folder / "tools").mkdir()
    shutil.copy(ROOT / "tools/audit", folder / "tools")
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/uv").write_text('#!/bin/bash\neval "$UV"\n')
    (folder / ".venv/bin/uv").chmod(0o755)
    git(folder, "init", "-q")
    commit(folder, LOCKS, days_ago=0)
    return folder


def commit(folder: Path, locks: list[str], days_ago: int) -> None:
    for lock in locks:
        (folder / lock).write_text(f"{(folder / lock).read_text()} {days_ago}")
    git(folder, "add", *locks)
    git(folder, "commit", "-q", "-m", "lock", days_ago=days_ago)


def audit(folder: Path, uv: str) -> tuple[int, str]:
    """Return the exit status and the last line of the output."""
    run = subprocess.run(
        ["tools/audit"], cwd=folder, env={**os.environ, "UV": uv}, capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout.splitlines()[-1]


NO_SOURCE = f'[[ $* == *--version* || $* == *checkov* ]] || {{ echo "{UNREACHABLE}"; exit 1; }}'
NO_TOOL = "[[ $* != *pip-audit* ]]"


@pytest.mark.parametrize("uv", [NO_SOURCE, NO_TOOL])
@pytest.mark.parametrize("days", [0, 90])
def test_without_a_source_young_lock_files_pass_and_one_line_says_why(project: Path, uv: str, days: int) -> None:
    commit(project, LOCKS, days_ago=days)
    status, line = audit(project, uv)
    assert status == 0
    assert line.startswith("audit: dependencies SKIPPED: ")
    assert line.endswith(f"The oldest lock file is {days} days old (limit: 90).")


@pytest.mark.parametrize("uv", [NO_SOURCE, NO_TOOL])
@pytest.mark.parametrize("old", LOCKS)
def test_without_a_source_one_old_lock_file_fails(project: Path, uv: str, old: str) -> None:
    commit(project, LOCKS, days_ago=10)
    commit(project, [old], days_ago=92)
    status, line = audit(project, uv)
    assert status == 1
    assert line.startswith("audit: dependencies FAILED: ")
    assert "92 days old" in line


def test_without_a_database_and_without_git_history_the_audit_fails(project: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{project}", "shallow")
    shutil.copytree(project / ".venv", tmp_path / "shallow/.venv")
    shutil.copytree(project / "tools", tmp_path / "shallow/tools")
    shutil.copytree(project, tmp_path / "bare", ignore=shutil.ignore_patterns(".git"))
    for folder in ("shallow", "bare"):
        status, line = audit(tmp_path / folder, NO_SOURCE)
        assert (status, "is unknown" in line) == (1, True)


def test_the_second_source_is_asked_where_the_first_cannot_be_reached(project: Path) -> None:
    commit(project, LOCKS, days_ago=200)
    only_osv = f'[[ $* != *"service pypi"* ]] || {{ echo "{UNREACHABLE}"; exit 1; }}'
    assert audit(project, only_osv) == (0, "audit: requirements-dev.txt has no known vulnerability")
    found = f'{only_osv}; [[ $* != *"service osv"* ]] || {{ echo "Found 1 known vulnerability"; exit 1; }}'
    assert audit(project, found) == (1, "Found 1 known vulnerability")


def test_old_lock_files_pass_where_a_source_knows_of_nothing(project: Path) -> None:
    commit(project, LOCKS, days_ago=200)
    assert audit(project, "true") == (0, "audit: requirements-dev.txt has no known vulnerability")


@pytest.mark.parametrize("name", ["moto_recording", ".coverage", ".env", ".env.local"])
def test_what_tools_leave_in_the_working_tree_is_ignored(name: str) -> None:
    assert subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False).returncode == 0
