"""Stream keys."""

from hms.gateway import Gateway

gateway = Gateway("stream_keys")
stream_keys = gateway.client.stream_keys

gateway.post("/stream-keys/room/<room_id>", stream_keys.create)
gateway.get("/stream-keys/room/<room_id>", stream_keys.retrieve)
gateway.post("/stream-keys/room/<room_id>/disable", stream_keys.disable)
gateway.post("/stream-keys/<room_id>", stream_keys.create)
gateway.get("/stream-keys/<room_id>", stream_keys.retrieve)
gateway.post("/stream-keys/<room_id>/disable", stream_keys.disable)

handler = gateway.resolve
