"""Fixtures every test may use."""

from collections.abc import Iterator

import pytest

from tests.integration.stack import Stack, started_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The local stack, started once for all tests."""
    with started_stack(tmp_path_factory.mktemp("stack") / "stderr") as running:
        yield running
