"""Runs functions with every logger there is at DEBUG: a script that a test starts, to read all that it writes.

Reads `[folder, event]`, a JSON array a line; writes the answers, a line each, to the file that it is given.
"""

import json
import logging
import sys
from functools import cache
from types import ModuleType

from tests.support.functions import load
from tests.support.lambda_context import Context


@cache
def _function(folder: str) -> ModuleType:
    return load(folder)


def main(answers: str) -> None:
    """Answer all events of standard input."""
    logging.basicConfig(level=logging.DEBUG, force=True)
    for name in ("aws_lambda_powertools", "boto3", "botocore", "requests", "urllib3"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    with open(answers, "w") as file:  # noqa: PTH123
        for line in sys.stdin:
            folder, event = json.loads(line)
            print(json.dumps(_function(folder).handler(event, Context())), file=file)
    logging.getLogger("tests.support.debug_logging").debug("whatever is not quiet by its own level is heard")


if __name__ == "__main__":
    main(sys.argv[1])
