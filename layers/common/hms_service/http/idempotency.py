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
    BadRequestError,
    ConflictError,
    CredentialsUnavailableError,
    DeadlineExceededError,
    HmsError,
    IdempotencyKeyAbandonedError,
    IdempotencyKeyReusedError,
    StoreUnavailableError,
    UpstreamUnreachableError,
)
from hms.types import Response

# Powertools would let an abandoned request run again once its time is up; without that time its key stays used.
warnings.filterwarnings("ignore", "Couldn't determine the remaining time left")

KEY_PATTERN = re.compile(r"[\x21-\x7e]{1,255}")
DAY_SECONDS = 24 * 60 * 60
MAX_RUN_SECONDS = 2 * 60
STORE_TIMEOUT_SECONDS = 3.0
"""How long the store may take, to note a request or its outcome."""
MAX_STORED_BYTES = 350 * 1024
"""Of DynamoDB's 400 KB an item, for the answer as Powertools stores it: as JSON, all but ASCII as \\uXXXX."""
RELEASING_STATUSES = frozenset({401, 429})
NOT_SENT_ERRORS = (
    UpstreamUnreachableError,
    DeadlineExceededError,
    CredentialsUnavailableError,
    StoreUnavailableError,
    ConflictError,
)
"""Errors after which nothing has reached 100ms. Any other of status 500 and above uses the key up."""
REPLAY_HEADERS = {"idempotent-replay": "true"}
TOO_LARGE = "the answer was too large to be kept"


class _ReleaseKeyError(Exception):
    """Carries a response past Powertools, which forgets the key when it sees an exception."""

    def __init__(self, response: Response) -> None:
        self.response = response


class _Store(DynamoDBPersistenceLayer):
    """Powertools' store, which knows a record that it made itself.

    DynamoDB may keep a record and answer too late; the second try then meets it, and it is no other request's.
    """

    def _put_record(self, data_record: DataRecord) -> None:
        """Keep the record, with a mark of its own in a time at which it will long have expired."""
        marker = (data_record.expiry_timestamp or 0) * 1000 + secrets.randbits(30)
        data_record.in_progress_expiry_timestamp = marker
        try:
            super()._put_record(data_record)
        except IdempotencyItemAlreadyExistsError as error:
            stored_record = error.old_data_record
            if stored_record is None or stored_record.in_progress_expiry_timestamp != marker:
                raise


class Idempotency:
    """Runs a call once for a key.

    Args:
        table: name of the DynamoDB table; "" where there is none.
        key_prefix: begins the keys of all records; a function's role allows no others.
        name: what callers call the key.
    """

    def __init__(self, table: str, key_prefix: str, name: str = "idempotency-key") -> None:
        self._table = table
        self._key_prefix = key_prefix
        self._name = name

    def run(self, key: str, scope: str, request: bytes, call: Callable[[], Response]) -> Response:
        """The response of the call, or of the call that had this key before.

        The key is used up once the request may have reached 100ms, whatever came of it; what provably never arrived,
        was refused here, or was answered with 401 or 429 releases it.

        Args:
            key: what the caller sent.
            scope: whose key it is and for what.
            request: what must be the same when the key comes again.
            call: sends the request.

        Raises:
            BadRequestError: the key is not 1 to 255 visible ASCII characters, or there is no table.
            ConflictError: a request with this key is under way.
            IdempotencyKeyAbandonedError: one was begun over two minutes ago and never ended.
            IdempotencyKeyReusedError: the key came with another request.
            StoreUnavailableError: DynamoDB failed before anything was sent.
        """
        if not KEY_PATTERN.fullmatch(key):
            raise BadRequestError(details=[f"{self._name}: 1 to 255 visible ASCII characters are required"])
        if not self._table:
            raise BadRequestError(details=[f"{self._name}: not available here"])
        responses: list[Response] = []

        def send(data: dict[str, str]) -> dict[str, Any]:  # noqa: ARG001
            response = _call_to_response(call)
            responses.append(response)
            if response.status_code in RELEASING_STATUSES:
                raise _ReleaseKeyError(response)
            return _to_record(response)

        run_once = idempotent_function(
            send,
            data_keyword_argument="data",
            persistence_store=self._store,
            config=self._config,
            key_prefix=self._key_prefix,
        )
        data = {"key": f"{scope} {key}", "request": hashlib.sha256(request).hexdigest()}
        try:
            stored = run_once(data=data)
        except _ReleaseKeyError as released:
            return released.response
        except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError):
            raise self._unfinished_error(data) from None
        except IdempotencyValidationError:
            raise IdempotencyKeyReusedError(details=[f"{self._name}: it was used with another request"]) from None
        except IdempotencyPersistenceLayerError as error:
            if responses:
                return responses[0]
            raise StoreUnavailableError(reason=f"DynamoDB: {type(error.__cause__).__name__}") from None
        return (
            responses[0]
            if responses
            else Response(stored["status"], stored["text"], {**stored["headers"], **REPLAY_HEADERS})
        )

    def _unfinished_error(self, data: dict[str, str]) -> ConflictError:
        """What an unfinished record means: its expiry, a day after it was made, tells its age."""
        try:
            record = self._store.get_record(data)
        except (IdempotencyItemNotFoundError, BotoCoreError, ClientError):
            record = None
        if record and record.expiry_timestamp and record.status == "INPROGRESS":
            started_at = int(record.expiry_timestamp) - DAY_SECONDS
            if time.time() - started_at > MAX_RUN_SECONDS:
                return IdempotencyKeyAbandonedError(details=[f"{self._name}: a request with this key was abandoned"])
        return ConflictError(details=[f"{self._name}: a request with this key is under way"])

    @cached_property
    def _store(self) -> _Store:
        timeouts = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 2})
        return _Store(table_name=self._table, boto_config=timeouts)

    @cached_property
    def _config(self) -> IdempotencyConfig:
        return IdempotencyConfig(
            event_key_jmespath="key", payload_validation_jmespath="request", expires_after_seconds=DAY_SECONDS
        )


def _call_to_response(call: Callable[[], Response]) -> Response:
    """What came of a request that may have arrived, a failure too."""
    try:
        return call()
    except HmsError as error:
        if error.status_code < 500 or isinstance(error, NOT_SENT_ERRORS):
            raise
        return Response.from_error(error)


def _to_record(response: Response) -> dict[str, Any]:
    record = _serialize(response)
    if len(json.dumps(record)) <= MAX_STORED_BYTES:
        return record
    return _serialize(response.with_json(_to_placeholder(response)))


def _serialize(response: Response) -> dict[str, Any]:
    return {"status": response.status_code, "text": response.text, "headers": dict(response.headers)}


def _to_placeholder(response: Response) -> dict[str, Any]:
    return {"code": response.status_code, "message": TOO_LARGE, "details": []}
