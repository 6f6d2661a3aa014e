"""What `make e2e` runs against."""

from collections.abc import Iterator

import pytest

from tests.e2e.sam_local.sam import Sam
from tests.support.backstage import Backstage, running_backstage
from tools.docker import host_address


@pytest.fixture(scope="session")
def backstage() -> Iterator[Backstage]:
    """100ms and AWS, where containers reach them."""
    with running_backstage(host_address()) as running:
        yield running


@pytest.fixture(scope="session")
def sam(backstage: Backstage) -> Sam:
    """SAM CLI with functions that find them."""
    return Sam.of(backstage.aws, backstage.simulator.url)
