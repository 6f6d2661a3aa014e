"""The log of the bus: the extract of each event that EventBridge creates from the template."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest

from tests.http_api import template
from tests.support.contract import webhooks

RESOURCES = template()["Resources"]
(TARGET,) = RESOURCES["EventLogsRule"]["Properties"]["Targets"]
FIELDS = ("id", "type", "room", "session", "peer")
ENVELOPE = {"version": "0", "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718", "time": "2026-01-31T10:00:00Z"}


SAMPLES: dict[str, dict[str, Any]] = {
    f"{name} {key}": example["value"]
    for name, webhook in webhooks().items()
    for key, example in webhook["examples"].items()
}


def logged(event: dict[str, Any]) -> dict[str, str]:
    """Return the text that EventBridge sends to the log group.

    According to AWS's documentation, a placeholder outside quotes becomes JSON, and one inside quotes becomes the plain
    value. A placeholder without a value becomes empty.
    """
    transformer = TARGET["InputTransformer"]
    text = transformer["InputTemplate"]
    for name, path in transformer["InputPathsMap"].items():
        value: Any = event
        for step in path.removeprefix("$.").split("."):
            value = value.get(step, "") if isinstance(value, dict) else ""
        is_quoted = text.partition(f"<{name}>")[0].count('"') % 2
        text = text.replace(f"<{name}>", value if is_quoted else json.dumps(value))
    return cast(dict[str, str], json.loads(text))


def fields(message: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in message.split(" "))


def event_of(webhook: dict[str, Any]) -> dict[str, Any]:
    return {**ENVELOPE, "source": "100ms", "detail-type": webhook["type"], "detail": webhook}


def texts(value: Any) -> Iterator[str]:
    """Yield every string within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from texts(member)


def test_a_log_group_gets_a_time_and_a_message_and_nothing_else() -> None:
    assert TARGET["InputTransformer"]["InputTemplate"].startswith('{"timestamp":<timestamp>,"message":"')
    assert not {"Input", "InputPath"} & TARGET.keys()
    placeholders = re.findall(r"<([^>]+)>", TARGET["InputTransformer"]["InputTemplate"])
    assert sorted(placeholders) == sorted(TARGET["InputTransformer"]["InputPathsMap"])


@pytest.mark.parametrize("name", SAMPLES)
def test_a_webhook_is_logged_by_its_ids_without_names_links_and_codes(name: str) -> None:
    webhook = SAMPLES[name]
    line = logged(event_of(webhook))
    assert line.keys() == {"timestamp", "message"}
    assert line["timestamp"] == ENVELOPE["time"]
    data = webhook["data"]
    ids = [data.get(f"{member}_id", "") for member in ("room", "session", "peer")]
    assert fields(line["message"]) == dict(zip(FIELDS, [ENVELOPE["id"], webhook["type"], *ids], strict=True))
    allowed = {*FIELDS, webhook["type"], *ids}
    others = {value for value in texts(webhook) if len(value) > 3} - allowed
    assert [value for value in others if value in line["message"]] == []


def test_a_commands_result_is_logged_without_response_and_senders_values() -> None:
    detail = {"id": 'create-"1"', "operation": "rooms.create", "status": 200, "body": {"name": "town-hall"}}
    line = logged({**ENVELOPE, "source": "hms", "detail-type": "command.succeeded", "detail": detail})
    assert fields(line["message"]) == {
        "id": ENVELOPE["id"],
        "type": "command.succeeded",
        "room": "",
        "session": "",
        "peer": "",
    }


def test_the_archive_keeps_whole_events_for_as_long_as_a_parameter_says() -> None:
    assert RESOURCES["EventArchive"]["Properties"]["RetentionDays"] == {"Ref": "EventArchiveDays"}
    parameter = template()["Parameters"]["EventArchiveDays"]
    assert (parameter["Type"], parameter["Default"], parameter["MinValue"]) == ("Number", 30, 1)
