"""`Idempotency-Key` and the ids of commands: what may have been acted on is answered again, never sent again.

Loaded only where there is such a key. Powertools keeps the records in DynamoDB for 24 hours.
"""

import hashlib
import json
import re
import secrets
import time
import warnings
from collections.abc import Callable
from functools import cached_property
from typing import Any

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyItemAlreadyExistsError,
    IdempotencyItemNotFoundError,
    IdempotencyPersistenceLayerError,
    IdempotencyValidationError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from hms.errors import (
    Abandoned,
    BadRequest,
    Conflict,
    CredentialsUnavailable,
    HmsError,
    KeyReused,
    OutOfTime,
    StoreUnavailable,
    UpstreamUnreachable,
)
from hms.types import Reply

# Powertools would let an abandoned request run again once its time is up; without that time its key stays used.
warnings.filterwarnings("ignore", "Couldn't determine the remaining time left")

KEY = re.compile(r"[\x21-\x7e]{1,255}")
DAY_SECONDS = 24 * 60 * 60
LONGEST_RUN_SECONDS = 2 * 60
STORE_SECONDS = 3.0
"""How long the store may take, to note a request or its outcome."""
MAX_STORED_BYTES = 350 * 1024
"""Of DynamoDB's 400 KB an item, for the answer as Powertools stores it: as JSON, all but ASCII as \\uXXXX."""
RELEASING_STATUSES = frozenset({401, 429})
DID_NOT_RUN = (UpstreamUnreachable, OutOfTime, CredentialsUnavailable, StoreUnavailable, Conflict)
"""Errors after which nothing has reached 100ms. Any other of status 500 and above uses the key up."""
REPLAYED = {"idempotent-replay": "true"}
TOO_LARGE = "the answer was too large to be kept"


class _Release(Exception):
    """Carries a reply past Powertools, which forgets the key when it sees an exception."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply


class _Store(DynamoDBPersistenceLayer):
    """Powertools' store, which knows a record that it made itself.

    DynamoDB may keep a record and answer too late; the second try then meets it, and it is no other request's.
    """

    def _put_record(self, data_record: DataRecord) -> None:
        """Keep the record, with a mark of its own in a time at which it will long have expired."""
        mark = (data_record.expiry_timestamp or 0) * 1000 + secrets.randbits(30)
        data_record.in_progress_expiry_timestamp = mark
        try:
            super()._put_record(data_record)
        except IdempotencyItemAlreadyExistsError as error:
            kept = error.old_data_record
            if kept is None or kept.in_progress_expiry_timestamp != mark:
                raise


class Idempotency:
    """Runs a call once for a key.

    Args:
        table: name of the DynamoDB table; "" where there is none.
        section: begins the keys of all records; a function's role allows no others.
        name: what callers call the key.
    """

    def __init__(self, table: str, section: str, name: str = "idempotency-key") -> None:
        self._table = table
        self._section = section
        self._name = name

    def run(self, key: str, scope: str, request: bytes, call: Callable[[], Reply]) -> Reply:
        """The reply of the call, or of the call that had this key before.

        The key is used up once the request may have reached 100ms, whatever came of it; what provably never arrived,
        was refused here, or was answered with 401 or 429 releases it.

        Args:
            key: what the caller sent.
            scope: whose key it is and for what.
            request: what must be the same when the key comes again.
            call: sends the request.

        Raises:
            BadRequest: the key is not 1 to 255 visible ASCII characters, or there is no table.
            Conflict: a request with this key is under way.
            Abandoned: one was begun over two minutes ago and never ended.
            KeyReused: the key came with another request.
            StoreUnavailable: DynamoDB failed before anything was sent.
        """
        if not KEY.fullmatch(key):
            raise BadRequest(details=[f"{self._name}: 1 to 255 visible ASCII characters are required"])
        if not self._table:
            raise BadRequest(details=[f"{self._name}: not available here"])
        done: list[Reply] = []

        def send(data: dict[str, str]) -> dict[str, Any]:  # noqa: ARG001
            reply = _outcome(call)
            done.append(reply)
            if reply.status in RELEASING_STATUSES:
                raise _Release(reply)
            record = _record(reply)
            return record if len(json.dumps(record)) <= MAX_STORED_BYTES else _record(reply.with_json(_marker(reply)))

        run_once = idempotent_function(
            send,
            data_keyword_argument="data",
            persistence_store=self._store,
            config=self._config,
            key_prefix=self._section,
        )
        data = {"key": f"{scope} {key}", "request": hashlib.sha256(request).hexdigest()}
        try:
            stored = run_once(data=data)
        except _Release as released:
            return released.reply
        except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError):
            raise self._unfinished(data) from None
        except IdempotencyValidationError:
            raise KeyReused(details=[f"{self._name}: it was used with another request"]) from None
        except IdempotencyPersistenceLayerError as error:
            if done:
                return done[0]
            raise StoreUnavailable(reason=f"DynamoDB: {type(error.__cause__).__name__}") from None
        return done[0] if done else Reply(stored["status"], stored["text"], {**stored["headers"], **REPLAYED})

    def _unfinished(self, data: dict[str, str]) -> Conflict:
        """What an unfinished record means: its expiry, a day after it was made, tells its age."""
        try:
            record = self._store.get_record(data)
        except (IdempotencyItemNotFoundError, BotoCoreError, ClientError):
            record = None
        if record and record.expiry_timestamp and record.status == "INPROGRESS":
            begun = int(record.expiry_timestamp) - DAY_SECONDS
            if time.time() - begun > LONGEST_RUN_SECONDS:
                return Abandoned(details=[f"{self._name}: a request with this key was abandoned"])
        return Conflict(details=[f"{self._name}: a request with this key is under way"])

    @cached_property
    def _store(self) -> _Store:
        timeouts = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 2})
        return _Store(table_name=self._table, boto_config=timeouts)

    @cached_property
    def _config(self) -> IdempotencyConfig:
        return IdempotencyConfig(
            event_key_jmespath="key", payload_validation_jmespath="request", expires_after_seconds=DAY_SECONDS
        )


def _outcome(call: Callable[[], Reply]) -> Reply:
    """What came of a request that may have arrived, a failure too."""
    try:
        return call()
    except HmsError as error:
        if error.status < 500 or isinstance(error, DID_NOT_RUN):
            raise
        return Reply.of_error(error)


def _record(reply: Reply) -> dict[str, Any]:
    return {"status": reply.status, "text": reply.text, "headers": dict(reply.headers)}


def _marker(reply: Reply) -> dict[str, Any]:
    return {"code": reply.status, "message": TOO_LARGE, "details": []}
