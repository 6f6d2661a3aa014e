"""AWS on this machine: moto's server, and the parameters the functions read from SSM."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

from local.settings import HOST

DIRECT = Config(proxies={})


@contextmanager
def running_aws(port: int) -> Iterator[str]:
    """Serve AWS's APIs while the context lasts; gives their endpoint's URL."""
    server = ThreadedMotoServer(HOST, port, verbose=False)
    server.start()
    try:
        yield f"http://{HOST}:{port}"
    finally:
        server.stop()


def put_secrets(endpoint: str, region: str, prefix: str, secrets: Mapping[str, str]) -> None:
    """Store each secret as the SSM SecureString `<prefix>/<name>`."""
    ssm = _session(region).client("ssm", endpoint_url=endpoint, config=DIRECT)
    for name, value in secrets.items():
        ssm.put_parameter(Name=f"{prefix}/{name}", Value=value, Type="SecureString")


def create_tables(endpoint: str, region: str, tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Create the DynamoDB tables of a template, each under its logical id."""
    dynamodb = _session(region).client("dynamodb", endpoint_url=endpoint, config=DIRECT)
    for name, properties in tables.items():
        dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=properties["KeySchema"],
            AttributeDefinitions=properties["AttributeDefinitions"],
        )


def _session(region: str) -> boto3.Session:
    return boto3.Session("local", "local", region_name=region)
