"""EventBridge's limits on PutEvents: for the whole call and for each entry."""

import json
from typing import Any

from local.limits.errors import AwsLimitError, EntryFailure
from local.limits.table import DETAIL_INTEGER, DETAIL_TYPE, EVENTS_SIZE

TIME_BYTES = 14


def check(operation: str, request: dict[str, Any]) -> None:
    """Raise AwsLimitError if AWS rejects the whole call. moto checks the number of entries."""
    if operation == "PutEvents" and sum(map(_size, request.get("Entries", ()))) > EVENTS_SIZE.value:
        raise AwsLimitError("ValidationException", "Total size of the entries in the request is over the limit.")


def entry_failure(entry: dict[str, Any]) -> EntryFailure | None:
    """Return the entry's error, or None if AWS accepts the entry. moto checks for missing fields."""
    if len(entry.get("DetailType", "")) > DETAIL_TYPE.value:
        reason = f"Parameter DetailType is not valid. Reason: maximum length is {DETAIL_TYPE.value}."
        return {"code": "InvalidArgument", "message": reason}
    if entry.get("Detail") and not _is_detail(entry["Detail"]):
        return {"code": "MalformedDetail", "message": "Detail is malformed."}
    return None


def merge(response: dict[str, Any], _: list[dict[str, Any]], failures: dict[int, EntryFailure]) -> None:
    """Insert the failed entries into the response at their positions in the request."""
    for index, failure in sorted(failures.items()):
        response["Entries"].insert(index, {"ErrorCode": failure["code"], "ErrorMessage": failure["message"]})
    response["FailedEntryCount"] += len(failures)


def empty_response() -> dict[str, Any]:
    """Return the response to a call without entries."""
    return {"FailedEntryCount": 0, "Entries": []}


def _size(entry: dict[str, Any]) -> int:
    texts = [entry.get("Source"), entry.get("DetailType"), entry.get("Detail"), *(entry.get("Resources") or ())]
    return sum(len(text.encode()) for text in texts if text) + (TIME_BYTES if entry.get("Time") is not None else 0)


def _is_detail(text: str) -> bool:
    try:
        detail = json.loads(text)
        return isinstance(detail, dict) and _is_accepted(detail)
    except (ValueError, RecursionError):
        return False


def _is_accepted(value: Any) -> bool:
    """Return True if EventBridge accepts every integer in the value."""
    if isinstance(value, dict | list):
        return all(map(_is_accepted, value.values() if isinstance(value, dict) else value))
    return type(value) is not int or -DETAIL_INTEGER.value - 1 <= value <= DETAIL_INTEGER.value
