"""Recordings."""

from hms.resources import recordings
from hms_service.http.router import Gateway

gateway = Gateway("recordings")

gateway.operation(recordings.LIST)
gateway.operation(recordings.RETRIEVE)
gateway.operation(recordings.RETRIEVE_CONFIG)
gateway.operation(recordings.STOP)
gateway.operation(recordings.START)
gateway.operation(recordings.STOP_ROOM)
gateway.operation(recordings.PAUSE)
gateway.operation(recordings.RESUME)

handler = gateway.resolve
