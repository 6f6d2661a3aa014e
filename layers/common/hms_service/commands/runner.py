"""Runs commands: each once, within its time, and tells the bus and the log what became of it."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from hms.errors import (
    Abandoned,
    BadRequest,
    CredentialsUnavailable,
    EntryTooLarge,
    HmsError,
    PayloadTooLarge,
    PublishFailed,
)
from hms.http import deadline
from hms.http.stats import Traffic
from hms.operation import Operation
from hms.requester import Requester
from hms.strict_json import encode, parse_input
from hms.types import Reply
from hms_service.commands.arguments import Arguments, bind, operation_named
from hms_service.commands.message import read, unwrap
from hms_service.commands.outcome import Outcome
from hms_service.event_bus import Bus
from hms_service.http.idempotency import DID_NOT_RUN, RELEASING_STATUSES, Idempotency
from hms_service.http.size import MAX_RESPONSE_BYTES, encoded_bytes
from hms_service.observability.metrics import Meter, Metric

COMMAND_MILLISECONDS = 25_000
RESERVE_MILLISECONDS = 10_000
"""What a command leaves for the idempotency store and the bus."""


class Redeliver(Exception):
    """The message has to come again."""


class _TryAgain(Exception):
    """Carries an answer after which the command may be tried again past the idempotency store, which forgets the id."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


