"""Fails in the way the path names."""

import json
import os
import sys
import time

from shared import Event, process_id  # type: ignore[import-not-found]

print("imported")


def handler(event: Event, _context: object) -> object:
    """The worker's process id, unless asked for something worse."""
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
