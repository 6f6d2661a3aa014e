"""Sessions: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import Query, Reply


class Sessions(Section):
    """Operations under /sessions."""

    def list(self, query: Query = ()) -> Reply:
        """List sessions of the workspace.

        https://www.100ms.live/docs/server-side/v2/api-reference/Sessions/list-sessions
        """
        return self._call("GET", "sessions", query=query)

    def retrieve(self, session_id: str, query: Query = ()) -> Reply:
        """Fetch one session with everyone who took part.

        https://www.100ms.live/docs/server-side/v2/api-reference/Sessions/retrieve-a-session
        """
        return self._call("GET", "sessions", session_id, query=query)
