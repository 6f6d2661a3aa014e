"""Stores the attendance of sessions from events on the bus."""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from hms_service.observability.logs import make_logger
from hms_service.observability.metrics import Metric, MetricsRecorder
from hms_service.sessions.attendance.event import AttendanceEvent, UnsupportedEventError
from hms_service.sessions.attendance.repository import AttendanceRepository
from hms_service.settings import ServiceSettings

settings = ServiceSettings.from_environment()
repository = AttendanceRepository(settings)
logger = make_logger("attendance_keeper")
metrics = MetricsRecorder("attendance_keeper", settings.stack)
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Store a batch of events. Return the messages that SQS must deliver again."""
    try:
        return process_partial_response(event, save_attendance, processor, context)
    finally:
        metrics.flush()


def save_attendance(record: SQSRecord, lambda_context: LambdaContext) -> None:
    """Store the event of a message. Drop the message if it has no valid event."""
    logger.append_keys(correlation_id=record.message_id, function_request_id=lambda_context.aws_request_id)
    try:
        repository.save(AttendanceEvent.from_webhook(read_detail(record.body)))
    except UnsupportedEventError as error:
        metrics.count(Metric.ATTENDANCE_EVENTS_DROPPED)
        logger.warning("dropped", extra={"message_id": record.message_id, "reason": str(error)})
        return
    except Exception as error:
        metrics.count(Metric.ATTENDANCE_EVENTS_DEFERRED)
        logger.error("not kept", extra={"message_id": record.message_id, "error": type(error).__name__})
        raise
    logger.info("kept", extra={"message_id": record.message_id})


def read_detail(body: str) -> Any:
    try:
        return json.loads(body)["detail"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise UnsupportedEventError("the message has no event") from None
