"""A section with as many routes as `ROUTES` says, asked for the last one, which calls nobody."""

import os

from hms.types import Reply
from hms_service.auth.authenticator import Access
from hms_service.http.router import Gateway

gateway = Gateway("rooms")


def answer() -> Reply:
    """Nothing in particular."""
    return Reply(200, "{}")


for number in range(int(os.environ["ROUTES"]) - 1):
    gateway.get(f"/rooms/<room_id>/{number}", answer, Access.PUBLIC)
gateway.get("/rooms", answer, Access.PUBLIC)

handler = gateway.resolve
