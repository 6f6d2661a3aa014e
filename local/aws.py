"""The local AWS: moto's server, the template's resources and the SSM parameters that the functions read."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from types import MappingProxyType
from typing import Any

import boto3
from botocore.config import Config
from moto.cloudformation.models import cloudformation_backends
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from local.compat import patch_moto
from local.limits.aws import enforce_limits
from local.limits.dynamodb import attributes_size
from local.limits.table import ITEM
from local.settings import HOST
from simulator.host_check import block_cross_site, require_signature

NO_PROXY = Config(proxies={})
STACK_NAME = "local"

patch_moto(attributes_size, ITEM.value)


@contextmanager
def running_aws(port: int, host: str = HOST, ssm_rate: int | None = None) -> Iterator[str]:
    """Serve AWS's APIs on the port (0: any free port) while the context is open. Yields the endpoint URL.

    Only signed requests of AWS SDKs are accepted, because moto holds the secrets and runs templates.
    """
    moto = DomainDispatcherApplication(create_backend_app)
    app = block_cross_site(require_signature(enforce_limits(moto, ssm_rate)))
    server = make_server(host, port, app, threaded=True, request_handler=MotoRequestHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{host}:{server.port}"
    finally:
        server.shutdown()
        server.server_close()


def put_parameters(
    endpoint: str, region: str, prefix: str, secrets: Mapping[str, str], strings: Mapping[str, str]
) -> None:
    """Store each secret as the SSM SecureString `<prefix>/<name>`, and each string as a String."""
    ssm = local_session(region).client("ssm", endpoint_url=endpoint, config=NO_PROXY)
    for name, value in secrets.items():
        ssm.put_parameter(Name=f"{prefix}/{name}", Value=value, Type="SecureString")
    for name, value in strings.items():
        ssm.put_parameter(Name=f"{prefix}/{name}", Value=value, Type="String")


def deploy(region: str, template: Mapping[str, Any], parameters: Mapping[str, str] = MappingProxyType({})) -> None:
    """Create the resources of a CloudFormation template, if it has any.

    moto's CloudFormation is called in this process and never served: it loads YAML that can run any Python function.
    """
    if template["Resources"]:
        cloudformation = cloudformation_backends[DEFAULT_ACCOUNT_ID][region]
        cloudformation.create_stack(name=STACK_NAME, template=json.dumps(template), parameters=dict(parameters))


def local_session(region: str) -> boto3.Session:
    """Return a session with credentials that the local AWS accepts."""
    return boto3.Session("local", "local", region_name=region)
