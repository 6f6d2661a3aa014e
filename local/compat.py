"""Changes to classes of SAM CLI and moto that differ from AWS, each with the upstream issue if there is one."""

import copy
import time
import uuid
from collections.abc import Callable
from typing import Any


def patch_sam_cli() -> None:
    """Make SAM CLI's local API Gateway answer as an HTTP API of AWS, and keep it from counting requests."""
    from samcli.lib.telemetry.event import EventTracker
    from samcli.local.apigw.local_apigw_service import CatchAllPathConverter
    from samcli.local.apigw.service_error_responses import ServiceErrorResponses

    # SAM CLI counts every request and sends the counts to AWS (https://github.com/aws/aws-sam-cli/pull/4039).
    EventTracker.track_event = staticmethod(lambda *_, **__: None)
    # `{proxy+}` stops at a line break; AWS's does not (no issue upstream).
    CatchAllPathConverter.regex = r"(?s:.+)"
    # A function that fails gets a REST API's text and 502 (https://github.com/aws/aws-sam-cli/issues/2590).
    ServiceErrorResponses._LAMBDA_FAILURE = {"message": "Internal Server Error"}
    ServiceErrorResponses.lambda_failure_response = ServiceErrorResponses.lambda_body_failure_response


def patch_moto(item_size: Callable[[dict[str, Any]], int], max_item_bytes: int) -> None:
    """Make moto refer to event buses by name, replay what a replay asks for, and bound DynamoDB's items as AWS does.

    Args:
        item_size: returns the bytes of an item's attributes by DynamoDB's rules.
        max_item_bytes: the largest item.
    """
    from moto.dynamodb.exceptions import ItemSizeToUpdateTooLarge
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.dynamo_type import Item, LimitedSizeDict
    from moto.events.models import Archive, EventBus, Replay, ReplayState, events_backends

    # CloudFormation hands the bus itself to resources that refer to it (no issue upstream).
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
    # moto's limit is 405,000 bytes by rules of its own (https://github.com/getmoto/moto/pull/2455), and its check costs
    # the square of the number of attributes.
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

    # An update that makes an item too large leaves it so (the same pull request).
    DynamoDBBackend.update_item = update_item_within_limit  # type: ignore[method-assign]
