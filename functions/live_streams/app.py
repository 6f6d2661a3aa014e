"""Live (HLS) streams."""

from hms.resources import live_streams
from hms_service.http.router import Gateway

gateway = Gateway("live_streams")

gateway.operation(live_streams.LIST)
gateway.operation(live_streams.RETRIEVE)
gateway.operation(live_streams.STOP)
gateway.operation(live_streams.SEND_TIMED_METADATA, "/live-streams/<stream_id>/metadata")
gateway.operation(live_streams.PAUSE_RECORDING)
gateway.operation(live_streams.RESUME_RECORDING)
gateway.operation(live_streams.START)
gateway.operation(live_streams.STOP_ROOM)

handler = gateway.resolve
