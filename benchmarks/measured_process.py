"""The measured process: runs a handler as Lambda's runtime does, and prints the measurements.

Lambda's Python runs this script as `measured_process.py MODE TIMES MODULE.HANDLER`, with the event on standard input.
The script imports only the standard library, so that it does not affect the measurements.
"""

import importlib
import json
import sys
import time
from array import array
from collections.abc import Callable


class Context:
    """The parts of Lambda's context that the handlers use."""

    aws_request_id = "8f5cbb0c-3f6c-4b38-9f0c-5c8e4a1d2b3f"
    function_name = "rooms"
    function_version = "$LATEST"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:rooms"

    def get_remaining_time_in_millis(self) -> int:
        """Return the remaining time in milliseconds."""
        return 29_000


def resident_kb() -> int:
    """Return the current resident memory in kB."""
    with open("/proc/self/status") as status:  # noqa: PTH123
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def main(mode: str, times: int, name: str) -> None:
    """Measure the handler and print the measurements as JSON."""
    event = json.load(sys.stdin)
    module, _, attribute = name.rpartition(".")
    handler, context = getattr(importlib.import_module(module), attribute), Context()
    response = handler(event, context)
    status = response.get("statusCode", 200) if isinstance(response, dict) else 200
    figures: dict[str, object] = {"status": status, "cpu": time.process_time(), "rss": resident_kb()}
    if mode == "cold":
        figures["modules"] = sorted(sys.modules)
    else:
        figures |= repeat(lambda: handler(event, context), times)
    print(json.dumps(figures), file=sys.stderr)


def peak_kb() -> int:
    """Return the peak resident memory in kB."""
    with open("/proc/self/status") as status:  # noqa: PTH123
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def repeat(call: Callable[[], object], times: int) -> dict[str, object]:
    """Measure a number of calls, after 50 calls to warm up."""
    for _ in range(50):
        call()
    durations = array("d", bytes(8 * times))  # allocated first, so that it does not count as growth
    before, cpu = resident_kb(), time.process_time()
    for number in range(times):
        started_at = time.perf_counter()
        call()
        durations[number] = time.perf_counter() - started_at
    cpu, after = (time.process_time() - cpu) / times, resident_kb()
    seconds = sorted(durations)
    return {
        "p50": seconds[times // 2],
        "p99": seconds[times * 99 // 100],
        "cpu_each": cpu,
        "rss": peak_kb(),
        "growth": (after - before) / times,
    }


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
