"""Sessions."""

from hms.resources import sessions
from hms_service.http.router import Gateway

gateway = Gateway("sessions")

gateway.operation(sessions.LIST)
gateway.operation(sessions.RETRIEVE)

handler = gateway.resolve
