"""Runs the snippets of each page in order, in one shell, on a separate stack."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
import requests

from tests.docs.snippets import NOT_HERE, PAGES, PROGRAMS_NOT_HERE, Snippet, inline, links, snippets
from tests.http_api import ROOT
from tests.integration.stack import Stack, started_stack
from tests.support.client_keys import create_key

NODE_SDK = ROOT / "tests" / "e2e" / "node_sdk"
SHELL = [
    page
    for page in PAGES
    if page.name != "testing.md"  # test_testing_page.py follows it, without the stack
    and any(snippet.language in ("sh", "js", "python") for snippet in snippets(page))
]
ALL = [snippet for page in PAGES for snippet in snippets(page)]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
ERROR = re.compile(r'"code": ?[45]\d\d')
LANGUAGES = {"sh", "js", "ts", "python", "json", "yaml", "dockerfile", "text"}

pytestmark = pytest.mark.timeout(240)


def needs(page: Path) -> str:
    """Tools that the page's snippets call and this machine does not have."""
    texts = [(snippet.language, snippet.text) for snippet in snippets(page)]
    tools = {"npm": any(language == "js" for language, _ in texts)}
    tools["aws"] = any(language == "sh" and "aws " in text for language, text in texts)
    return ", ".join(tool for tool, is_needed in tools.items() if is_needed and not shutil.which(tool))


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the official Node SDK, as the npm command creates it."""
    folder = tmp_path_factory.mktemp("reader")
    for name in ("package.json", ".npmrc"):
        shutil.copy(NODE_SDK / name, folder)
    install = ["npm", "install", "--omit=dev", "--silent", "--no-audit", "--no-fund"]
    subprocess.run(install, cwd=folder, check=True, timeout=200)
    return folder


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack for the snippets, which may change it."""
    with started_stack(tmp_path_factory.mktemp("stack") / "stderr") as running:
        yield running


@pytest.fixture
def reader(stack: Stack, tmp_path: Path) -> dict[str, str]:
    """The environment of a reader: an AWS profile, and the variables that the pages assume."""
    session = boto3.Session("local", "local", region_name="us-east-1")
    queue = session.client("sqs", endpoint_url=stack.aws).get_queue_url(QueueName="CommandsQueue")["QueueUrl"]
    old_key, _ = create_key(session.client("ssm", endpoint_url=stack.aws), "/hms", "old", ["rooms:read"])
    aws = tmp_path / "bin" / "aws"
    aws.parent.mkdir()
    aws.write_text(f'#!/bin/sh\nexec {shutil.which("aws")} --endpoint-url "$AWS_ENDPOINT_URL" "$@"\n')
    aws.chmod(0o755)
    (tmp_path / "config").write_text("[default]\nregion = us-east-1\n")
    return {
        "PATH": f"{aws.parent}:{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
        "HOME": os.environ["HOME"],
        "PYTHONPATH": f"{ROOT / 'layers' / 'common'}:{ROOT}",
        "AWS_ENDPOINT_URL": stack.aws,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "LOCAL": "1",
        "AWS_PORT": str(urlsplit(stack.aws).port),
        "SIMULATOR_PORT": str(urlsplit(stack.simulator).port),
        "HMS_API_URL": f"{stack.simulator}/v2",
        "HMS_ACCESS_KEY": stack.access_key,
        "HMS_SECRET": stack.secret,
        "ACCESS_KEY": stack.access_key,
        "SECRET": stack.secret,
        "API": stack.api,
        "AUTH": f"Authorization: Bearer {stack.token}",
        "COMMANDS_QUEUE_URL": queue,
        "EVENT_BUS_NAME": "EventBus",
        "OLD_ACCESS_KEY": old_key,
        "OLD_SECRET": "an-old-secret-of-webhooks",
        "NEW_SECRET": "a-new-secret-of-webhooks",
    }


@pytest.mark.parametrize("page", SHELL, ids=lambda page: page.name)
def test_a_page_can_be_followed_to_its_end(
    page: Path, reader: dict[str, str], stack: Stack, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if missing := needs(page):
        pytest.skip(f"not installed: {missing}")
    folder = request.getfixturevalue("sdk") if any(snippet.language == "js" for snippet in snippets(page)) else tmp_path
    if "$SESSION" in page.read_text():
        reader["SESSION"] = attended_session(stack)
    script = script_of([here(snippet, stack) for snippet in snippets(page)], folder, tmp_path)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=ROOT, env=reader, capture_output=True, text=True, check=False
    )
    last = [line for line in done.stderr.splitlines() if line.startswith("--- ")][-1:]
    assert done.returncode == 0, f"{last}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    assert not ERROR.search(done.stdout), done.stdout[-2000:]


