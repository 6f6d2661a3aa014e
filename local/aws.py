"""AWS on this machine: moto's server, what the template needs in it, and the parameters the functions read from SSM."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from moto.events.models import EventBus
from moto.server import ThreadedMotoServer

from local.guard import guarded
from local.limits.aws import limited
from local.settings import HOST

DIRECT = Config(proxies={})
STACK_NAME = "local"

# moto's CloudFormation would hand the object itself to the resources that refer to a bus.
EventBus.physical_resource_id = property(lambda bus: bus.name)  # type: ignore[attr-defined]


@contextmanager
def running_aws(port: int, host: str = HOST, ssm_rate: int | None = None) -> Iterator[str]:
    """Serve AWS's APIs on the port (0: any free one) while the context lasts; gives their endpoint's URL.

    moto answers every page of every site, and has the secrets.
    """
    server = ThreadedMotoServer(host, port, verbose=False)
    server.start()
    if server._server:
        server._server.app = guarded(limited(server._server.app, ssm_rate))
    try:
        yield f"http://{host}:{server.get_host_and_port()[1]}"
    finally:
        server.stop()


def put_secrets(endpoint: str, region: str, prefix: str, secrets: Mapping[str, str]) -> None:
    """Store each secret as the SSM SecureString `<prefix>/<name>`."""
    ssm = session(region).client("ssm", endpoint_url=endpoint, config=DIRECT)
    for name, value in secrets.items():
        ssm.put_parameter(Name=f"{prefix}/{name}", Value=value, Type="SecureString")


def deploy(endpoint: str, region: str, template: Mapping[str, Any]) -> None:
    """Create the resources that a CloudFormation template describes, if any."""
    if template["Resources"]:
        cloudformation = session(region).client("cloudformation", endpoint_url=endpoint, config=DIRECT)
        cloudformation.create_stack(StackName=STACK_NAME, TemplateBody=json.dumps(template))


def session(region: str) -> boto3.Session:
    """A session that the local AWS takes."""
    return boto3.Session("local", "local", region_name=region)
