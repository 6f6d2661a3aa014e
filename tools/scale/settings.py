"""Computes what to set for a load: parameters of the stack, quotas of AWS, and warm containers and tables."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tools.scale import quotas
from tools.scale.load import COLD_CONTAINERS_WITHOUT_WAITING, Load
from tools.scale.quotas import Quota
from tools.scale.stack import Stack

HEADROOM = 1.5
"""Limits to set, relative to the demand. It covers repeated requests."""
MAX_WARM_CONTAINERS = 10_000
"""Maximum of the parameter `TokensProvisionedConcurrency`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A limit to set.

    Attributes:
        name: name of the limit.
        demand: the demand of a load on it.
        default: the default: a quota, the name of a parameter, or a number.
        most: the largest value that is possible or has an effect.
    """

    name: str
    demand: Callable[[Load], float]
    default: Quota | str | int
    most: float = math.inf

    def find_default(self, stack: Stack) -> int:
        """Return the default as a number."""
        if isinstance(self.default, Quota):
            return self.default.limit
        return int(stack.defaults[self.default]) if isinstance(self.default, str) else self.default

    def choose(self, loads: Sequence[Load], default: int) -> int:
        """Return the value to set for the largest of these loads. It is at least the default."""
        wanted = max(self.demand(load) for load in loads) * HEADROOM
        return default if wanted <= default else int(min(round_up(wanted), self.most))


def _throttling(prefix: str, demand: Callable[[Load], float]) -> Iterator[Setting]:
    """Yield the settings of a route: requests per second, and twice as many at once."""
    rate, burst = f"{prefix}ThrottlingRateLimit", f"{prefix}ThrottlingBurstLimit"
    yield Setting(f"`{rate}`", demand, rate)
    yield Setting(f"`{burst}`", lambda load: 2 * demand(load), burst, most=quotas.API_BURST)


SETTINGS = (
    Setting(
        "`TokensProvisionedConcurrency` for `POST /token`",
        lambda load: load.token_traffic.warm_containers,
        default=0,
        most=MAX_WARM_CONTAINERS,
    ),
    Setting(
        "`TokensProvisionedConcurrency` for room codes",
        lambda load: load.exchange_traffic.warm_containers,
        default=0,
        most=MAX_WARM_CONTAINERS,
    ),
    *_throttling("", lambda load: load.tokens),
    *_throttling("Public", lambda load: load.exchanges),
    *_throttling("Webhooks", lambda load: load.webhooks),
    Setting("quota: Lambda, concurrent executions", lambda load: load.concurrency, quotas.CONCURRENCY),
    Setting("quota: API Gateway, requests per second", lambda load: load.requests, quotas.API_REQUESTS),
    Setting("quota: EventBridge, PutEvents per second", lambda load: load.webhooks, quotas.PUT_EVENTS),
    Setting("quota: EventBridge, events to targets", lambda load: load.target_events, quotas.TARGET_EVENTS),
    Setting("warm write units of `IdempotencyTable`", lambda load: load.id_writes, quotas.TABLE_WRITES),
    Setting("warm write units of `AttendanceTable`", lambda load: load.webhooks, quotas.TABLE_WRITES),
)


def needs_higher_throughput(loads: Sequence[Load]) -> bool:
    """Return True if more containers start at once than SSM serves in time."""
    return any(load.ssm_calls > COLD_CONTAINERS_WITHOUT_WAITING for load in loads)


def round_up(number: float) -> int:
    """Round up to two significant digits."""
    step = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return int(math.ceil(round(number / step, 6)) * step)
