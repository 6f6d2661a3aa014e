"""Computes the costs of an event with many joins, and of webhooks."""

from tools.scale import quotas, usage
from tools.scale.load import Load, Traffic
from tools.scale.prices import Price
from tools.scale.settings import HEADROOM, MAX_WARM_CONTAINERS, round_up
from tools.scale.stack import Stack
from tools.scale.usage import Calls

WARM_MINUTES = 30
WEBHOOKS_PER_JOIN = 2
"""One when a peer joins, one when it leaves."""


def call_cost(stack: Stack, kind: str) -> float:
    """Return the price of one call of a kind of `Calls.usage_by_kind`, in USD."""
    return sum(price.cost(quantity) for price, quantity in Calls(stack).usage_by_kind()[kind].items())


def join_costs(stack: Stack, joins: int, *, by_code: bool) -> dict[str, float]:
    """Return the costs of an event with so many joins in a minute by item, in USD."""
    load = Load.from_joins(joins, by_code=by_code)
    tables = sum(_warm_table_cost(writes) for writes in (load.id_writes, load.webhooks))
    return {
        "join tokens": joins * call_cost(stack, "GET" if by_code else "join token"),
        "webhooks and attendance": joins * WEBHOOKS_PER_JOIN * call_cost(stack, "webhook of attendance"),
        "warm containers": _warm_container_cost(stack, load.exchange_traffic if by_code else load.token_traffic),
        "SSM and KMS": 0 if by_code else _secrets_cost(load.token_traffic),
        "warm tables, once": tables,
    }


def _warm_container_cost(stack: Stack, traffic: Traffic) -> float:
    return Price.PROVISIONED.cost(_warm_containers(traffic) * WARM_MINUTES * 60 * stack.memory_gb)


def _secrets_cost(traffic: Traffic) -> float:
    """Return the price of the parameters that warm containers read at their start and again until their end."""
    containers, seconds = _warm_containers(traffic), WARM_MINUTES * 60
    secrets = containers * usage.TOKEN_SECRETS * (1 + seconds / usage.SECRETS_SECONDS)
    lists = containers * usage.KEY_LISTS * (1 + seconds / usage.KEY_LIST_SECONDS)
    return Price.PARAMETER_READS.cost(secrets + lists) + Price.KMS_REQUESTS.cost(secrets)


def _warm_containers(traffic: Traffic) -> int:
    wanted = traffic.warm_containers * HEADROOM
    return min(round_up(wanted), MAX_WARM_CONTAINERS) if wanted else 0


def _warm_table_cost(writes: float) -> float:
    """Return the price of warming a new table."""
    return Price.WARM_WRITES.cost(max(0, round_up(writes * HEADROOM) - quotas.TABLE_WRITES.limit))
