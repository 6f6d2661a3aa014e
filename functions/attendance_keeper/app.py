"""Keeps the attendance of sessions, from the events on the bus."""

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from hms.attendance.facts import Fact
from hms.attendance.register import Register
from hms.logs import make_logger
from hms.settings import Settings

register = Register(Settings.from_environment())
logger = make_logger("attendance_keeper")
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """A batch of events is answered with those that could not be kept and have to come again."""
    return process_partial_response(event, keep, processor, context)


def keep(record: SQSRecord, lambda_context: LambdaContext) -> None:
    logger.append_keys(correlation_id=record.message_id, function_request_id=lambda_context.aws_request_id)
    try:
        register.note(Fact.of(record.json_body["detail"]))
    except Exception as error:
        logger.error("not kept", extra={"message_id": record.message_id, "error": type(error).__name__})
        raise
    logger.info("kept", extra={"message_id": record.message_id})
