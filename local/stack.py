"""Starts and stops the local stack: the 100ms simulator, AWS services, Lambda and API Gateway."""

import errno
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

from hms_service.settings import DEFAULT_WEBHOOK_HEADER
from local.api import running_api
from local.aws import NO_PROXY, deploy, local_session, put_parameters, running_aws
from local.console.http import console_blueprint
from local.event_source_mappings import running_event_source_mappings
from local.events import EventBus
from local.lambda_runtime import LambdaRuntime
from local.settings import HOST, Settings, StartupError
from local.template import Template
from simulator.server import Simulator
from simulator.webhook_target import WebhookTarget

TEMPLATE = Path(__file__).parent.parent / "template.yaml"
WEBHOOK_SECRET = "local-webhook-secret"  # noqa: S105


@dataclass(frozen=True, slots=True)
class StackUrls:
    """URLs of a running stack.

    Attributes:
        api: URL of the API.
        aws: URL of the local AWS services.
        simulator: URL of the 100ms simulator; None if the stack uses another 100ms.
    """

    api: str
    aws: str
    simulator: str | None


@contextmanager
def running_stack(settings: Settings, template: Path = TEMPLATE) -> Iterator[StackUrls]:
    """Run the stack of the template while the context is open.

    Raises:
        StartupError: a port is in use.
    """
    check_ports(settings.ports())
    for logger_name in ("werkzeug", "samcli"):
        logging.getLogger(logger_name).setLevel(logging.ERROR)
    parsed_template = Template(template, settings.parameters)
    with ExitStack() as exits:
        aws = exits.enter_context(running_aws(settings.aws_port, ssm_rate=settings.ssm_rate))
        put_parameters(
            aws,
            settings.region,
            parsed_template.parameter_prefix,
            {
                "access_key": settings.access_key,
                "secret": settings.secret,
                "webhook_secret": WEBHOOK_SECRET,
                "client_key_master": token_urlsafe(32),
            },
            {"revoked_client_keys_1": "none"},
        )
        deploy(settings.region, parsed_template.resources, parsed_template.parameters)
        simulator = None if settings.upstream else exits.enter_context(_running_simulator(settings))
        environment = {"AWS_ENDPOINT_URL": aws, "POWERTOOLS_METRICS_DISABLED": "true", **_hms_urls(settings, simulator)}
        runner = LambdaRuntime(parsed_template.functions, settings.region, environment)
        exits.callback(runner.stop)
        blueprints = [console_blueprint(settings, simulator, EventBus(aws, settings.region))] if simulator else []
        exposed_headers = parsed_template.exposed_headers
        api = exits.enter_context(
            running_api(parsed_template.api, runner, settings.port, *blueprints, exposed_headers=exposed_headers)
        )
        sqs_client = local_session(settings.region).client("sqs", endpoint_url=aws, config=NO_PROXY)
        exits.enter_context(running_event_source_mappings(parsed_template.mappings, sqs_client, runner))
        yield StackUrls(api, aws, simulator)


def check_ports(ports: dict[str, int]) -> None:
    """Raise StartupError if a port is in use or appears twice. `ports` maps each port's variable to the port."""
    with ExitStack() as listeners:
        for variable, port in ports.items():
            listener = listeners.enter_context(socket.socket())
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, port))
                listener.listen()
            except OSError as error:
                reason = "is in use" if error.errno == errno.EADDRINUSE else f"is not available ({error.strerror})"
                raise StartupError(f"port {port} {reason}; set {variable} to another port") from None


@contextmanager
def _running_simulator(settings: Settings) -> Iterator[str]:
    webhook = WebhookTarget(f"http://{HOST}:{settings.port}/webhooks", {DEFAULT_WEBHOOK_HEADER: WEBHOOK_SECRET})
    simulator = Simulator(HOST, settings.simulator_port, settings.access_key, settings.secret, webhook)
    simulator.start()
    try:
        yield simulator.url
    finally:
        simulator.stop()


def _hms_urls(settings: Settings, simulator: str | None) -> dict[str, str]:
    """Return the environment variables with the URLs of 100ms."""
    if simulator:
        return {"HMS_API_URL": f"{simulator}/v2", "HMS_AUTH_URL": f"{simulator}/v2"}
    urls = {"HMS_API_URL": settings.upstream, "HMS_AUTH_URL": settings.auth_url}
    return {name: url for name, url in urls.items() if url}
