"""What a request costs as its body, its list or its section grows."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.candidates import Candidate
from benchmarks.measure import Run, run
from benchmarks.report import microseconds, table
from benchmarks.world import running_world

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUESTIONS = (1, 10, 50)
ROUTES = (1, 10, 50, 100)
REQUESTS = 200


def report(rooms: Candidate, polls: Candidate, routes: Candidate, create_poll: dict[str, Any]) -> str:
    """A table each: bodies that are passed on, lists that are checked, routes."""

    def answered(size: int) -> Run:
        with running_world(size) as world:
            return run(rooms, world, REQUESTS)

    with running_world() as world:
        tables = [
            _table("GET /rooms, bytes in the response", SIZES, answered),
            _table(
                "POST /polls, questions in the body",
                QUESTIONS,
                lambda count: run(polls.asked(_with_questions(create_poll, count), "polls"), world, REQUESTS),
            ),
            _table("routes in a section", ROUTES, lambda count: run(routes, world, REQUESTS, ROUTES=str(count))),
        ]
    return "\n\n".join(tables)


def _with_questions(event: dict[str, Any], count: int) -> dict[str, Any]:
    body = json.loads(event["body"])
    questions = [{**body["questions"][0], "index": number + 1} for number in range(count)]
    return {**event, "body": json.dumps({**body, "questions": questions})}


def _table(title: str, steps: Sequence[int], measure: Callable[[int], Run]) -> str:
    rows = []
    for step in steps:
        measured = measure(step)
        rows.append(
            [f"{step:,}", microseconds(measured.p50), microseconds(measured.cpu), f"{measured.rss / 1000:.0f} MB"]
        )
    return table([title, "p50", "CPU time", "memory"], rows)
