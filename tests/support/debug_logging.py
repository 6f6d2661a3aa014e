"""Runs functions with all loggers at DEBUG, so that a test can read everything they write.

Reads JSON arrays `[folder, event]` from standard input, one per line. Writes the responses to the given file, one per
line.
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
    """Handle all events on standard input."""
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
