"""SQS's limits on message sizes and characters."""

import re
from base64 import b64decode
from typing import Any

from local.limits.errors import AwsLimitError, EntryFailure
from local.limits.table import MESSAGE, MESSAGES, MESSAGES_SIZE

FORBIDDEN_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PREFIX = "AWS.SimpleQueueService."


def check(operation: str, request: dict[str, Any]) -> None:
    """Raise AwsLimitError if AWS rejects the whole call."""
    if operation == "SendMessage":
        failure = entry_failure(request)
        if failure:
            raise AwsLimitError(failure["code"], failure["message"])
    if operation == "SendMessageBatch":
        entries = request.get("Entries", ())
        if len(entries) > MESSAGES.value:
            text = f"Maximum number of entries per request are {MESSAGES.value}. You have sent {len(entries)}."
            raise AwsLimitError(f"{PREFIX}TooManyEntriesInBatchRequest", text)
        size = sum(map(_size, entries))
        if size > MESSAGES_SIZE.value:
            text = f"Batch requests cannot be longer than {MESSAGES_SIZE.value} bytes. You have sent {size} bytes."
            raise AwsLimitError(f"{PREFIX}BatchRequestTooLong", text)


def entry_failure(message: dict[str, Any]) -> EntryFailure | None:
    """Return the message's error, or None if AWS accepts the message. moto checks the limit of the queue."""
    character = FORBIDDEN_CHARACTERS.search(message.get("MessageBody", ""))
    if character:
        text = f"Invalid binary character '#x{ord(character[0]):X}' was found in the message body."
        return {"code": "InvalidMessageContents", "message": text}
    if _size(message) > MESSAGE.value:
        text = f"One or more parameters are invalid. Reason: Message must be shorter than {MESSAGE.value} bytes."
        return {"code": "InvalidParameterValue", "message": text}
    return None


def merge(response: dict[str, Any], entries: list[dict[str, Any]], failures: dict[int, EntryFailure]) -> None:
    """Add the failed messages to the response."""
    response.setdefault("Failed", []).extend(
        {"Id": entries[index]["Id"], "SenderFault": True, "Code": failure["code"], "Message": failure["message"]}
        for index, failure in failures.items()
    )


def empty_response() -> dict[str, Any]:
    """Return the response to a call without messages."""
    return {"Successful": [], "Failed": []}


def _size(message: dict[str, Any]) -> int:
    attributes = message.get("MessageAttributes") or {}
    return len(message.get("MessageBody", "").encode(errors="surrogatepass")) + sum(
        len(name.encode())
        + len(value.get("DataType", "").encode())
        + len(value.get("StringValue", "").encode())
        + len(b64decode(value.get("BinaryValue", "")))
        for name, value in attributes.items()
    )
