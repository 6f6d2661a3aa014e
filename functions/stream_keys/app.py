"""Stream keys."""

from hms.resources import stream_keys
from hms_service.http.router import Gateway

gateway = Gateway("stream_keys")

gateway.operation(stream_keys.CREATE, "/stream-keys/<room_id>")
gateway.operation(stream_keys.RETRIEVE, "/stream-keys/<room_id>")
gateway.operation(stream_keys.DISABLE, "/stream-keys/<room_id>/disable")

handler = gateway.resolve
