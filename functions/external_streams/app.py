"""External (RTMP) streams."""

from hms.resources import external_streams
from hms_service.http.router import Gateway

gateway = Gateway("external_streams")

gateway.operation(external_streams.LIST)
gateway.operation(external_streams.RETRIEVE)
gateway.operation(external_streams.STOP)
gateway.operation(external_streams.START)
gateway.operation(external_streams.STOP_ROOM)

handler = gateway.resolve
