"""Commands from queues, schedules and other functions."""

from typing import Any

import boto3  # noqa: F401, near the bottom of the stack: docs/decisions/imports-near-the-bottom-of-the-stack.md
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from hms.client import HmsClient
from hms_service.commands.runner import CommandRunner
from hms_service.event_bus import EventBus
from hms_service.http.idempotency import Idempotency
from hms_service.http.size import MAX_RESPONSE_BYTES
from hms_service.observability.logs import make_logger
from hms_service.observability.metrics import MetricsRecorder
from hms_service.settings import ServiceSettings

settings = ServiceSettings.from_environment()
metrics = MetricsRecorder("commands", settings.stack)
idempotency = Idempotency(settings.idempotency_table, "commands", "id")
requester = HmsClient.from_environment().requester
commands = CommandRunner(requester, idempotency, EventBus(settings.event_bus), make_logger("commands"), metrics)
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: Any, context: LambdaContext) -> Any:
    """Run commands and return their results, or the failed messages of an SQS batch.

    Args:
        event: an SQS batch, a command or a list of commands.
        context: Lambda context.
    """
    try:
        return dispatch(event, context)
    finally:
        metrics.flush()


def dispatch(event: Any, context: LambdaContext) -> Any:
    if isinstance(event, dict) and "Records" in event:
        return process_partial_response(event, run_record, processor, context)
    if isinstance(event, list):
        default_ids = (f"{context.aws_request_id}-{number}" for number in range(len(event)))
        max_bytes = (MAX_RESPONSE_BYTES - len("[]")) // max(len(event), 1) - len(", ")
        return [
            commands.run_direct(message, default_id, context, max_bytes)
            for message, default_id in zip(event, default_ids, strict=True)
        ]
    return commands.run_direct(event, context.aws_request_id, context)


def run_record(record: SQSRecord, lambda_context: LambdaContext) -> None:
    commands.run_message(record.body, record.message_id, lambda_context)
