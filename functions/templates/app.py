"""Templates."""

from hms.resources import templates
from hms_service.http.router import Gateway

gateway = Gateway("templates")

gateway.operation(templates.CREATE)
gateway.operation(templates.LIST)
gateway.operation(templates.RETRIEVE)
gateway.operation(templates.UPDATE)
gateway.operation(templates.UPSERT_ROLE)
gateway.operation(templates.RETRIEVE_ROLE)
gateway.operation(templates.DELETE_ROLE)
gateway.operation(templates.RETRIEVE_SETTINGS)
gateway.operation(templates.UPDATE_SETTINGS)
gateway.operation(templates.RETRIEVE_DESTINATIONS)
gateway.operation(templates.UPDATE_DESTINATIONS)
gateway.operation(templates.RETRIEVE_RECORDINGS)
gateway.operation(templates.CONFIGURE_RECORDINGS)

handler = gateway.resolve
