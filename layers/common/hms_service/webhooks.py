"""Receives webhooks from 100ms, verifies them and publishes each on the bus once.

https://www.100ms.live/docs/server-side/v2/how-to-guides/configure-webhooks/overview
"""

import codecs
import logging
import math
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeGuard

import boto3
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyPersistenceLayerError,
)
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from hms.client import HmsClient
from hms.errors import BadRequestError, HmsError, PayloadTooLargeError, PublishInProgressError, StoreUnavailableError
from hms.strict_json import parse
from hms.types import Response
from hms.webhooks import WebhookVerifier
from hms_service.event_bus import EventBus
from hms_service.http.route import Request
from hms_service.http.steps.body import read_bytes
from hms_service.observability.metrics import Metric, MetricsRecorder
from hms_service.settings import ServiceSettings
from hms_service.timestamps import parse_timestamp

SOURCE = "100ms"
KEY_PREFIX = "webhooks"
SIGNATURE_HEADER = "x-100ms-signature"
MAX_TYPE_LENGTH = 128
MAX_ID_LENGTH = 256
REPLACEMENT = "\ufffd"
TOKEN = re.compile(
    rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|-?Infinity|NaN|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?', re.DOTALL
)
"""A JSON string or number, or a number that only Python accepts. It also matches unterminated strings, for linear time.

The possessive `*+` saves no backtracking positions, which would take 60 MB for 500,000 escapes.
"""
ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(u[dD][89a-fA-F][\da-fA-F]{2}|u[fF]{3}[e-fE-F])|.)",
    re.DOTALL,
)
"""An escape in a string. The group matches only for a lone surrogate, U+FFFE or U+FFFF."""
NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())
"""SQS refuses a message with one of them, and attendance would lose the event.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
"""
INTEGER = re.compile(rb"-?\d+")
MAX_INTEGER = 2**63 - 1
"""EventBridge refuses an event with an integer outside 64 bits."""
SAFE_DIGITS = 18
"""Length up to which every integer fits into 64 bits."""
DAY_SECONDS = 24 * 60 * 60

logger = logging.getLogger(__name__)


class WebhookReceiver:
    """Receives webhooks.

    Args:
        client: provides the parameter prefix and the transport. It sends nothing to 100ms.
        settings: webhook header, idempotency table and event bus.
        metrics: counts webhooks by outcome.
    """

    def __init__(self, client: HmsClient, settings: ServiceSettings, metrics: MetricsRecorder) -> None:
        self._metrics = metrics
        self._header = settings.webhook_header
        self._table = settings.idempotency_table
        self._verifier = WebhookVerifier(
            client.settings.parameter_prefix, client.transport, signed=settings.webhook_signature
        )
        self._bus = EventBus(settings.event_bus)

    def receive(self, request: Request) -> Response:
        """Receive a webhook and publish it on the bus once per event ID.

        The response is 200 only if the event was published now or, with the same ID, in the last 24 hours.

        Raises:
            UnauthorizedError: The secret or the signature is missing or wrong.
            PayloadTooLargeError, EventTooLargeError: The event is too large for EventBridge.
            BadRequestError: The body is not an event.
            PublishInProgressError: Another delivery of the same event is being published.
            PublishError: EventBridge did not confirm the event. A retry publishes it.
            StoreUnavailableError: The idempotency table is unavailable. The event was not published.
            CredentialsUnavailableError: The webhook secrets cannot be read from SSM.
        """
        try:
            self._verifier.check_secret(request.headers.get(self._header, ""))
            body = read_bytes(request.event)
            self._verifier.check_signature(request.headers.get(SIGNATURE_HEADER, ""), body)
            detail = sanitize_json(body)
            envelope = parse(detail)
            _check_envelope(envelope)
            request.log.event_id, request.log.event_type = envelope["id"], envelope["type"]
            is_new = self._publish_once(envelope, detail.decode(), request.context)
        except PublishInProgressError:
            raise
        except HmsError as error:
            is_failure = error.status_code >= 500 or error.status_code == PayloadTooLargeError.status_code
            self._metrics.count(Metric.PUBLISH_FAILURES if is_failure else Metric.WEBHOOKS_REJECTED)
            raise
        except Exception:
            self._metrics.count(Metric.PUBLISH_FAILURES)
            raise
        self._metrics.count(Metric.WEBHOOKS_PUBLISHED if is_new else Metric.WEBHOOKS_DUPLICATED)
        return Response.from_json(200, {"id": envelope["id"]})

    def _publish_once(self, envelope: dict[str, Any], text: str, context: LambdaContext) -> bool:
        """Publish the event unless it was published before; return whether it is new.

        Each event ID is recorded before and after publishing. After a crash in between, the record blocks other
        deliveries until the function's timeout. The next delivery then publishes the event. A crash can publish an
        event twice, but never loses one.
        """
        published = False

        def publish(data: dict[str, str]) -> None:  # noqa: ARG001
            nonlocal published
            self._bus.publish(SOURCE, envelope["type"], text, time=parse_timestamp(envelope.get("timestamp")))
            published = True

        config = IdempotencyConfig(
            event_key_jmespath="id", expires_after_seconds=DAY_SECONDS, lambda_context=context, hash_function="sha256"
        )
        publish_once = idempotent_function(
            publish, data_keyword_argument="data", persistence_store=self._store, config=config, key_prefix=KEY_PREFIX
        )
        try:
            publish_once(data={"id": envelope["id"]})
        except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError):
            raise PublishInProgressError from None
        except IdempotencyPersistenceLayerError as error:
            cause = type(error.__cause__).__name__
            if not published:
                raise StoreUnavailableError(reason=f"DynamoDB: {cause}") from None
            logger.warning("webhook published, but its ID was not recorded in DynamoDB: %s", cause)
        return published

    @cached_property
    def _store(self) -> DynamoDBPersistenceLayer:
        if not self._table:
            raise StoreUnavailableError(reason="HMS_IDEMPOTENCY_TABLE is not set")
        timeouts = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 2})
        client = boto3.client("dynamodb", config=timeouts)
        return DynamoDBPersistenceLayer(table_name=self._table, boto3_client=client)


