"""Active rooms."""

from hms.gateway import Gateway

gateway = Gateway("active_rooms")
active_rooms = gateway.client.active_rooms

gateway.get("/active-rooms/<room_id>", active_rooms.retrieve)
gateway.get("/active-rooms/<room_id>/peers", active_rooms.list_peers)
gateway.get("/active-rooms/<room_id>/peers/<peer_id>", active_rooms.retrieve_peer)
gateway.post("/active-rooms/<room_id>/peers/<peer_id>", active_rooms.update_peer)
gateway.post("/active-rooms/<room_id>/send-message", active_rooms.send_message)
gateway.post("/active-rooms/<room_id>/remove-peers", active_rooms.remove_peers)
gateway.post("/active-rooms/<room_id>/end-room", active_rooms.end)

handler = gateway.resolve
