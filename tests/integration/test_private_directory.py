"""Root builds images only in a directory that no other user can have prepared."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.http_api import ROOT

TOOLS = ["tools/lambda-image", "tools/with-lambda-image"]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can create directories of another user")


def private_directory(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["tools/private-directory", str(path)], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_new_directory_is_open_to_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a b" / "new"
    assert private_directory(path).returncode == 0
    assert path.stat().st_mode & 0o777 == 0o700
    assert private_directory(path).returncode == 0


@pytest.mark.parametrize("suffix", ["", "/"])
def test_a_link_is_not_followed(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    run = subprocess.run(
        ["tools/private-directory", f"{tmp_path / 'link'}{suffix}"], cwd=ROOT, capture_output=True, check=False
    )
    assert run.returncode == 1
    assert b"is not private" in run.stderr


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o720, 0o702])
def test_a_directory_that_others_can_write_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "open"
    path.mkdir()
    path.chmod(mode)
    assert private_directory(path).returncode == 1


@as_root
def test_a_directory_of_another_user_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign"
    path.mkdir(mode=0o700)
    os.chown(path, 65534, 65534)
    assert private_directory(path).returncode == 1


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The tools with a Docker, a debootstrap and a pip that only record their directory."""
    folder, commands = tmp_path / "project", tmp_path / "commands"
    (folder / ".venv/bin").mkdir(parents=True)
    commands.mkdir()
    shutil.copytree(ROOT / "tools", folder / "tools")
    for name in ("debootstrap", "dockerd", "apt-get"):
        (commands / name).write_text(f'#!/bin/sh\necho "$0 $*" >> {tmp_path}/calls\nexit 1\n')
    (commands / "docker").write_text("#!/bin/sh\nexit 1\n")
    for command in commands.iterdir():
        command.chmod(0o755)
    return folder


@as_root
@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_of_root_writes_nothing_where_another_user_leads_it(project: Path, tmp_path: Path, tool: str) -> None:
    trap, victim = tmp_path / "work", tmp_path / "victim"
    victim.mkdir()
    trap.symlink_to(victim)
    environment = {"PATH": f"{tmp_path / 'commands'}:{os.environ['PATH']}", "LAMBDA_IMAGE_WORK": str(trap)}
    run = subprocess.run([tool, "true"], cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "is not private" in run.stderr
    assert list(victim.iterdir()) == []
    assert not (tmp_path / "calls").exists()


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_works_by_default_where_only_root_can_make_directories(tool: str) -> None:
    default = (ROOT / tool).read_text().partition("${LAMBDA_IMAGE_WORK:-")[2].partition("}")[0]
    parent = Path(default).parent
    assert (parent.stat().st_uid, parent.stat().st_mode & 0o022) == (0, 0)
