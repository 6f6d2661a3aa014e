"""Sessions."""

from hms.gateway import Gateway

gateway = Gateway("sessions")
sessions = gateway.client.sessions

gateway.get("/sessions", sessions.list)
gateway.get("/sessions/<session_id>", sessions.retrieve)

handler = gateway.resolve
