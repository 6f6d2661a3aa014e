"""`python -m tools.replay --from … --to …`: make 100ms resend webhooks, for example after an outage.

Webhooks keep their IDs, so those that are already on the bus are not published again.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from hms.client import HmsClient
from hms.errors import HmsError
from tools.aws import open_session

POLL_SECONDS = 2


def replay(client: HmsClient, start: str, end: str, status: str) -> dict[str, Any]:
    """Start a replay of webhooks and wait until 100ms has tried to send all of them.

    Args:
        client: client of the 100ms API.
        start: start of the period in ISO 8601, within the last 30 days.
        end: end of the period in ISO 8601, at most 14 days after `start`.
        status: `failed` (no response with status 200), `success` or `all`.

    Returns:
        The final state (https://www.100ms.live/docs/server-side/v2/api-reference/analytics/replay-webhook-events).

    Raises:
        HmsError: 100ms returned an error or was not reachable.
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
    """Run the command line. Exits with 1 unless every webhook was delivered."""
    parser = argparse.ArgumentParser(prog="python -m tools.replay", description=__doc__)
    parser.add_argument("--from", required=True, dest="start", help="start, such as 2026-03-04T09:30:00Z")
    parser.add_argument("--to", required=True, dest="end", help="end, at most 14 days after the start")
    parser.add_argument(
        "--status", default="failed", choices=["failed", "success", "all"], help="delivery status [%(default)s]"
    )
    options = parser.parse_args(arguments)
    try:
        open_session()  # the client reads the key pair from the SSM of this region
        final_state = replay(HmsClient.from_environment(), options.start, options.end, options.status)
    except (ValueError, BotoCoreError, ClientError) as error:
        sys.exit(str(error))
    except HmsError as error:
        sys.exit(" ".join(filter(None, [error.message, *error.details, error.reason])))
    if final_state["status"] != "completed":
        sys.exit(f"failed: {(final_state.get('progress') or {}).get('failed')}")


if __name__ == "__main__":
    main()
