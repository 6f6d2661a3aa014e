"""Only `requests.Session.get`: the lower bound for handlers that use it."""

import os
from typing import Any

import requests

session = requests.Session()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Return the response of 100ms."""
    response = session.get(f"{os.environ['HMS_API_URL']}/rooms", timeout=25)
    return {"statusCode": response.status_code, "body": response.text}
