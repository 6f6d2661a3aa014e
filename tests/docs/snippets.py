"""Reads the code blocks of the documentation pages, in order."""

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from tests.http_api import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]

INVOKE = (
    'aws lambda invoke --function-name "$COMMANDS_FUNCTION" --cli-binary-format raw-in-base64-out '
    """--payload '{"operation": "rooms.list"}' outcome.json"""
)
NOT_HERE = {
    "make run": "tests/integration/stack.py runs it",
    "make test": "it runs these tests",
    "make simulator": "tests/integration/simulator",
    "make deploy": "tests/integration/test_sam.py",
    "make deploy STAGE=prod": "tests/unit/test_samconfig.py",
    "make invoke FUNCTION=RoomsFunction EVENT=events/rooms/list_rooms.json": "tests/e2e/sam_local",
    "make drift FROM=2026-05-02T09:00:00Z TO=2026-05-02T11:00:00Z": "tests/integration/test_contract_drift.py",
    INVOKE: "tests/integration/test_commands.py",
    ".venv/bin/sam delete --stack-name hms": "it needs an AWS account",
    "API=https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com": "replaced with the local stack's address",
}
"""Commands that a test cannot run, and the reason or the replacement."""
PROGRAMS_NOT_HERE = {
    "export AWS_REGION=eu-west-1": "it deploys to a second region",
    "for name in client_key_master revoked_client_keys_1; do": "tests/docs/test_deployment_pages.py",
    'for function in $(aws cloudformation list-stack-resources --stack-name "$stack" --output text \\': (
        "it deletes function versions, which the local AWS does not have"
    ),
    **dict.fromkeys(
        (
            "stack=hms",
            "for table in $(aws dynamodb list-tables --output text \\",
            "for queue in CommandsQueue AttendanceQueue; do",
            "rule=$(resource CommandsRule)",
            "dead_letters=$(queue_arn CommandsDeadLetters)",
            'aws lambda list-event-source-mappings --event-source-arn "$(queue_arn CommandsQueue)" '
            "--query 'EventSourceMappings[].State'",
        ),
        "tests/docs/test_runbook.py",
    ),
    **dict.fromkeys(
        (
            "function=$(resource RoomsFunction)",
            "function=$(resource TokensFunction)",
            "api=$(resource Api)",
        ),
        "it needs the stack's resources in CloudFormation, which the local AWS does not serve",
    ),
    **dict.fromkeys(
        (
            "aws service-quotas get-service-quota --service-code lambda --quota-code L-B99A9384 --query Quota.Value",
            "setting=$(aws ssm get-service-setting --setting-id /ssm/parameter-store/high-throughput-enabled "
            "--output text \\",
        ),
        "it needs the quotas and settings of an account, which the local AWS does not have",
    ),
}
"""The same for programs of several lines, by first line."""


@dataclass(frozen=True)
class Snippet:
    """A code block of a page.

    Attributes:
        page: path of the file.
        line: number of the first line, from 1.
        language: language of the block.
        text: content of the block.
    """

    page: Path
    line: int
    language: str
    text: str

    @property
    def where(self) -> str:
        """Location of the block, for messages."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """The lines of a shell snippet that can run here. A program that cannot run is left out as a whole."""
        if self.text.splitlines()[0].strip() in PROGRAMS_NOT_HERE:
            return []
        return [line for line in self.text.splitlines() if line.strip() not in NOT_HERE]


def snippets(page: Path) -> list[Snippet]:
    """Return all code blocks of a page."""
    tokens = MarkdownIt().parse(page.read_text())
    return [
        Snippet(page, (token.map or [0])[0] + 1, token.info.strip(), token.content)
        for token in tokens
        if token.type == "fence"
    ]


def inline(page: Path) -> list[str]:
    """Return the inline code of a page."""
    children = [
        child for token in MarkdownIt().enable("table").parse(page.read_text()) for child in token.children or []
    ]
    return [child.content for child in children if child.type == "code_inline"]


def links(page: Path) -> list[str]:
    """Return the targets of the page's links within the project."""
    inline = [token for token in MarkdownIt().parse(page.read_text()) if token.type == "inline"]
    found = [
        str(child.attrs["href"]) for token in inline for child in token.children or [] if child.type == "link_open"
    ]
    return [link for link in found if not re.match(r"https?:|mailto:", link)]
