"""`python -m tools.contract_drift --from … --to …`: compare archived webhooks with the documentation.

Replays the archive of the event bus to a temporary rule and queue, and removes both. Prints names and types, never
values. Differences do not change the exit status.
"""

import argparse
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tools.aws import open_session
from tools.contract_drift.archive import Archive, ArchiveError
from tools.contract_drift.difference import compare
from tools.contract_drift.report import Report
from tools.contract_drift.schemas import webhooks_document
from tools.samconfig import read_stack_name

EVENT_TYPE = re.compile(r"[a-z][a-z_.]{0,63}")
"""Undocumented types that match are printed. Others are hidden."""


def report_on(webhooks: Iterator[dict[str, Any]]) -> Report:
    """Compare each webhook with the documented sample of its type."""
    report = Report("webhooks", "event types")
    for webhook in webhooks:
        event_type = str(webhook.get("type"))
        schema = webhooks_document().webhook(event_type)
        if schema:
            report.add(event_type, compare(schema, webhook))
        else:
            report.add_undocumented(event_type if EVENT_TYPE.fullmatch(event_type) else "*")
    return report


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the differences of the archived webhooks. Exits with 1 if they cannot be read."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parser = argparse.ArgumentParser(prog="python -m tools.contract_drift", description=__doc__)
    parser.add_argument("--stage", default="", help="of samconfig.toml; the local stack if left out")
    parser.add_argument("--from", required=True, type=_instant, dest="start", help="such as 2026-03-04T09:30:00Z")
    parser.add_argument("--to", required=True, type=_instant, dest="end", help="the last instant")
    parser.add_argument("--max", default=1000, type=int, help="webhooks to read [%(default)s]")
    parser.add_argument("--minutes", default=15, type=int, help="time to wait for them [%(default)s]")
    options = parser.parse_args(arguments)
    if options.start >= options.end:
        parser.error("--from: must be before --to")
    try:
        archive = Archive(open_session(), read_stack_name(options.stage) if options.stage else "")
        with archive.replayed(options.start, options.end) as replay:
            report = report_on(replay.webhooks(options.max, options.minutes * 60))
    except (ArchiveError, BotoCoreError, ClientError, ValueError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    print("Differences from the documentation (names and types only):")
    print("\n".join(report))


def _instant(text: str) -> datetime:
    with suppress(ValueError):
        instant = datetime.fromisoformat(text)
        if instant.tzinfo:
            return instant
    raise argparse.ArgumentTypeError("must be a time with its zone, such as 2026-03-04T09:30:00Z")


if __name__ == "__main__":
    main()
