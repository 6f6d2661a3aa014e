"""`python -m tools.mutants`: mutate the layer, and print which mutants no test kills.

Results are kept in .mutants/results.jsonl. A later run repeats only survivors whose tests changed.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

from tools.mutants.mutant import Mutant, select
from tools.mutants.near_tests import near_tests
from tools.mutants.workspace import LAYER, BaselineError, Workspace, digest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".mutants"
RESULTS = FOLDER / "results.jsonl"
PACKAGES = ("hms", "hms_service")


def modules(name: str) -> list[str]:
    """Return the modules that the name of a package, folder or file selects."""
    layer = ROOT / LAYER
    path = layer / name
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    return [file.relative_to(layer).as_posix() for file in files]


def read_results() -> dict[str, dict[str, str]]:
    """Return the last result of each mutant."""
    lines = RESULTS.read_text().splitlines() if RESULTS.exists() else []
    return {result["key"]: result for result in map(json.loads, lines)}


def run(mutants: list[Mutant], jobs: int) -> Iterator[tuple[Mutant, str]]:
    """Run the mutants and yield the outcome of each as it ends."""
    workspaces: Queue[Workspace] = Queue()

    def outcome(mutant: Mutant) -> str:
        workspace = workspaces.get()
        try:
            return workspace.run(mutant, near_tests(mutant))
        finally:
            workspaces.put(workspace)

    with TemporaryDirectory(prefix="mutants-") as folder:
        for number in range(jobs):
            workspaces.put(Workspace(ROOT, Path(folder, str(number))))
        pool = ThreadPoolExecutor(jobs)
        try:
            futures = {pool.submit(outcome, mutant): mutant for mutant in mutants}
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def print_table(outcomes: list[tuple[Mutant, str]]) -> None:
    """Print the survivors, and the number of killed mutants of each module."""
    for mutant, outcome in outcomes:
        if outcome == "survived":
            print(f"{LAYER}/{mutant.module}:{mutant.line}: {mutant.kind}\n{mutant.diff}\n")
    totals = Counter(mutant.module for mutant, _ in outcomes)
    killed = Counter(mutant.module for mutant, outcome in outcomes if outcome != "survived")
    print(f"{'module':<48} {'mutants':>7} {'killed':>6}")
    for module, total in [*totals.items(), ("total", totals.total())]:
        count = killed.total() if module == "total" else killed[module]
        print(f"{module:<48} {total:>7} {count:>6} {count / total:>6.0%}")


def main() -> int:
    """Return 0, also if mutants survive, or 1 if tests fail without a mutant."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument(
        "names", nargs="*", default=PACKAGES, help="packages, folders or modules, such as hms/tokens.py"
    )
    parser.add_argument("--count", type=int, default=160, help="mutants of each name (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: %(default)s)")
    arguments = parser.parse_args()
    mutants = [mutant for name in arguments.names for mutant in select(ROOT / LAYER, modules(name), arguments.count)]
    results = read_results()
    digests = {mutant.key: digest(ROOT, near_tests(mutant)) for mutant in mutants}

    def is_known(mutant: Mutant) -> bool:
        result = results.get(mutant.key)
        return result is not None and (result["outcome"] != "survived" or result["tests"] == digests[mutant.key])

    outcomes = [(mutant, results[mutant.key]["outcome"]) for mutant in mutants if is_known(mutant)]
    pending = [mutant for mutant in mutants if not is_known(mutant)]
    FOLDER.mkdir(exist_ok=True)
    try:
        with RESULTS.open("a") as file:
            for mutant, outcome in run(pending, arguments.jobs):
                result = {"key": mutant.key, "module": mutant.module, "outcome": outcome, "tests": digests[mutant.key]}
                print(json.dumps(result), file=file, flush=True)
                print(f"{mutant.module}:{mutant.line} {mutant.kind}: {outcome}", file=sys.stderr, flush=True)
                outcomes.append((mutant, outcome))
    except BaselineError as error:
        print(error, file=sys.stderr)
        return 1
    print_table(sorted(outcomes, key=lambda outcome: (outcome[0].module, outcome[0].line)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
