"""Fixtures of `make e2e`."""

from collections.abc import Iterator

import pytest

from tests.e2e.sam_local.sam import Sam
from tests.support.local_backends import LocalBackends, running_local_backends
from tools.docker import host_address


@pytest.fixture(scope="session")
def local_backends() -> Iterator[LocalBackends]:
    """100ms and AWS at an address that containers can reach."""
    with running_local_backends(host_address()) as running:
        yield running


@pytest.fixture(scope="session")
def sam(local_backends: LocalBackends) -> Sam:
    """SAM CLI with functions that use these backends."""
    return Sam.of(local_backends.aws, local_backends.simulator.url)