def attended_session(stack: Stack) -> str:
    """The ID of a session with attendance."""
    headers = {"authorization": f"Bearer {stack.token}"}
    room = requests.post(f"{stack.api}/rooms", json={}, headers=headers, timeout=10).json()["id"]
    peer = {"name": "Ada", "role": "host", "user_id": "ada"}
    requests.post(f"{stack.simulator}/_simulator/rooms/{room}/peers", json=peer, timeout=10).raise_for_status()
    active = requests.get(f"{stack.api}/active-rooms/{room}", headers=headers, timeout=10).json()
    session_id = str(active["session"]["id"])
    for _ in range(100):
        if requests.get(f"{stack.api}/sessions/{session_id}/attendance", headers=headers, timeout=10).ok:
            return session_id
        time.sleep(0.1)
    raise AssertionError("no attendance was kept in ten seconds")


def script_of(blocks: list[Snippet], folder: Path, scratch: Path) -> str:
    """Return the page as one shell script. Programs in it get the shell's variables as environment variables."""
    parts = ["set -a"]
    program = "".join(block.text for block in blocks if block.language == "python")
    for number, block in enumerate(blocks):
        parts.append(f"echo '--- {block.where}' >&2")
        if block.language == "sh":
            parts += block.commands
        elif block.language == "js":
            file = folder / f"{scratch.name}-{number}.mjs"
            file.write_text(hoisted(block.text))
            parts.append(f"node {file}")
    if program:
        (scratch / "page.py").write_text(program)
        parts.append(f"python {scratch / 'page.py'}")
    return "\n".join(parts)


def hoisted(text: str) -> str:
    """Return the program with a `location`, as in a browser. Imports stay at the top."""
    imports = [line for line in text.splitlines() if line.startswith("import ")]
    others = [line for line in text.splitlines() if not line.startswith("import ")]
    bar = "globalThis.location = { href: `http://app.example/?code=${process.env.CODE}` };" * ("location" in text)
    return "\n".join([*imports, bar, *others, "console.log('done');", ""])


def here(snippet: Snippet, stack: Stack) -> Snippet:
    """Return the snippet with this stack's addresses instead of the default ports, and with recent dates."""
    text = snippet.text
    for written, real in {
        "http://127.0.0.1:3000": stack.api,
        "http://127.0.0.1:3100": stack.simulator,
        "http://127.0.0.1:3200": stack.aws,
        "2026-03-04T": f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT}",  # 100ms keeps events for 30 days only
    }.items():
        text = text.replace(written, real)
    return replace(snippet, text=text)


@pytest.mark.parametrize("snippet", ALL, ids=lambda snippet: snippet.where)
def test_a_snippet_says_what_it_is(snippet: Snippet) -> None:
    assert snippet.language in LANGUAGES
    if snippet.language == "json":
        json.loads(snippet.text)


def test_every_snippet_that_is_not_run_is_on_a_page_and_in_a_test() -> None:
    lines = {line.strip() for snippet in ALL if snippet.language == "sh" for line in snippet.text.splitlines()}
    assert {*NOT_HERE, *PROGRAMS_NOT_HERE} <= lines
    for stands_in in NOT_HERE.values():
        if stands_in.startswith("tests/"):
            assert (ROOT / stands_in.split()[0]).exists(), stands_in


@pytest.mark.parametrize(
    "page", [*PAGES, *sorted((ROOT / "docs" / "decisions").glob("*.md"))], ids=lambda page: page.name
)
def test_a_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if heading and target.suffix == ".md":
            assert heading in headings(target), link


@pytest.mark.parametrize("page", [*PAGES, *DECISIONS], ids=lambda page: page.name)
def test_the_commands_and_files_that_a_page_names_are_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for text in inline(page):
        for target in re.findall(r"(?:^|\s)make (?:-s )?([a-z0-9-]+)", text):
            assert target in targets, text
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)+\.(py|md|yaml|json|tsv|txt)", text):
            places = [ROOT, ROOT / "layers" / "common", ROOT / "tests", page.parent]
            assert any((place / text).exists() for place in places), text


def headings(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    titles = [line.lstrip("#").strip() for line in page.read_text().splitlines() if line.startswith("#")]
    kept = ["".join(item for item in title.lower() if item.isalnum() or item in " -_") for title in titles]
    return {title.replace(" ", "-") for title in kept}
