"""Patches for SAM CLI and moto, which differ from AWS. Each names the upstream issue, if one exists."""

import copy
import time
import uuid
from collections.abc import Callable
from typing import Any


def patch_sam_cli() -> None:
    """Make SAM CLI's local API Gateway respond as an HTTP API does on AWS, and disable its telemetry."""
    from samcli.lib.telemetry.event import EventTracker
    from samcli.local.apigw.local_apigw_service import CatchAllPathConverter
    from samcli.local.apigw.service_error_responses import ServiceErrorResponses

    # SAM CLI sends a count of all requests to AWS (https://github.com/aws/aws-sam-cli/pull/4039).
    EventTracker.track_event = staticmethod(lambda *_, **__: None)
    # `{proxy+}` does not match line breaks; on AWS it does (no upstream issue).
    CatchAllPathConverter.regex = r"(?s:.+)"
    # A failed function returns 502 with a REST API's message (https://github.com/aws/aws-sam-cli/issues/2590).
    ServiceErrorResponses._LAMBDA_FAILURE = {"message": "Internal Server Error"}
    ServiceErrorResponses.lambda_failure_response = ServiceErrorResponses.lambda_body_failure_response


def patch_moto(item_size: Callable[[dict[str, Any]], int], max_item_bytes: int) -> None:
    """Make moto behave like AWS: bus references by name, replays with a time range, and DynamoDB's item size.

    Args:
        item_size: returns the size of an item's attributes by DynamoDB's rules, in bytes.
        max_item_bytes: the largest allowed item.
    """
    from moto.dynamodb.exceptions import ItemSizeToUpdateTooLarge
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.dynamo_type import Item, LimitedSizeDict
    from moto.events.models import Archive, EventBus, Replay, ReplayState, events_backends

    # CloudFormation resolves a reference to a bus to the bus object (no upstream issue).
    EventBus.physical_resource_id = property(lambda bus: bus.name)  # type: ignore[attr-defined]

    def replay_events(self: Replay, archive: Archive) -> None:
        bus_name = self.destination["Arn"].split("/")[-1]
        rules = events_backends[self.account_id][self.region].describe_event_bus(bus_name).rules
        arns = self.destination.get("FilterArns") or [rule.arn for rule in rules.values()]
        chosen = [rule for rule in rules.values() if rule.arn in arns]
        for event in list(archive.events):
            if float(self.event_start_time) <= float(event["time"]) <= float(self.event_end_time):
                for rule in chosen:
                    again: Any = {**event, "id": str(uuid.uuid4()), "replay-name": self.name}
                    rule.send_to_targets(again, transform_input=False)
        self.state = ReplayState.COMPLETED
        self.end_time = time.time()

    # moto replays the whole archive to all rules of the bus (no issue upstream).
    Replay.replay_events = replay_events  # type: ignore[method-assign]
    # moto's limit is 405,000 bytes by its own rules (https://github.com/getmoto/moto/pull/2455). Its check is quadratic
    # in the number of attributes.
    LimitedSizeDict.__setitem__ = dict.__setitem__  # type: ignore[method-assign]
    update_item = DynamoDBBackend.update_item

    def update_item_within_limit(
        self: DynamoDBBackend, table_name: str, key: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Item:
        table = self.get_table(table_name)
        key_values = self.get_keys_value(table, key)
        previous_item = copy.deepcopy(table.get_item(*key_values))
        item = update_item(self, table_name, key, *args, **kwargs)
        if item_size({name: value.to_regular_json() for name, value in item.attrs.items()}) > max_item_bytes:
            if previous_item is None:
                table.delete_item(*key_values)
            else:
                item.attrs = previous_item.attrs
            raise ItemSizeToUpdateTooLarge
        return item

    # moto keeps an item that an update makes too large (the same pull request).
    DynamoDBBackend.update_item = update_item_within_limit  # type: ignore[method-assign]