def sanitize_json(text: bytes) -> bytes:
    """Return a JSON text in a form that EventBridge, SQS, DynamoDB and the log can carry.

    A lone surrogate, U+FFFE or U+FFFF becomes U+FFFD. NaN, an infinity or a number beyond the range of a double becomes
    null. An integer over 64 bits is written as a double. A byte order mark is removed. All other bytes do not change.
    Invalid JSON stays invalid.
    """
    text = text.removeprefix(codecs.BOM_UTF8)
    for noncharacter in NONCHARACTERS:
        text = text.replace(noncharacter, REPLACEMENT.encode())
    return _substitute(TOKEN, _sanitize_token, text)


def _substitute(pattern: re.Pattern[bytes], replacement: Callable[[re.Match[bytes]], bytes], text: bytes) -> bytes:
    """Replace matches with less memory than `pattern.sub`, which takes 100 MB for a megabyte of numbers."""
    pieces, end = [], 0
    for match in pattern.finditer(text):
        if (replaced := replacement(match)) != match[0]:
            pieces += [text[end : match.start()], replaced]
            end = match.end()
    return b"".join([*pieces, text[end:]])


def _sanitize_token(match: re.Match[bytes]) -> bytes:
    token = match[0]
    if token.startswith(b'"'):
        return _substitute(ESCAPE, _sanitize_escape, token) if b"\\u" in token else token
    is_integer = INTEGER.fullmatch(token) is not None
    if is_integer and len(token) <= SAFE_DIGITS:
        return token
    value = float(token)
    if not math.isfinite(value):
        return b"null"
    is_representable = not is_integer or -MAX_INTEGER - 1 <= int(token) <= MAX_INTEGER
    return token if is_representable else repr(value).encode()


def _sanitize_escape(match: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if match[1] else match[0]


def _check_envelope(envelope: Any) -> None:
    """Check the envelope of an event. Unknown types and members are allowed."""
    if not isinstance(envelope, dict):
        raise BadRequestError("Invalid webhook", details=["body: must be a JSON object"])
    problems = []
    if not _is_text(envelope.get("id"), MAX_ID_LENGTH):
        problems.append(f"id: must be a string of 1 to {MAX_ID_LENGTH} printable characters")
    event_type = envelope.get("type")
    if not _is_text(event_type, MAX_TYPE_LENGTH) or REPLACEMENT in event_type:
        problems.append(f"type: must be a string of 1 to {MAX_TYPE_LENGTH} printable characters")
    if not isinstance(envelope.get("data"), dict):
        problems.append("data: must be an object")
    if problems:
        raise BadRequestError("Invalid webhook", details=problems)


def _is_text(value: object, max_length: int) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= max_length and value.isprintable()
