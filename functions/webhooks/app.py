"""Webhooks from 100ms."""

import boto3  # noqa: F401, near the bottom of the stack: docs/decisions/imports-near-the-bottom-of-the-stack.md

from hms_service.auth.caller import AuthScheme
from hms_service.http.router import Router
from hms_service.webhooks import WebhookReceiver

router = Router("webhooks")
webhooks = WebhookReceiver(router.client, router.settings, router.metrics)

router.post("/webhooks", webhooks.receive, AuthScheme.PUBLIC, idempotent=False, body="raw")

handler = router.resolve
