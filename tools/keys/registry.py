"""The registry of issued client keys: a DynamoDB table without secrets, which no function can read."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from hms.tokens import LEEWAY_SECONDS
from hms_service.auth.client_keys import ALL_REVOKED, MAX_LIFETIME_SECONDS
from tools.samconfig import read_stack_name

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb.service_resource import Table

LOGICAL_ID = "ClientKeysTable"


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A registered key.

    Attributes:
        id: id of the key, or `*` for all keys.
        name: name of its owner.
        key_id: short id of its master.
        scopes: its scopes.
        roles: roles that its join tokens may have; empty: any role.
        rooms: rooms that its join tokens may have; empty: any room.
        issued_at: time of creation, in Unix seconds.
        expires_at: expiry, in Unix seconds.
        is_revoked: whether it was revoked.
    """

    id: str
    name: str
    key_id: str
    scopes: tuple[str, ...]
    roles: tuple[str, ...]
    rooms: tuple[str, ...]
    issued_at: int
    expires_at: int
    is_revoked: bool

    @property
    def is_expired(self) -> bool:
        """Whether every function rejects it, whatever its clock says within the leeway."""
        return self.expires_at + LEEWAY_SECONDS < time.time()


class Registry:
    """Issued keys.

    Args:
        table: the table.
    """

    def __init__(self, table: "Table") -> None:
        self._table = table

    def add(self, members: Mapping[str, Any], key_id: str) -> bool:
        """Register a key by the members of its grant. Return False if its id is in use."""
        try:
            self._table.put_item(Item={**members, "kid": key_id}, ConditionExpression="attribute_not_exists(id)")
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def mark_revoked(self, id_: str) -> bool:
        """Mark a key as revoked. Return False if it was not issued.

        Such a key is added, because anyone who can read the master can create one.
        """
        now = int(time.time())
        response = self._table.update_item(
            Key={"id": id_},
            UpdateExpression="SET revoked_at = :now, #exp = if_not_exists(#exp, :last)",
            ExpressionAttributeNames={"#exp": "exp"},
            ExpressionAttributeValues={":now": now, ":last": now + MAX_LIFETIME_SECONDS},
            ReturnValues="ALL_OLD",
        )
        return "name" in response.get("Attributes", {})

    def remove(self, id_: str) -> None:
        """Remove a key."""
        self._table.delete_item(Key={"id": id_})

    def __iter__(self) -> Iterator[IssuedKey]:
        """Yield the keys, in no order."""
        start: dict[str, Any] = {}
        while True:
            page = self._table.scan(ConsistentRead=True, **start)
            yield from map(_to_issued_key, page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def find(self, text: str) -> list[str]:
        """Return the ids of the keys with this id, or of those with this name that have not expired.

        If some of them are not revoked, only those are returned. If all are, revoking one again repairs the lists.
        """
        keys = list(self)
        same_id = [key.id for key in keys if key.id == text]
        same_name = [key for key in keys if key.name == text and not key.is_expired]
        return same_id or [key.id for key in same_name if not key.is_revoked] or [key.id for key in same_name]


def find_table(session: "boto3.Session", stage: str) -> "Table":
    """Return the table of a stage in samconfig.toml, or of the local stack ("").

    Raises:
        ValueError: samconfig.toml has no such stage, or its stack does not have the table.
    """
    if not stage:
        return session.resource("dynamodb").Table(LOGICAL_ID)
    name = _find_physical_id(session.client("cloudformation"), read_stack_name(stage))
    return session.resource("dynamodb").Table(name)


def _find_physical_id(cloudformation: "CloudFormationClient", stack_name: str) -> str:
    try:
        resource = cloudformation.describe_stack_resource(StackName=stack_name, LogicalResourceId=LOGICAL_ID)
    except cloudformation.exceptions.ClientError as error:
        raise ValueError(f"stack {stack_name}: {error}; deploy it first (make deploy)") from None
    return resource["StackResourceDetail"]["PhysicalResourceId"]


def _to_issued_key(item: Mapping[str, Any]) -> IssuedKey:
    return IssuedKey(
        id=str(item["id"]),
        name=str(item.get("name", "all keys" if item["id"] == ALL_REVOKED else "not registered")),
        key_id=str(item.get("kid", "")),
        scopes=tuple(map(str, item.get("scopes", ()))),
        roles=tuple(map(str, item.get("roles", ()))),
        rooms=tuple(map(str, item.get("rooms", ()))),
        issued_at=int(item.get("iat", 0)),
        expires_at=int(item["exp"]),
        is_revoked="revoked_at" in item,
    )
