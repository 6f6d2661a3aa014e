"""AWS on this machine: moto's server, and the parameters the functions read from SSM."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

from local.settings import HOST


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
    ssm = boto3.client(
        "ssm",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106
        config=Config(proxies={}),
    )
    for name, value in secrets.items():
        ssm.put_parameter(Name=f"{prefix}/{name}", Value=value, Type="SecureString")
