"""What `make e2e` runs against."""

from collections.abc import Iterator

import pytest

from tests.e2e.sam_local.sam import Sam, docker_address
from tests.support.backstage import Backstage, running_backstage


@pytest.fixture(scope="session")
def backstage() -> Iterator[Backstage]:
    """100ms and AWS, where containers reach them."""
    with running_backstage(docker_address()) as running:
        yield running


@pytest.fixture(scope="session")
def sam(backstage: Backstage) -> Sam:
    """SAM CLI with functions that find them."""
    return Sam.of(backstage.aws, backstage.simulator.url)
