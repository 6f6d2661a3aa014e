"""A section with `ROUTES` routes. The benchmark calls the last one, which makes no upstream call."""

import os

from hms.types import Response
from hms_service.auth.caller import AuthScheme
from hms_service.http.route import Request
from hms_service.http.router import Router

router = Router("rooms")


def answer(_: Request) -> Response:
    """Return an empty object."""
    return Response(200, "{}")


for number in range(int(os.environ["ROUTES"]) - 1):
    router.get(f"/rooms/<room_id>/{number}", answer, AuthScheme.PUBLIC)
router.get("/rooms", answer, AuthScheme.PUBLIC)

handler = router.resolve
