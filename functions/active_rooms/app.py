"""Active rooms."""

from hms.resources import active_rooms
from hms_service.http.router import Gateway

gateway = Gateway("active_rooms")

gateway.operation(active_rooms.RETRIEVE)
gateway.operation(active_rooms.LIST_PEERS)
gateway.operation(active_rooms.RETRIEVE_PEER)
gateway.operation(active_rooms.UPDATE_PEER)
gateway.operation(active_rooms.SEND_MESSAGE)
gateway.operation(active_rooms.REMOVE_PEERS)
gateway.operation(active_rooms.END)

handler = gateway.resolve
