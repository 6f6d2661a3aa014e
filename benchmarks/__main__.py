"""`python -m benchmarks [--short]`: measures all and writes results.md, or compares a few ratios with the record."""

import argparse
import sys
from collections.abc import Mapping

from benchmarks import cold, growth, image, memory, sizes, warm
from benchmarks.candidates import BUILT, Candidate, event_of, on_the_layer, ours, peers, without_query
from benchmarks.report import RESULTS, circumstances, record, regressions, times

ROUNDS, SHORT_ROUNDS = 15, 9
REQUESTS = 400
INTRODUCTION = """\
Each value is the median of 15 processes; the candidates run in turns. Each ratio compares with the bare handler
(`benchmarks/peers/bare`) of the same run. The bare handler uses Powertools' resolver, one session, one token and
credentials from the environment. It validates and logs nothing. The others do the same GET with authentication and
credentials from SSM, packaged by their own tools. All upstreams are on loopback, without TLS."""


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--short", action="store_true", help="only what CI watches, compared with the ratios on record")
    options = parser.parse_args()
    functions = ours()
    if options.short:
        _compare(functions)
    else:
        _measure(functions)


def _asked(functions: Mapping[str, Candidate]) -> list[Candidate]:
    """The calls that CI watches."""
    rooms, tokens = functions["rooms"], functions["tokens"]
    return [
        rooms.asked(without_query(rooms.event), "GET /rooms"),
        rooms.asked(event_of("rooms", "create_room"), "POST /rooms"),
        tokens.asked(tokens.event, "POST /token"),
    ]


def _beside(functions: Mapping[str, Candidate], *names: str) -> list[Candidate]:
    rooms = functions["rooms"]
    return [on_the_layer(name, without_query(rooms.event), rooms.layer) for name in names]


def _compare(functions: Mapping[str, Candidate]) -> None:
    measured = _ratios(functions)
    for name, ratio in measured.items():
        print(f"{name}: {times(ratio)} the bare handler")
    worse = regressions(measured)
    again = regressions(_ratios(functions)) if worse else {}
    if slower := [again[name] for name in worse if name in again]:
        sys.exit("\n".join(["slower than on record, twice:", *slower]))


def _ratios(functions: Mapping[str, Candidate]) -> dict[str, float]:
    asked = _asked(functions)
    started = cold.measure([*_beside(functions, "bare"), *asked], SHORT_ROUNDS)
    ran = warm.measure([*_beside(functions, "bare", "socket"), *asked], SHORT_ROUNDS, REQUESTS)
    return _watched(asked, cold.ratios(started), warm.ratios(ran))


def _watched(asked: list[Candidate], started: Mapping[str, float], ran: Mapping[str, float]) -> dict[str, float]:
    names = [candidate.name for candidate in asked]
    return {f"cold {name}": started[name] for name in names} | {f"warm {name}": ran[name] for name in names}


def _measure(functions: Mapping[str, Candidate]) -> None:
    rooms, asked = functions["rooms"], _asked(functions)
    others = peers(without_query(rooms.event))
    more = [function for folder, function in functions.items() if folder not in ("rooms", "tokens")]
    started = cold.measure([*_beside(functions, "bare"), *others, *asked, *more], ROUNDS)
    ran = warm.measure([*_beside(functions, "bare", "session", "socket"), *others, *asked], ROUNDS, REQUESTS)
    layer = BUILT / "functions" / "HmsLayer"
    artifacts = {"the layer": layer, "a function": rooms.code, **{peer.name: peer.code for peer in others}}
    (routes,) = _beside(functions, "routes")
    sections = {
        "Cold start": cold.report(started),
        "Warm requests": warm.report(ran),
        "Memory": memory.report([*_beside(functions, "bare"), *asked]),
        "Artifacts": sizes.report(artifacts),
        "Growth": growth.report(rooms, functions["polls"], routes, event_of("polls", "create_poll")),
        "In Lambda's image": image.report([*_beside(functions, "bare"), *asked, *others]),
    }
    text = "\n\n".join(f"## {title}\n\n{section}" for title, section in sections.items())
    RESULTS.write_text(f"# Results\n\n{circumstances()}\n{INTRODUCTION}\n\n{text}\n")
    print(RESULTS.read_text())
    record(_watched(asked, cold.ratios(started), warm.ratios(ran)))


if __name__ == "__main__":
    main()
