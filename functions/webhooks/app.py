"""Webhooks of 100ms."""

from hms.access import Access
from hms.gateway import Gateway
from hms.webhooks import Webhooks

gateway = Gateway("webhooks")
webhooks = Webhooks(gateway.client, gateway.meter)

gateway.post("/webhooks", webhooks.receive, Access.PUBLIC, keyed=False)

handler = gateway.resolve
