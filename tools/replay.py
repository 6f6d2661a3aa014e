"""`python -m tools.replay --from … --to …`: asks 100ms to send again the webhooks that an outage lost.

What is on the bus already is not published again: a webhook keeps its id.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

from hms.client import HmsClient
from hms.errors import HmsError

POLL_SECONDS = 2


def replay(client: HmsClient, start: str, end: str, status: str) -> dict[str, Any]:
    """Have webhooks sent again, and wait until 100ms has tried all of them.

    Args:
        client: calls 100ms.
        start: the first instant, in ISO 8601, in the last 30 days.
        end: the last instant, up to 14 days later.
        status: `failed`: only those that were not answered with 200 at the time; or `success`, or `all`.

    Returns:
        How the replay ended (https://www.100ms.live/docs/server-side/v2/api-reference/analytics/replay-webhook-events).

    Raises:
        HmsError: 100ms refused, failed or was not reached.
    """
    request = {"start_time": start, "end_time": end, "status": status}
    workflow_id = client.analytics.replay_webhook_events(request).raise_for_status().json()["workflow_id"]
    while True:
        state: dict[str, Any] = client.analytics.retrieve_replay(workflow_id).raise_for_status().json()
        progress = state.get("progress") or {}
        print(f"{workflow_id}: {state['status']}, {progress.get('completed')} of {progress.get('total')}", flush=True)
        if state.get("completed_at"):
            return state
        time.sleep(POLL_SECONDS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line says; ends with 1 unless every webhook was taken."""
    parser = argparse.ArgumentParser(prog="python -m tools.replay", description=__doc__)
    parser.add_argument("--from", required=True, dest="start", help="the first instant, such as 2026-03-04T09:30:00Z")
    parser.add_argument("--to", required=True, dest="end", help="the last instant")
    parser.add_argument("--status", default="failed", choices=["failed", "success", "all"], help="[%(default)s]")
    options = parser.parse_args(arguments)
    try:
        final_state = replay(HmsClient.from_environment(), options.start, options.end, options.status)
    except HmsError as error:
        sys.exit(" ".join(filter(None, [error.message, *error.details, error.reason])))
    if final_state["status"] != "completed":
        sys.exit(f"failed: {(final_state.get('progress') or {}).get('failed')}")


if __name__ == "__main__":
    main()
