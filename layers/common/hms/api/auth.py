"""The token service, which exchanges room codes: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import ObjectBody, Reply


class Auth(Section):
    """Operations under /token."""

    def exchange_room_code(self, body: ObjectBody) -> Reply:
        """Exchange an enabled room code for a client auth token.

        Args:
            body: a `CodeExchange`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/room-codes/room-codes-overview
        """
        self._check_body("CodeExchange", body)
        return self._client.request_auth("POST", "token", body=body)
