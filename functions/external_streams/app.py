"""External (RTMP) streams."""

from hms.gateway import Gateway

gateway = Gateway("external_streams")
external_streams = gateway.client.external_streams

gateway.get("/external-streams", external_streams.list)
gateway.get("/external-streams/<stream_id>", external_streams.retrieve)
gateway.post("/external-streams/<stream_id>/stop", external_streams.stop)
gateway.post("/external-streams/room/<room_id>/start", external_streams.start)
gateway.post("/external-streams/room/<room_id>/stop", external_streams.stop_room)

handler = gateway.resolve
