"""Webhooks of 100ms."""

from hms_service.auth.authenticator import Access
from hms_service.http.router import Gateway
from hms_service.webhooks import Webhooks

gateway = Gateway("webhooks")
webhooks = Webhooks(gateway.client, gateway.settings, gateway.meter)

gateway.post("/webhooks", webhooks.receive, Access.PUBLIC, idempotent=False, body="raw")

handler = gateway.resolve
