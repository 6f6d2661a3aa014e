"""A simulator on a free port, reset for every test."""

from collections.abc import Iterator

import pytest

from simulator.server import Simulator
from tests.integration.simulator.client import ACCESS_KEY, SECRET, Client
from tests.integration.simulator.receiver import Receiver, receiver, set_workspace_webhook


@pytest.fixture(scope="session")
def running() -> Iterator[Simulator]:
    simulator = Simulator("127.0.0.1", 0, ACCESS_KEY, SECRET)
    simulator.start()
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(running: Simulator) -> Client:
    client = Client(running.url)
    assert client.post("/_simulator/reset").status_code == 200
    return client


@pytest.fixture
def workspace(simulator: Client) -> Iterator[Receiver]:
    """A receiver of the workspace's webhooks."""
    with receiver() as listening:
        set_workspace_webhook(simulator, listening.url)
        yield listening
