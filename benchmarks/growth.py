"""Measures how the cost of a request grows with its body, its list or the section's routes."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.candidates import Candidate
from benchmarks.measure import WarmResult, run_warm
from benchmarks.report import format_microseconds, table
from benchmarks.stub_server import running_stub_server

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUESTIONS = (1, 10, 50)
ROUTES = (1, 10, 50, 100)
REQUESTS = 200


def report(rooms: Candidate, polls: Candidate, routes: Candidate, create_poll: dict[str, Any]) -> str:
    """Return three tables: forwarded bodies, validated lists, and routes."""

    def measure_size(size: int) -> WarmResult:
        with running_stub_server(size) as stub_url:
            return run_warm(rooms, stub_url, REQUESTS)

    with running_stub_server() as stub_url:
        tables = [
            _table("GET /rooms, bytes in the response", SIZES, measure_size),
            _table(
                "POST /polls, questions in the body",
                QUESTIONS,
                lambda count: run_warm(
                    polls.with_event(_with_questions(create_poll, count), "polls"), stub_url, REQUESTS
                ),
            ),
            _table(
                "routes in a section", ROUTES, lambda count: run_warm(routes, stub_url, REQUESTS, ROUTES=str(count))
            ),
        ]
    return "\n\n".join(tables)


def _with_questions(event: dict[str, Any], count: int) -> dict[str, Any]:
    body = json.loads(event["body"])
    questions = [{**body["questions"][0], "index": number + 1} for number in range(count)]
    return {**event, "body": json.dumps({**body, "questions": questions})}


def _table(title: str, steps: Sequence[int], measure: Callable[[int], WarmResult]) -> str:
    rows = []
    for step in steps:
        result = measure(step)
        rows.append(
            [
                f"{step:,}",
                format_microseconds(result.p50),
                format_microseconds(result.cpu),
                f"{result.rss / 1000:.0f} MB",
            ]
        )
    return table([title, "p50", "CPU time", "memory"], rows)
