"""Runs each command once, within a time limit, then publishes and logs its result."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from hms.errors import (
    BadRequestError,
    CredentialsUnavailableError,
    EventTooLargeError,
    HmsError,
    IdempotencyKeyAbandonedError,
    PayloadTooLargeError,
    PublishError,
)
from hms.http import deadline
from hms.http.stats import UpstreamStats
from hms.operation import Operation
from hms.requester import Requester
from hms.settings import Validation
from hms.strict_json import encode, parse_input
from hms.types import Response
from hms_service.commands.arguments import Arguments, bind_arguments, get_operation
from hms_service.commands.message import read_command, unwrap_message
from hms_service.commands.result import CommandResult
from hms_service.event_bus import EventBus
from hms_service.http.idempotency import NOT_SENT_ERRORS, RELEASING_STATUSES, Idempotency
from hms_service.http.size import MAX_RESPONSE_BYTES, encoded_size
from hms_service.observability.metrics import Metric, MetricsRecorder
from hms_service.warnings import list_for_caller, list_for_log

COMMAND_MILLISECONDS = 25_000
RESERVE_MILLISECONDS = 10_000
"""Time reserved after a command for the idempotency store and the bus."""


class RedeliverError(Exception):
    """The queue must deliver the message again."""


class _RetryableResponseError(Exception):
    """Carries a response through the idempotency store, which then deletes the record to allow a retry."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class CommandRunner:
    """Runs commands.

    Args:
        requester: sends requests to 100ms.
        idempotency: runs each command ID once.
        bus: receives an event for each result.
        logger: writes one line for each command.
        metrics: counts commands by outcome.
    """

    def __init__(
        self, requester: Requester, idempotency: Idempotency, bus: EventBus, logger: Logger, metrics: MetricsRecorder
    ) -> None:
        self._requester = requester
        self._idempotency = idempotency
        self._bus = bus
        self._logger = logger
        self._metrics = metrics

    def run_message(self, text: str, default_id: str, context: LambdaContext) -> None:
        """Run the command in an SQS message and publish its result.

        Args:
            text: body of the message.
            default_id: ID to use if the command has none.
            context: Lambda context, for the remaining time.

        Raises:
            RedeliverError: The command did not run and can be retried, or its result was not published.
        """
        started = self._begin(default_id, context)
        result = self._read_and_run(
            partial(parse_input, text.encode(errors="surrogatepass"), "command"), default_id, context
        )
        is_published = result.is_final and self._publish(result, context)
        self._log(result, is_published, started)
        if not is_published:
            raise RedeliverError

    def run_direct(
        self, message: Any, default_id: str, context: LambdaContext, max_bytes: int = MAX_RESPONSE_BYTES
    ) -> dict[str, Any]:
        """Run the command of a direct invocation, publish its result and return it.

        Direct invocations are not retried. If the command did not run, it fails and its ID can be reused.

        Args:
            message: a JSON value, in the format of an SQS message body.
            default_id: ID to use if the command has none.
            context: Lambda context, for the remaining time.
            max_bytes: maximum size of the result as Lambda encodes it. The body of a larger result is omitted.

        Returns:
            The result, with `published`: whether it was published on the bus.
        """
        started = self._begin(default_id, context)
        result = self._read_and_run(lambda: parse_input(encode(message, "command"), "command"), default_id, context)
        is_published = self._publish(result, context)
        self._log(result, is_published, started)
        detail = {**result.to_dict(), "published": is_published}
        if encoded_size(detail) > max_bytes:
            detail = {**_without_body(result).to_dict(), "published": is_published}
        return detail

    def _begin(self, message_id: str, context: LambdaContext) -> float:
        """Set the log keys, reset the request statistics and return the start time."""
        self._logger.append_keys(correlation_id=message_id, function_request_id=context.aws_request_id)
        self._requester.stats = UpstreamStats()
        return time.perf_counter()

    def _read_and_run(self, read_message: Callable[[], Any], default_id: str, context: LambdaContext) -> CommandResult:
        try:
            message = read_message()
        except (BadRequestError, PayloadTooLargeError) as error:
            return CommandResult.from_response(default_id, None, Response.from_error(error))
        return self._run(message, default_id, context)

    def _run(self, message: Any, default_id: str, context: LambdaContext) -> CommandResult:
        deadline.start(min(COMMAND_MILLISECONDS, context.get_remaining_time_in_millis() - RESERVE_MILLISECONDS))
        command_id, command = unwrap_message(message, default_id)
        operation = None
        try:
            name, arguments = read_command(command)
            operation = get_operation(name)
            bound = bind_arguments(operation, arguments, is_strict=self._requester.validation is Validation.REJECT)
            self._requester.stats.add_warnings(bound.warnings)
            call = partial(self._call, operation, bound)
            request = json.dumps([name, arguments], sort_keys=True, allow_nan=False).encode()
            response = self._idempotency.run(command_id, "command", request, call)
            fields: dict[str, Any] = {"is_outcome_unknown": response.status_code >= 500 and not operation.is_read_only}
        except _RetryableResponseError as retryable:
            response, fields = retryable.response, {"is_final": False}
        except HmsError as error:
            is_abandoned = isinstance(error, IdempotencyKeyAbandonedError)
            self._metrics.count(Metric.CREDENTIAL_FAILURES, isinstance(error, CredentialsUnavailableError))
            is_final = is_abandoned or not isinstance(error, NOT_SENT_ERRORS)
            response = Response.from_error(error)
            fields = {"is_outcome_unknown": is_abandoned, "is_final": is_final, "reason": error.reason}
        except Exception as error:  # noqa: BLE001
            response = self._log_crash(error)
            fields = {"is_outcome_unknown": operation is None or not operation.is_read_only}
        warnings = list_for_caller(self._requester.stats.warnings)
        return CommandResult.from_response(command_id, operation, response, warnings=warnings, **fields)

    def _call(self, operation: Operation, arguments: Arguments) -> Response:
        """Send the command and return the response to store.

        An error is a response to store if 100ms may have received the request. An unexpected exception is stored too,
        because a retry would only repeat it.
        """
        try:
            response = self._requester.call(
                operation, arguments.path_parameters, query=arguments.query, body=arguments.body
            )
        except HmsError as error:
            if error.status_code < 500 or isinstance(error, NOT_SENT_ERRORS):
                raise
            response = Response.from_error(error)
        except Exception as error:  # noqa: BLE001
            return self._log_crash(error)
        if response.status_code in RELEASING_STATUSES or (operation.is_read_only and response.status_code >= 500):
            raise _RetryableResponseError(response)
        return response

    def _log_crash(self, error: Exception) -> Response:
        self._logger.error("crash", exc_info=error)
        return Response.from_error(HmsError())

    def _publish(self, result: CommandResult, context: LambdaContext) -> bool:
        deadline.start(context.get_remaining_time_in_millis())
        try:
            try:
                self._publish_event(result)
            except EventTooLargeError:
                self._publish_event(_without_body(result))
        except PublishError as error:
            self._logger.error("not published", extra={"id": result.id, "reason": error.reason})
            return False
        return True

    def _publish_event(self, result: CommandResult) -> None:
        detail = json.dumps(result.to_dict(), separators=(",", ":"), allow_nan=False)
        self._bus.publish("hms", f"command.{result.outcome}", detail)

    def _log(self, result: CommandResult, is_published: bool, started: float) -> None:
        log_fields: dict[str, Any] = {
            "id": result.id,
            "operation": result.operation,
            "status": result.status_code,
            "outcome": result.outcome if result.is_final else "did not run",
            "outcome_unknown": result.is_outcome_unknown,
            "published": is_published,
            "reason": result.reason,
            "duration_ms": round((time.perf_counter() - started) * 1000, 1),
        }
        stats = self._requester.stats
        if stats.warnings:
            log_fields["warnings"] = list_for_log(stats.warnings)
        if stats.validation:
            log_fields["validation"] = stats.validation
        write = self._logger.info if result.outcome == "succeeded" else self._logger.error
        write("command", extra=log_fields)
        self._metrics.count(_select_metric(result))
        self._metrics.count(Metric.PUBLISH_FAILURES, result.is_final and not is_published)
        self._metrics.count(Metric.VALIDATION_WARNINGS, len(stats.warnings))
        self._metrics.count(Metric.VALIDATION_FAILURES, stats.validation == "failed")
        self._metrics.record(stats)


def _without_body(result: CommandResult) -> CommandResult:
    return replace(result, body=None, body_omitted="too large")


def _select_metric(result: CommandResult) -> Metric:
    if not result.is_final:
        return Metric.COMMANDS_DEFERRED
    if result.is_outcome_unknown:
        return Metric.COMMANDS_UNKNOWN
    return Metric.COMMANDS_SUCCEEDED if result.outcome == "succeeded" else Metric.COMMANDS_FAILED
