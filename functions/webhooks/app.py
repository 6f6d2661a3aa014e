"""Webhooks of 100ms."""

import boto3  # noqa: F401, near the bottom of the stack: docs/decisions/imports-near-the-bottom-of-the-stack.md

from hms_service.auth.authenticator import Access
from hms_service.http.router import Gateway
from hms_service.webhooks import Webhooks

gateway = Gateway("webhooks")
webhooks = Webhooks(gateway.client, gateway.settings, gateway.meter)

gateway.post("/webhooks", webhooks.receive, Access.PUBLIC, idempotent=False, body="raw")

handler = gateway.resolve
