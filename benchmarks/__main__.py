"""`python -m benchmarks [--short]`: run all benchmarks and write results.md, or check a few against ratios.json."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace

from benchmarks import cold, growth, image, memory, sizes, warm
from benchmarks.candidates import (
    BUILD_FOLDER,
    Candidate,
    build_baselines,
    build_functions,
    build_layer_baseline,
    load_event,
    without_query,
)
from benchmarks.report import RESULTS, describe_environment, format_ratio, record, regressions

ROUNDS, SHORT_ROUNDS = 15, 9
REQUESTS = 400
WATCHED_CALLS = ("GET /rooms", "POST /rooms", "POST /token")
WATCHED_FUNCTIONS = ("webhooks", "commands")
"""Functions whose cold starts CI watches, because they create two of boto3's clients."""
INTRODUCTION = """\
Each value is the median of 15 processes; the candidates run in turns. Each ratio compares with the bare handler
(`benchmarks/baselines/bare`) of the same run. The bare handler uses Powertools' resolver, one session, one token and
credentials from the environment. It does not validate or log. The others handle the same GET with authentication and
credentials from SSM, packaged by their own tools. All upstreams are on loopback, without TLS."""


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="check the calls that CI watches against ratios.json")
    options = parser.parse_args()
    functions = build_functions()
    if options.short:
        _compare(functions)
    else:
        _measure(functions)


def _watched_calls(functions: Mapping[str, Candidate]) -> list[Candidate]:
    """Return the calls that CI watches."""
    rooms, tokens = functions["rooms"], functions["tokens"]
    return [
        rooms.with_event(without_query(rooms.event), "GET /rooms"),
        rooms.with_event(load_event("rooms", "create_room"), "POST /rooms"),
        tokens.with_event(tokens.event, "POST /token"),
    ]


def _first_answers(functions: Mapping[str, Candidate]) -> list[Candidate]:
    """Return the calls whose first response depends on how their models are loaded."""
    create = load_event("rooms", "create_room")
    return [
        replace(functions["rooms"], event=create, name=f"POST /rooms, {mode}", validation=mode)
        for mode in ("off", "observe", "reject")
    ]


def _layer_baselines(functions: Mapping[str, Candidate], *names: str) -> list[Candidate]:
    rooms = functions["rooms"]
    return [build_layer_baseline(name, without_query(rooms.event), rooms.layer) for name in names]


def _compare(functions: Mapping[str, Candidate]) -> None:
    measured = _ratios(functions)
    for name, ratio in measured.items():
        print(f"{name}: {format_ratio(ratio)} the bare handler")
    slower_ratios = regressions(measured)
    repeated = regressions(_ratios(functions)) if slower_ratios else {}
    if slower := [repeated[name] for name in slower_ratios if name in repeated]:
        sys.exit("\n".join(["slower than recorded in two consecutive runs:", *slower]))


def _ratios(functions: Mapping[str, Candidate]) -> dict[str, float]:
    watched_calls, bare = _watched_calls(functions), _layer_baselines(functions, "bare")
    watched_functions = [functions[name] for name in WATCHED_FUNCTIONS]
    cold_results = cold.measure([*bare, *watched_calls, *watched_functions], SHORT_ROUNDS)
    answers = cold.measure([*bare, *_first_answers(functions)], SHORT_ROUNDS, cold.UPSTREAM_SECONDS)
    warm_results = warm.measure([*bare, *_layer_baselines(functions, "socket"), *watched_calls], SHORT_ROUNDS, REQUESTS)
    return _watched_ratios(cold.ratios(cold_results), cold.ratios(answers, "wall"), warm.ratios(warm_results))


def _watched_ratios(
    cold_ratios: Mapping[str, float], answer_ratios: Mapping[str, float], warm_ratios: Mapping[str, float]
) -> dict[str, float]:
    return {
        **{f"cold {name}": cold_ratios[name] for name in (*WATCHED_CALLS, *WATCHED_FUNCTIONS)},
        **{f"first answer {name}": ratio for name, ratio in answer_ratios.items() if name != cold.BARE},
        **{f"warm {name}": warm_ratios[name] for name in WATCHED_CALLS},
    }


def _measure(functions: Mapping[str, Candidate]) -> None:
    rooms, watched_calls = functions["rooms"], _watched_calls(functions)
    others = build_baselines(without_query(rooms.event))
    more = [function for folder, function in functions.items() if folder not in ("rooms", "tokens")]
    cold_results = cold.measure([*_layer_baselines(functions, "bare"), *others, *watched_calls, *more], ROUNDS)
    answers = cold.measure(
        [*_layer_baselines(functions, "bare"), *_first_answers(functions)], ROUNDS, cold.UPSTREAM_SECONDS
    )
    warm_results = warm.measure(
        [*_layer_baselines(functions, "bare", "session", "socket"), *others, *watched_calls], ROUNDS, REQUESTS
    )
    layer = BUILD_FOLDER / "functions" / "HmsLayer"
    artifacts = {"the layer": layer, "a function": rooms.code, **{peer.name: peer.code for peer in others}}
    (routes,) = _layer_baselines(functions, "routes")
    sections = {
        "Cold start": cold.report(cold_results),
        f"First answer with an upstream of {cold.UPSTREAM_SECONDS * 1000:.0f} ms": cold.report(answers),
        "Warm requests": warm.report(warm_results),
        "Memory": memory.report([*_layer_baselines(functions, "bare"), *watched_calls]),
        "Artifacts": sizes.report(artifacts),
        "Growth": growth.report(rooms, functions["polls"], routes, load_event("polls", "create_poll")),
        "In Lambda's image": image.report([*_layer_baselines(functions, "bare"), *watched_calls, *others]),
    }
    text = "\n\n".join(f"## {title}\n\n{section}" for title, section in sections.items())
    RESULTS.write_text(f"# Results\n\n{describe_environment()}\n{INTRODUCTION}\n\n{text}\n")
    print(RESULTS.read_text())
    record(_watched_ratios(cold.ratios(cold_results), cold.ratios(answers, "wall"), warm.ratios(warm_results)))


if __name__ == "__main__":
    main()
