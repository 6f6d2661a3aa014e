"""Recordings."""

from hms.gateway import Gateway

gateway = Gateway("recordings")
recordings = gateway.client.recordings

gateway.get("/recordings", recordings.list)
gateway.get("/recordings/<recording_id>", recordings.retrieve)
gateway.get("/recordings/<recording_id>/config", recordings.retrieve_config)
gateway.post("/recordings/<recording_id>/stop", recordings.stop)
gateway.post("/recordings/room/<room_id>/start", recordings.start)
gateway.post("/recordings/room/<room_id>/stop", recordings.stop_room)
gateway.post("/recordings/room/<room_id>/pause", recordings.pause)
gateway.post("/recordings/room/<room_id>/resume", recordings.resume)

handler = gateway.resolve
