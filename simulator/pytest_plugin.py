"""Pytest plugin: a simulator of 100ms for tests. The fixture `hms_simulator` resets it before each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from simulator import DEFAULT_ACCESS_KEY, DEFAULT_SECRET

if TYPE_CHECKING:
    from simulator.control_client import ControlClient


@dataclass(frozen=True, slots=True)
class HmsSimulator:
    """A running simulator.

    Attributes:
        url: base URL without /v2, e.g. http://127.0.0.1:41234.
        access_key: access key of the only app.
        secret: secret of the app.
        control: client of the control API.
    """

    url: str
    access_key: str
    secret: str
    control: ControlClient


@pytest.fixture(scope="session")
def running_hms_simulator() -> Iterator[HmsSimulator]:
    """A simulator on a free port, in the process of the tests. Each worker of pytest-xdist has one."""
    from simulator.control_client import ControlClient  # pytest loads this plugin even if no test uses it
    from simulator.server import Simulator

    simulator = Simulator("127.0.0.1", 0, DEFAULT_ACCESS_KEY, DEFAULT_SECRET)
    simulator.start()
    yield HmsSimulator(simulator.url, DEFAULT_ACCESS_KEY, DEFAULT_SECRET, ControlClient(simulator.url))
    simulator.stop()


@pytest.fixture
def hms_simulator(running_hms_simulator: HmsSimulator) -> HmsSimulator:
    """The simulator in its initial state."""
    running_hms_simulator.control.reset()
    return running_hms_simulator
