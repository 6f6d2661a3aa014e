"""The measured process: has an event answered as Lambda's runtime would, and tells what it took.

A script of the standard library alone, run by Lambda's Python: `measured_process.py MODE TIMES MODULE.HANDLER` with the
event on standard input. It belongs to no package, so that it brings nothing else into the process.
"""

import importlib
import json
import sys
import time
from array import array
from collections.abc import Callable


class Context:
    """What the handlers use of Lambda's context."""

    aws_request_id = "8f5cbb0c-3f6c-4b38-9f0c-5c8e4a1d2b3f"
    function_name = "rooms"
    function_version = "$LATEST"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:rooms"

    def get_remaining_time_in_millis(self) -> int:
        """How long the invocation may take."""
        return 29_000


def resident_kb() -> int:
    """Memory in use now, in kB."""
    with open("/proc/self/status") as status:  # noqa: PTH123
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def main(mode: str, times: int, name: str) -> None:
    """Measure, and print the figures as JSON."""
    event = json.load(sys.stdin)
    module, _, attribute = name.rpartition(".")
    handler, context = getattr(importlib.import_module(module), attribute), Context()
    answer = handler(event, context)
    status = answer.get("statusCode", 200) if isinstance(answer, dict) else 200
    figures: dict[str, object] = {"status": status, "cpu": time.process_time(), "rss": resident_kb()}
    if mode == "cold":
        figures["modules"] = sorted(sys.modules)
    else:
        figures |= repeat(lambda: handler(event, context), times)
    print(json.dumps(figures), file=sys.stderr)


def peak_kb() -> int:
    """The most memory there was in use, in kB."""
    with open("/proc/self/status") as status:  # noqa: PTH123
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def repeat(call: Callable[[], object], times: int) -> dict[str, object]:
    """What a call takes when all is warm."""
    for _ in range(50):
        call()
    durations = array("d", bytes(8 * times))  # which does not grow while it is measured whether anything does
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
