"""The local stack: 100ms (or its simulator), AWS, Lambda and API Gateway, started and stopped together."""

import errno
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hms_service.settings import DEFAULT_WEBHOOK_HEADER
from local.api import running_api
from local.aws import DIRECT, deploy, put_secrets, running_aws, session
from local.console.http import console
from local.events import Bus
from local.queues import polled_queues
from local.runner import Runner
from local.settings import HOST, CannotStart, Settings
from local.template import Template
from simulator.server import Simulator
from simulator.webhooks.sender import Target

TEMPLATE = Path(__file__).parent.parent / "template.yaml"
WEBHOOK_SECRET = "local-webhook-secret"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a running stack is found.

    Attributes:
        api: URL of the API.
        aws: URL of the local AWS services.
        simulator: URL of the 100ms simulator, where one runs.
    """

    api: str
    aws: str
    simulator: str | None


@contextmanager
def running_stack(settings: Settings, template: Path = TEMPLATE) -> Iterator[Addresses]:
    """Run the stack that the template describes while the context lasts.

    Raises:
        CannotStart: a port is in use.
    """
    check_ports(settings.ports())
    for noisy in ("werkzeug", "samcli"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    described = Template(template)
    with ExitStack() as exits:
        aws = exits.enter_context(running_aws(settings.aws_port, ssm_rate=settings.ssm_rate))
        put_secrets(
            aws,
            settings.region,
            described.parameter_prefix,
            {"access_key": settings.access_key, "secret": settings.secret, "webhook_secret": WEBHOOK_SECRET},
        )
        deploy(settings.region, described.resources)
        simulator = None if settings.upstream else exits.enter_context(_running_simulator(settings))
        environment = {"AWS_ENDPOINT_URL": aws, "POWERTOOLS_METRICS_DISABLED": "true", **_hms_urls(settings, simulator)}
        runner = Runner(described.functions, settings.region, environment)
        exits.callback(runner.stop)
        besides = [console(settings, simulator, Bus(aws, settings.region))] if simulator else []
        api = exits.enter_context(running_api(described.api, runner, settings.port, *besides))
        sqs = session(settings.region).client("sqs", endpoint_url=aws, config=DIRECT)
        exits.enter_context(polled_queues(described.mappings, sqs, runner))
        yield Addresses(api, aws, simulator)


def check_ports(ports: dict[str, int]) -> None:
    """Raise CannotStart if one of the ports, each given by the variable that moves it, is in use or asked for twice."""
    with ExitStack() as held:
        for variable, port in ports.items():
            listener = held.enter_context(socket.socket())
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, port))
                listener.listen()
            except OSError as error:
                reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
                raise CannotStart(f"port {port} {reason}; set {variable} to another one") from None


@contextmanager
def _running_simulator(settings: Settings) -> Iterator[str]:
    webhook = Target(f"http://{HOST}:{settings.port}/webhooks", {DEFAULT_WEBHOOK_HEADER: WEBHOOK_SECRET})
    simulator = Simulator(HOST, settings.simulator_port, settings.access_key, settings.secret, webhook)
    simulator.start()
    try:
        yield simulator.url
    finally:
        simulator.stop()


def _hms_urls(settings: Settings, simulator: str | None) -> dict[str, str]:
    """Where the functions find 100ms."""
    if simulator:
        return {"HMS_API_URL": f"{simulator}/v2", "HMS_AUTH_URL": f"{simulator}/v2"}
    urls = {"HMS_API_URL": settings.upstream, "HMS_AUTH_URL": settings.auth_url}
    return {name: url for name, url in urls.items() if url}
