"""Live (HLS) streams."""

from hms.gateway import Gateway

gateway = Gateway("live_streams")
live_streams = gateway.client.live_streams

gateway.get("/live-streams", live_streams.list)
gateway.get("/live-streams/<stream_id>", live_streams.retrieve)
gateway.post("/live-streams/<stream_id>/stop", live_streams.stop)
gateway.post("/live-streams/<stream_id>/timed-metadata", live_streams.send_timed_metadata)
gateway.post("/live-streams/<stream_id>/metadata", live_streams.send_timed_metadata)
gateway.post("/live-streams/<stream_id>/pause-recording", live_streams.pause_recording)
gateway.post("/live-streams/<stream_id>/resume-recording", live_streams.resume_recording)
gateway.post("/live-streams/room/<room_id>/start", live_streams.start)
gateway.post("/live-streams/room/<room_id>/stop", live_streams.stop_room)

handler = gateway.resolve
