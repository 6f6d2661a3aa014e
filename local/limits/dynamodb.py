"""DynamoDB's limits on the sizes of keys and items."""

from base64 import b64decode
from collections.abc import Iterator
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.parsing.key_condition_expression import parse_expression

from local.limits.errors import AwsLimitError
from local.limits.table import BATCH_WRITE, ITEM, KEY_LENGTH, PARTITION_KEY, SORT_KEY

Attributes = dict[str, Any]
INVALID_VALUES = "One or more parameter values were invalid:"
EMPTY_KEY_VALUE = (
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty"
)
KEY_SIZE_LIMITS = {"HASH": PARTITION_KEY, "RANGE": SORT_KEY}
NESTED_BYTES = 3
MEMBER_BYTES = 1


def check(operation: str, request: dict[str, Any], region: str) -> None:
    """Raise AwsLimitError if AWS rejects the call. moto checks the counts in batch reads and transactions."""
    if operation == "BatchWriteItem":
        _check_count(request)
    for table, key in _keys(operation, request):
        _check_key(key, _schema(region, table, request.get("IndexName", "")))
    if operation == "Query":
        table, index = request.get("TableName", ""), request.get("IndexName", "")
        schema = _schema(region, table, index)
        for key in _key_conditions(request, schema):
            _check_key(key, schema)
    for table, item in _items(operation, request):
        _check_key(item, _schema(region, table))
        _check_indexes(item, region, table)
        if attributes_size(item) > ITEM.value:
            raise AwsLimitError("ValidationException", "Item size has exceeded the maximum allowed size")


def attributes_size(attributes: Attributes) -> int:
    """Return the size of an item in bytes. The attributes have the format of a request."""
    return sum(len(name.encode()) + value_size(value) for name, value in attributes.items())


def value_size(value: dict[str, Any]) -> int:
    """Return the size of an attribute value in bytes."""
    content: Any
    kind, content = next(iter(value.items()), ("NULL", None))
    match kind:
        case "S":
            return len(content.encode())
        case "B":
            return len(b64decode(content))
        case "N":
            return _number_size(content)
        case "SS" | "NS" | "BS":
            return sum(value_size({kind[0]: member}) for member in content)
        case "L":
            return NESTED_BYTES + sum(MEMBER_BYTES + value_size(member) for member in content)
        case "M":
            return NESTED_BYTES + sum(
                MEMBER_BYTES + len(name.encode()) + value_size(member) for name, member in content.items()
            )
    return 1


def _number_size(number: str) -> int:
    digits = number.lower().partition("e")[0].replace(".", "").lstrip("+-0").rstrip("0")
    return (len(digits) + 1) // 2 + 1


def _keys(operation: str, request: dict[str, Any]) -> Iterator[tuple[str, Attributes]]:
    """Yield the table and the key of each read or write."""
    for part in _parts(operation, request):
        for name in ("Key", "ExclusiveStartKey"):
            if part.get(name):
                yield part["TableName"], part[name]


def _items(operation: str, request: dict[str, Any]) -> Iterator[tuple[str, Attributes]]:
    """Yield the table and the item of each put."""
    for part in _parts(operation, request):
        if "Item" in part:
            yield part["TableName"], part["Item"]


def _parts(operation: str, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Split a batch or a transaction into requests for one item each."""
    if operation == "BatchGetItem":
        for table, keys_and_attributes in request.get("RequestItems", {}).items():
            yield from ({"TableName": table, "Key": key} for key in keys_and_attributes.get("Keys", ()))
    elif operation == "BatchWriteItem":
        for table, writes in request.get("RequestItems", {}).items():
            yield from ({"TableName": table, **part} for write in writes for part in write.values())
    elif operation.startswith("Transact"):
        yield from (part for action in request.get("TransactItems", ()) for part in action.values())
    elif "TableName" in request:
        yield request


def _key_conditions(request: dict[str, Any], schema: dict[str, str]) -> Iterator[Attributes]:
    """Yield the key values in a query's conditions."""
    for name, condition in request.get("KeyConditions", {}).items():
        yield from ({name: value} for value in condition.get("AttributeValueList", ()))
    if "KeyConditionExpression" not in request:
        return
    try:
        hashes, ranges, _ = parse_expression(
            request["KeyConditionExpression"],
            request.get("ExpressionAttributeValues", {}),
            request.get("ExpressionAttributeNames", {}),
            [{"AttributeName": name, "KeyType": kind} for name, kind in schema.items()],
        )
    except MockValidationException:
        return
    yield from ({name: value} for name, value in hashes)
    yield from ({name: value} for name, _, values in ranges for value in values)


def _check_count(request: dict[str, Any]) -> None:
    if sum(map(len, request.get("RequestItems", {}).values())) > BATCH_WRITE.value:
        raise AwsLimitError("ValidationException", "Too many items requested for the BatchWriteItem call")


def _check_key(attributes: Attributes, schema: dict[str, str]) -> None:
    for name, kind in schema.items():
        if name not in attributes:
            continue
        size = value_size(attributes[name])
        if size < KEY_LENGTH.value:
            type_name = "string" if "S" in attributes[name] else "binary"
            raise AwsLimitError("ValidationException", f"{EMPTY_KEY_VALUE} {type_name} value. Key: {name}")
        if size > KEY_SIZE_LIMITS[kind].value:
            reason = (
                f"Size of hashkey has exceeded the maximum size limit of{PARTITION_KEY.value} bytes"
                if kind == "HASH"
                else f"Aggregated size of all range keys has exceeded the size limit of {SORT_KEY.value} bytes"
            )
            raise AwsLimitError("ValidationException", f"{INVALID_VALUES} {reason}")


def _check_indexes(item: Attributes, region: str, table: str) -> None:
    for index in _indexes(region, table):
        for name, kind in _schema(region, table, index).items():
            size = value_size(item[name]) if name in item else 1
            if size > KEY_SIZE_LIMITS[kind].value:
                reason = (
                    f"Size limit exceeded for Index Key {name} Actual Size: {size} bytes "
                    f"Max Size: {KEY_SIZE_LIMITS[kind].value} bytes IndexName: {index}"
                )
                raise AwsLimitError("ValidationException", f"{INVALID_VALUES} {reason}")


def _schema(region: str, table: str, index: str = "") -> dict[str, str]:
    """Return the key schema of a table or index: attribute name to `HASH` or `RANGE`. Empty if the table is unknown."""
    table_model = dynamodb_backends[DEFAULT_ACCOUNT_ID][region].tables.get(table.rpartition("/")[2])
    if table_model is None:
        return {}
    schemas = {
        index_model.name: index_model.schema for index_model in [*table_model.global_indexes, *table_model.indexes]
    }
    return {key["AttributeName"]: key["KeyType"] for key in schemas.get(index, table_model.schema)}


def _indexes(region: str, table: str) -> list[str]:
    table_model = dynamodb_backends[DEFAULT_ACCOUNT_ID][region].tables.get(table.rpartition("/")[2])
    return [index.name for index in table_model.global_indexes] if table_model else []
