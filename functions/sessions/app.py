"""Sessions."""

from hms.api.sessions import Sessions
from hms.gateway import Gateway

gateway = Gateway("sessions")
sessions = Sessions(gateway.client)

gateway.get("/sessions", sessions.list)
gateway.get("/sessions/<session_id>", sessions.retrieve)

handler = gateway.resolve
