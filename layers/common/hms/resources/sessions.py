"""Sessions: one method per operation."""

from collections.abc import Iterator
from typing import Any

from hms import models
from hms.operation import Operation
from hms.resources.resource import Resource
from hms.types import Query, Response

LIST = Operation(
    "sessions.list", "GET", "/sessions", query=lambda: models.sessions.SessionListQuery, response="SessionList"
)
RETRIEVE = Operation("sessions.retrieve", "GET", "/sessions/{session_id}", response="Session")


class Sessions(Resource):
    """Operations under /sessions."""

    def list(self, query: Query = ()) -> Response:
        """List sessions of the workspace, newest first, one page per call.

        Args:
            query: a `SessionListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/Sessions/list-sessions
        """
        return self._call(LIST, query=query)

    def iterate(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the sessions of all pages. Takes the parameters of `list`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return self._iterate(self.list, query, filters, max_items=max_items)

    def retrieve(self, session_id: str, query: Query = ()) -> Response:
        """Fetch one session with all its peers.

        Args:
            session_id: id of the session.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/Sessions/retrieve-a-session
        """
        return self._call(RETRIEVE, session_id=session_id, query=query)
