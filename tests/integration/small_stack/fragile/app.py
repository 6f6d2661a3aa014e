"""Fails in the way that the path names."""

import json
import os
import sys
import time

from shared import Event, process_id  # type: ignore[import-not-found]

print("imported")


def handler(event: Event, _context: object) -> object:
    """Return the worker's process ID, or fail as requested."""
    print("called")
    match event["pathParameters"]["proxy"]:
        case "raise":
            raise ValueError("as asked")
        case "exit":
            sys.exit(3)
        case "abort":
            os.abort()
        case "hang":
            time.sleep(30)
        case "repeat":
            return "".join(text * count for text, count in json.loads(event["body"])["texts"])
        case "unserializable":
            return {object()}
    return process_id()
