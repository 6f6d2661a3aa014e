"""AWS on loopback: moto in a process of its own, and an event bus whose events can be read."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import requests

from tests.integration.stack import ROOT, environment, free_ports

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.literals import KeyTypeType
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_events.type_defs import TargetTypeDef

REGION = "us-east-1"
BUS = "events"
TABLE = "idempotency"
ATTENDANCE_TABLE = "attendance"
LOG = "/aws/events/all"
KEY_TYPES: tuple["KeyTypeType", "KeyTypeType"] = ("HASH", "RANGE")


class Aws:
    """A running moto with the secrets, the tables and the bus that the functions need.

    Attributes:
        environment: what points functions at it.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.environment = environment(
            AWS_ENDPOINT_URL=url,
            AWS_REGION=REGION,
            AWS_DEFAULT_REGION=REGION,
            AWS_ACCESS_KEY_ID="testing",
            AWS_SECRET_ACCESS_KEY="testing",
            HMS_EVENT_BUS=BUS,
            HMS_IDEMPOTENCY_TABLE=TABLE,
            HMS_ATTENDANCE_TABLE=ATTENDANCE_TABLE,
        )
        self.table = self._made_table(TABLE, "id")
        self.attendance = self._made_table(ATTENDANCE_TABLE, "session_id", "fact")
        self.ssm = self._session().client("ssm", endpoint_url=url)
        self._logs = self._session().client("logs", endpoint_url=url)
        self._logs.create_log_group(logGroupName=LOG)
        self._taken: set[str] = set()
        events = self._session().client("events", endpoint_url=url)
        events.create_event_bus(Name=BUS)
        events.put_rule(Name="all", EventBusName=BUS, EventPattern=json.dumps({"source": [{"prefix": ""}]}))
        target: TargetTypeDef = {"Id": "log", "Arn": f"arn:aws:logs:{REGION}:123456789012:log-group:{LOG}"}
        events.put_targets(Rule="all", EventBusName=BUS, Targets=[target])

    def _made_table(self, name: str, *key: str) -> "Table":
        """A table by a key of texts: what it is partitioned by, and sorted by where there is more."""
        return (
            self._session()
            .resource("dynamodb", endpoint_url=self.url)
            .create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in key],
                KeySchema=[
                    {"AttributeName": each, "KeyType": kind} for each, kind in zip(key, KEY_TYPES, strict=False)
                ],
            )
        )

    def put_secret(self, name: str, value: str) -> None:
        """Keep a secret in SSM."""
        self.ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)

    def take_events(self) -> list[dict[str, Any]]:
        """The events that came on the bus since they were last taken."""
        logged = self._logs.get_paginator("filter_log_events").paginate(logGroupName=LOG)
        events = [json.loads(line["message"]) for page in logged for line in page["events"]]
        new = [event for event in events if event["id"] not in self._taken]
        self._taken |= {event["id"] for event in new}
        return new

    def _session(self) -> boto3.Session:
        return boto3.Session("testing", "testing", region_name=REGION)


@contextmanager
def running_aws() -> Iterator[Aws]:
    """Run moto, with AWS's limits, while the context lasts."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "tests.support.aws_server", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}")
            yield Aws(f"http://127.0.0.1:{port}")
        finally:
            process.kill()


def _wait_for(url: str, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while True:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
        else:
            return
