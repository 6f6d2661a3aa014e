"""`requests.Session.get` alone, which nothing that goes through it can be faster than."""

import os
from typing import Any

import requests

session = requests.Session()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer an event with what 100ms answers."""
    answer = session.get(f"{os.environ['HMS_API_URL']}/rooms", timeout=25)
    return {"statusCode": answer.status_code, "body": answer.text}
