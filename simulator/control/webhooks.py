"""Serve the control calls of webhooks: set the workspace's webhook, and list delivery attempts."""

from typing import Any

from flask import Blueprint

from simulator.contract import error_details, no_documented_text, validator
from simulator.errors import invalid_body
from simulator.request_parsing import json_object, state
from simulator.webhook_target import WebhookTarget
from simulator.webhooks.state import DeliveryAttempt, Webhooks

Json = dict[str, Any]

blueprint = Blueprint("webhooks_control", __name__)


@blueprint.put("/webhook")
def set_webhook() -> Json:
    """Set the workspace's webhook. With a `signature_key`, sign all events, as in a HIPAA workspace."""
    target = json_object()
    signature_key = target.pop("signature_key", "")
    if not isinstance(signature_key, str):
        raise invalid_body("Invalid body param: signature_key must be a string")
    details = error_details(validator("RoomWebhook").iter_errors(target), no_documented_text)
    if details:
        raise invalid_body(*details)
    state(Webhooks).signature_key = signature_key
    state(Webhooks).target = WebhookTarget(target["url"], target.get("headers", {}))
    return target


@blueprint.get("/deliveries")
def list_deliveries() -> Json:
    """Return all attempts to send an event, oldest first."""
    return {"deliveries": [DeliveryAttempt.to_dict(attempt) for attempt in state(Webhooks).attempts]}