class Commands:
    """Runs commands.

    Args:
        requester: calls 100ms.
        idempotency: runs a command once for an id.
        bus: where outcomes are published.
        logger: writes a line a command.
        meter: counts what becomes of them.
    """

    def __init__(self, requester: Requester, idempotency: Idempotency, bus: Bus, logger: Logger, meter: Meter) -> None:
        self._requester = requester
        self._idempotency = idempotency
        self._bus = bus
        self._logger = logger
        self._meter = meter

    def deliver(self, text: str, default_id: str, context: LambdaContext) -> None:
        """Run the command in a queue's message and publish what became of it.

        Args:
            text: the message's body.
            default_id: the command's id where it does not bring one.
            context: tells the time that is left.

        Raises:
            Redeliver: it did not run and is to be tried again, or what became of it is still to be published.
        """
        started = self._begin(default_id, context)
        outcome = self._read_and_run(
            partial(parse_input, text.encode(errors="surrogatepass"), "command"), default_id, context
        )
        is_published = outcome.is_final and self._publish(outcome, context)
        self._log(outcome, is_published, started)
        if not is_published:
            raise Redeliver

    def answer(
        self, message: Any, default_id: str, context: LambdaContext, max_bytes: int = MAX_RESPONSE_BYTES
    ) -> dict[str, Any]:
        """Run a command that came by itself, publish what became of it, and tell it, with whether it is `published`.

        Nobody brings it again: where a queue's message would be, this one failed, and its id may be used again.

        Args:
            message: a JSON value; it is read as a queue's message is.
            default_id: the command's id where it does not bring one.
            context: tells the time that is left.
            max_bytes: how large the answer may be as Lambda encodes it; the body of a larger one is omitted.
        """
        started = self._begin(default_id, context)
        outcome = self._read_and_run(lambda: parse_input(encode(message, "command"), "command"), default_id, context)
        is_published = self._publish(outcome, context)
        self._log(outcome, is_published, started)
        detail = {**outcome.detail(), "published": is_published}
        if encoded_bytes(detail) > max_bytes:
            detail = {**_without_body(outcome).detail(), "published": is_published}
        return detail

    def _begin(self, message_id: str, context: LambdaContext) -> float:
        """Name the message in whatever is logged from here on, and count anew; the time at which it begins."""
        self._logger.append_keys(correlation_id=message_id, function_request_id=context.aws_request_id)
        self._requester.traffic = Traffic()
        return time.perf_counter()

    def _read_and_run(self, read_message: Callable[[], Any], default_id: str, context: LambdaContext) -> Outcome:
        try:
            message = read_message()
        except (BadRequest, PayloadTooLarge) as error:
            return Outcome.of(default_id, None, Reply.of_error(error))
        return self._run(message, default_id, context)

    def _run(self, message: Any, default_id: str, context: LambdaContext) -> Outcome:
        deadline.start(min(COMMAND_MILLISECONDS, context.get_remaining_time_in_millis() - RESERVE_MILLISECONDS))
        command_id, command = unwrap(message, default_id)
        operation = None
        try:
            name, arguments = read(command)
            operation = operation_named(name)
            attempt = partial(self._attempt, operation, bind(operation, arguments))
            request = json.dumps([name, arguments], sort_keys=True, allow_nan=False).encode()
            reply = self._idempotency.run(command_id, "command", request, attempt)
            known: dict[str, Any] = {"is_unknown": reply.status >= 500 and not operation.reads}
        except _TryAgain as again:
            reply, known = again.reply, {"is_final": False}
        except HmsError as error:
            is_abandoned = isinstance(error, Abandoned)
            self._meter.count(Metric.CREDENTIAL_FAILURES, isinstance(error, CredentialsUnavailable))
            is_final = is_abandoned or not isinstance(error, DID_NOT_RUN)
            reply = Reply.of_error(error)
            known = {"is_unknown": is_abandoned, "is_final": is_final, "reason": error.reason}
        except Exception as error:  # noqa: BLE001
            reply, known = self._crash(error), {"is_unknown": operation is None or not operation.reads}
        return Outcome.of(command_id, operation, reply, **known)

    def _attempt(self, operation: Operation, arguments: Arguments) -> Reply:
        """The answer to keep: of 100ms, or of ours where the request may have arrived. A crash would only repeat."""
        try:
            reply = self._requester.call(
                operation, arguments.path_parameters, query=arguments.query, body=arguments.body
            )
        except HmsError as error:
            if error.status < 500 or isinstance(error, DID_NOT_RUN):
                raise
            reply = Reply.of_error(error)
        except Exception as error:  # noqa: BLE001
            return self._crash(error)
        if reply.status in RELEASING_STATUSES or (operation.reads and reply.status >= 500):
            raise _TryAgain(reply)
        return reply

    def _crash(self, error: Exception) -> Reply:
        self._logger.error("crash", exc_info=error)
        return Reply.of_error(HmsError())

    def _publish(self, outcome: Outcome, context: LambdaContext) -> bool:
        deadline.start(context.get_remaining_time_in_millis())
        try:
            try:
                self._put(outcome)
            except EntryTooLarge:
                self._put(_without_body(outcome))
        except PublishFailed as error:
            self._logger.error("not published", extra={"id": outcome.id, "reason": error.reason})
            return False
        return True

    def _put(self, outcome: Outcome) -> None:
        detail = json.dumps(outcome.detail(), separators=(",", ":"), allow_nan=False)
        self._bus.publish("hms", f"command.{outcome.name}", detail)

    def _log(self, outcome: Outcome, is_published: bool, started: float) -> None:
        line = {
            "id": outcome.id,
            "operation": outcome.operation,
            "status": outcome.status,
            "outcome": outcome.name if outcome.is_final else "did not run",
            "outcome_unknown": outcome.is_unknown,
            "published": is_published,
            "reason": outcome.reason,
            "duration_ms": round((time.perf_counter() - started) * 1000, 1),
        }
        log = self._logger.info if outcome.name == "succeeded" else self._logger.error
        log("command", extra=line)
        self._meter.count(_metric(outcome))
        self._meter.count(Metric.PUBLISH_FAILURES, outcome.is_final and not is_published)
        self._meter.note(self._requester.traffic)


def _without_body(outcome: Outcome) -> Outcome:
    return replace(outcome, body=None, omitted="too large")


def _metric(outcome: Outcome) -> Metric:
    if not outcome.is_final:
        return Metric.COMMANDS_DEFERRED
    if outcome.is_unknown:
        return Metric.COMMANDS_UNKNOWN
    return Metric.COMMANDS_SUCCEEDED if outcome.name == "succeeded" else Metric.COMMANDS_FAILED
