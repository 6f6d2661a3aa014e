"""AWS on loopback: moto in a separate process, its event bus, and environment variables that point to it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import requests

from tests.integration.stack import ROOT, Stack, environment, free_ports

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.literals import KeyTypeType
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_events.type_defs import TargetTypeDef

REGION = "us-east-1"
BUS = "events"
TABLE = "idempotency"
ATTENDANCE_TABLE = "attendance"
LOG = "/aws/events/all"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
KEY_TYPES: tuple["KeyTypeType", "KeyTypeType"] = ("HASH", "RANGE")


def session() -> boto3.Session:
    """Return a session with credentials that moto accepts."""
    return boto3.Session("testing", "testing", region_name=REGION)


class Aws:
    """A running moto with the secrets, tables and bus that the functions need.

    Attributes:
        environment: environment variables that point functions to it.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.environment = environment(
            AWS_ENDPOINT_URL=url,
            AWS_REGION=REGION,
            AWS_DEFAULT_REGION=REGION,
            **CREDENTIALS,
            HMS_EVENT_BUS=BUS,
            HMS_IDEMPOTENCY_TABLE=TABLE,
            HMS_ATTENDANCE_TABLE=ATTENDANCE_TABLE,
        )
        self.table = self._made_table(TABLE, "id")
        self.attendance = self._made_table(ATTENDANCE_TABLE, "session_id", "fact")
        self.ssm = session().client("ssm", endpoint_url=url)
        self._logs = session().client("logs", endpoint_url=url)
        self._logs.create_log_group(logGroupName=LOG)
        self._taken: set[str] = set()
        events = session().client("events", endpoint_url=url)
        events.create_event_bus(Name=BUS)
        events.put_rule(Name="all", EventBusName=BUS, EventPattern=json.dumps({"source": [{"prefix": ""}]}))
        target: TargetTypeDef = {"Id": "log", "Arn": f"arn:aws:logs:{REGION}:123456789012:log-group:{LOG}"}
        events.put_targets(Rule="all", EventBusName=BUS, Targets=[target])

    def _made_table(self, name: str, *key: str) -> "Table":
        """Create a table with string keys: a partition key and, optionally, a sort key."""
        return (
            session()
            .resource("dynamodb", endpoint_url=self.url)
            .create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": item, "AttributeType": "S"} for item in key],
                KeySchema=[
                    {"AttributeName": item, "KeyType": kind} for item, kind in zip(key, KEY_TYPES, strict=False)
                ],
            )
        )

    def put_secret(self, name: str, value: str) -> None:
        """Store a secret in SSM."""
        self.ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)

    def take_events(self) -> list[dict[str, Any]]:
        """Return the events on the bus since the last call."""
        logged = self._logs.get_paginator("filter_log_events").paginate(logGroupName=LOG)
        events = [json.loads(line["message"]) for page in logged for line in page["events"]]
        new = [event for event in events if event["id"] not in self._taken]
        self._taken |= {event["id"] for event in new}
        return new


@contextmanager
def running_aws(**secrets: str) -> Iterator[Aws]:
    """Run moto with AWS's limits and these secrets under /hms while the context is open."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "tests.support.aws_server", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}")
            aws = Aws(f"http://127.0.0.1:{port}")
            for name, value in secrets.items():
                aws.put_secret(f"/hms/{name}", value)
            yield aws
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


@contextmanager
def functions_environment(stack: Stack, prefix: str = "/hms") -> Iterator[pytest.MonkeyPatch]:
    """Point functions to the stack's AWS and 100ms, and to the credentials under the prefix, within the context."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("AWS_", "HMS_", "POWERTOOLS_")) or name.lower().endswith("_proxy"):
                patch.delenv(name)
        for name, value in {
            "AWS_ENDPOINT_URL": stack.aws,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            **CREDENTIALS,
            "HMS_API_URL": f"{stack.simulator}/v2",
            "HMS_AUTH_URL": f"{stack.simulator}/v2",
            "HMS_PARAMETER_PREFIX": prefix,
            "HMS_ATTENDANCE_TABLE": "AttendanceTable",
        }.items():
            patch.setenv(name, value)
        yield patch
