"""The backends of functions for sample events: the simulator and moto, at any address."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from moto.moto_api._internal.models import moto_api_backend

from local.aws import NO_PROXY, deploy, local_session, put_parameters, running_aws
from local.events import MATCH_ALL_PATTERN, EventBus
from local.template import Template
from simulator.server import Simulator
from tests.http_api import ROOT
from tests.integration.simulator.client import ACCESS_KEY, SECRET, Client
from tests.support.samples import WEBHOOK_SECRET

REGION = "us-east-1"
WHOLE_EVENTS = "/tests/whole-events"


@dataclass(frozen=True)
class LocalBackends:
    """Addresses and clients of the backends.

    Attributes:
        aws: URL of AWS's services.
        simulator: client of the simulator and its control API.
    """

    aws: str
    simulator: Client

    def events(self) -> list[dict[str, Any]]:
        """Return all complete events on the bus so far."""
        logs = local_session(REGION).client("logs", endpoint_url=self.aws, config=NO_PROXY)
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=WHOLE_EVENTS)
        return [json.loads(line["message"]) for page in pages for line in page["events"]]


@contextmanager
def running_local_backends(host: str = "127.0.0.1") -> Iterator[LocalBackends]:
    """Run the backends on an address of this machine while the context is open."""
    simulator = Simulator(host, 0, ACCESS_KEY, SECRET)
    simulator.start()
    try:
        with running_aws(0, host) as aws, _as_new():
            secrets = {"access_key": ACCESS_KEY, "secret": SECRET, "webhook_secret": WEBHOOK_SECRET}
            put_parameters(aws, REGION, "/hms", secrets, {"revoked_client_keys_1": "none"})
            deploy(REGION, Template(ROOT / "template.yaml").resources)
            _log_whole_events(aws)
            yield LocalBackends(aws, Client(simulator.url))
    finally:
        simulator.stop()


def _log_whole_events(aws: str) -> None:
    """Add a log of complete events. The stack's own log contains only IDs."""
    logs = local_session(REGION).client("logs", endpoint_url=aws, config=NO_PROXY)
    events = local_session(REGION).client("events", endpoint_url=aws, config=NO_PROXY)
    logs.create_log_group(logGroupName=WHOLE_EVENTS)
    arn = f"arn:aws:logs:{REGION}:123456789012:log-group:{WHOLE_EVENTS}"
    bus = EventBus(aws, REGION).name
    events.put_rule(Name="whole", EventBusName=bus, EventPattern=MATCH_ALL_PATTERN)
    events.put_targets(Rule="whole", EventBusName=bus, Targets=[{"Id": "log", "Arn": arn}])


@contextmanager
def _as_new() -> Iterator[None]:
    """Reset moto. All of moto in one process shares its state."""
    moto_api_backend.reset()
    yield
    moto_api_backend.reset()
