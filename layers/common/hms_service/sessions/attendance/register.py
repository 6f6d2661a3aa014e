"""The attendance register: facts in DynamoDB, each once, whatever the order in which they come and however often."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from hms.http import deadline
from hms_service.sessions.attendance.facts import Fact
from hms_service.settings import ServiceSettings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NAMES = [field.name for field in fields(Fact)]
CONNECT_SECONDS = 1.0
READ_SECONDS = 3.0
TRIES = 3
LONGEST_CALL_SECONDS = TRIES * (CONNECT_SECONDS + READ_SECONDS)
OLDEST_EXPIRY = timedelta(days=4 * 365)
"""TTL ignores what expired over five years ago.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
"""


class OutOfTime(Exception):
    """No time is left to read the rest of a session."""


class Register:
    """Facts by session. A fact has a key of its own, so that no write reads or changes another's.

    Args:
        settings: the table's name, and for how many days facts are kept.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        self._table = settings.attendance_table
        self._kept_for = timedelta(days=settings.attendance_days)

    def note(self, fact: Fact) -> None:
        """Keep a fact, unless a newer event told the same.

        Raises:
            botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError: DynamoDB failed.
        """
        expires_at = max(datetime.fromisoformat(fact.instant) + self._kept_for, datetime.now(UTC) - OLDEST_EXPIRY)
        try:
            self._client.put_item(
                TableName=self._table,
                Item={
                    **{name: {"S": value} for name, value in asdict(fact).items()},
                    "fact": {"S": fact.key},
                    "expires_at": {"N": str(int(expires_at.timestamp()))},
                },
                ConditionExpression="attribute_not_exists(told_at) OR told_at < :told_at",
                ExpressionAttributeValues={":told_at": {"S": fact.told_at}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def facts(self, session_id: str) -> Iterator[Fact]:
        """All that is known of a session, 1 MB a call.

        Raises:
            OutOfTime: there is more than can be read before the invocation ends.
            botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError: DynamoDB failed.
        """
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="session_id = :session_id",
            ExpressionAttributeValues={":session_id": {"S": session_id}},
            ConsistentRead=True,
        )
        shared: dict[str, str] = {}
        for page in pages:
            for item in page["Items"]:
                yield Fact(**{name: shared.setdefault(item[name]["S"], item[name]["S"]) for name in NAMES})
            if "LastEvaluatedKey" in page and deadline.remaining() < LONGEST_CALL_SECONDS:
                raise OutOfTime

    @cached_property
    def _client(self) -> "DynamoDBClient":
        import boto3
        from botocore.config import Config

        limits = Config(
            connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries={"total_max_attempts": TRIES}
        )
        client = boto3.client("dynamodb", config=limits)
        client.meta.events.register("before-parse.dynamodb.Query", _read_plainly)
        return client


def _read_plainly(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    """Read a page of items by `json`: botocore's own parser takes four times as long, seconds for 30,000 stays."""
    if response_dict["status_code"] != HTTPStatus.OK:
        return
    with suppress(ValueError):  # botocore says what is wrong with it
        page = json.loads(response_dict["body"])
        if isinstance(page, dict) and isinstance(page.get("Items"), list):
            customized_response_dict |= page
            response_dict["body"] = b"{}"
