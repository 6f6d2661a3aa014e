"""Idempotency for `Idempotency-Key` headers and command IDs: a repeated key returns the first response.

Powertools stores the records in DynamoDB for 24 hours. The module is imported only for requests with a key.
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

import boto3
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

# Without Lambda's remaining time, Powertools warns and never reruns an abandoned request. Its key stays used.
warnings.filterwarnings("ignore", "Couldn't determine the remaining time left")

KEY_PATTERN = re.compile(r"[\x21-\x7e]{1,255}")
DAY_SECONDS = 24 * 60 * 60
MAX_RUN_SECONDS = 2 * 60
STORE_TIMEOUT_SECONDS = 3.0
"""Time limit of DynamoDB for one write, of a new record or of its response."""
MAX_STORED_BYTES = 350 * 1024
"""Maximum size of a stored response as ASCII JSON. DynamoDB's limit for an item is 400 KB."""
RELEASING_STATUSES = frozenset({401, 429})
NOT_SENT_ERRORS = (
    UpstreamUnreachableError,
    DeadlineExceededError,
    CredentialsUnavailableError,
    StoreUnavailableError,
    ConflictError,
)
"""Errors after which nothing was sent to 100ms. Any other error of status 500 or above uses up the key."""
REPLAY_HEADERS = {"idempotent-replay": "true"}
TOO_LARGE = "the response was too large to store"


class _ReleaseKeyError(Exception):
    """Carries a response through Powertools, which deletes the record of a key on any exception."""

    def __init__(self, response: Response) -> None:
        self.response = response


class _Store(DynamoDBPersistenceLayer):
    """Powertools' store with safe retries.

    If a write times out, DynamoDB may have stored the record. This store recognizes its own record on the retry.
    """

    def _put_record(self, data_record: DataRecord) -> None:
        """Write the record. The in-progress expiry holds a random marker that lies after the expiry of the record."""
        marker = (data_record.expiry_timestamp or 0) * 1000 + secrets.randbits(30)
        data_record.in_progress_expiry_timestamp = marker
        try:
            super()._put_record(data_record)
        except IdempotencyItemAlreadyExistsError as error:
            stored_record = error.old_data_record
            if stored_record is None or stored_record.in_progress_expiry_timestamp != marker:
                raise


class Idempotency:
    """Runs one call for each key.

    Args:
        table: name of the DynamoDB table; "" disables keys.
        key_prefix: prefix of the record keys. The role of the function allows only this prefix.
        name: name of the key in errors.
    """

    def __init__(self, table: str, key_prefix: str, name: str = "idempotency-key") -> None:
        self._table = table
        self._key_prefix = key_prefix
        self._name = name

    def run(self, key: str, scope: str, request: bytes, call: Callable[[], Response]) -> Response:
        """Run the call, or return the stored response if the key was used before.

        The key is used up once 100ms may have received the request. The key is released if the request was not sent,
        was refused by this service, or was answered with 401 or 429.

        Args:
            key: key from the caller.
            scope: scope of the key: the caller and the route.
            request: content that must be the same if the key is repeated.
            call: sends the request.

        Raises:
            BadRequestError: The key is not 1 to 255 visible ASCII characters, or there is no table.
            ConflictError: A request with this key is in progress.
            IdempotencyKeyAbandonedError: A request with this key started over two minutes ago and did not finish.
            IdempotencyKeyReusedError: The key was used with another request.
            StoreUnavailableError: DynamoDB is unavailable. Nothing was sent to 100ms.
        """
        if not KEY_PATTERN.fullmatch(key):
            raise BadRequestError(details=[f"{self._name}: must be 1 to 255 visible ASCII characters"])
        if not self._table:
            raise BadRequestError(details=[f"{self._name}: not supported by this deployment"])
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
            raise IdempotencyKeyReusedError(details=[f"{self._name}: already used with another request"]) from None
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
        """Return the error for an unfinished record. The age of the record follows from its expiry."""
        try:
            record = self._store.get_record(data)
        except (IdempotencyItemNotFoundError, BotoCoreError, ClientError):
            record = None
        if record and record.expiry_timestamp and record.status == "INPROGRESS":
            started_at = int(record.expiry_timestamp) - DAY_SECONDS
            if time.time() - started_at > MAX_RUN_SECONDS:
                return IdempotencyKeyAbandonedError(details=[f"{self._name}: used by a request that did not finish"])
        return ConflictError(details=[f"{self._name}: used by a request that is in progress"])

    @cached_property
    def _store(self) -> _Store:
        timeouts = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 2})
        return _Store(table_name=self._table, boto3_client=boto3.client("dynamodb", config=timeouts))

    @cached_property
    def _config(self) -> IdempotencyConfig:
        return IdempotencyConfig(
            event_key_jmespath="key", payload_validation_jmespath="request", expires_after_seconds=DAY_SECONDS
        )


def _call_to_response(call: Callable[[], Response]) -> Response:
    """Run the call. Return an error as a response if 100ms may have received the request."""
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
