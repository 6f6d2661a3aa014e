"""Builds the tables of docs/scale.md."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from tools.markdown import format_table
from tools.scale import durations, quotas
from tools.scale.durations import MEASURED
from tools.scale.event_costs import call_cost, join_costs
from tools.scale.load import Demand, Load
from tools.scale.settings import SETTINGS, needs_higher_throughput
from tools.scale.stack import Stack

JOINS = (1_000, 10_000, 100_000, 1_000_000)
WEBHOOK_RATES = (10, 100, 1_000, 10_000)
LARGE_ROOM = 20_000
"""Peers in a large room of 100ms."""
BURST_RESULTS = Path(__file__).parents[2] / "benchmarks" / "burst" / "results.md"
"""The table that `make burst` writes."""
NAMED_LIMITS = 3
"""Limits named as the first to bind, beginning with the one that the load exceeds most."""


def make_tables(stack: Stack) -> Mapping[str, Callable[[], str]]:
    """Return the functions that build each table, by name."""
    by_token, by_code = ([Load.from_joins(joins, by_code=by_code) for joins in JOINS] for by_code in (False, True))
    webhooks = [Load(webhooks=rate) for rate in WEBHOOK_RATES]
    joins_header = [f"{joins:,} joins" for joins in JOINS]
    webhooks_header = [f"{rate:,}/s" for rate in WEBHOOK_RATES]
    rooms = [f"rooms at 100ms, of {LARGE_ROOM:,} peers", *(f"{math.ceil(joins / LARGE_ROOM):,}" for joins in JOINS)]
    return {
        "join_settings": partial(
            _settings, stack, ["in a minute", *joins_header], list(zip(by_token, by_code, strict=True)), [rooms]
        ),
        "webhook_settings": partial(_settings, stack, ["webhooks", *webhooks_header], [[load] for load in webhooks]),
        "joins_by_token": partial(_demands, stack, ["in a minute", *joins_header], by_token),
        "joins_by_code": partial(_demands, stack, ["in a minute", *joins_header], by_code),
        "webhooks": partial(_demands, stack, ["webhooks", *webhooks_header], webhooks),
        "join_costs": partial(_join_costs, stack, ["USD", *joins_header]),
        "webhook_costs": partial(_webhook_costs, stack, ["USD per hour", *webhooks_header]),
        "quotas": _quotas,
        "durations": _durations,
        "ssm_burst": BURST_RESULTS.read_text,
    }


def _settings(
    stack: Stack, header: Sequence[str], columns: Sequence[Sequence[Load]], more: Sequence[Sequence[str]] = ()
) -> str:
    """Return a table of what to set. Each column serves all of its loads. Other values than defaults are in bold."""
    rows = [
        ["requests in the busiest second", *(f"{max(load.requests for load in loads):,.0f}" for loads in columns)],
        ["SSM higher throughput", *("**on**" if needs_higher_throughput(loads) else "off" for loads in columns)],
    ]
    for setting in SETTINGS:
        if any(setting.demand(load) for loads in columns for load in loads):
            default = setting.find_default(stack)
            values = [setting.choose(loads, default) for loads in columns]
            rows.append([setting.name, *(f"{value:,}" if value == default else f"**{value:,}**" for value in values)])
    return format_table(header, [*rows, *more])


def _demands(stack: Stack, header: Sequence[str], loads: Sequence[Load]) -> str:
    """Return a table of containers and of the demand on each limit, one column per load."""
    columns = [load.demands(stack) for load in loads]
    rows = [
        ["busy containers", *(_whole(load.busy) for load in loads)],
        ["containers that start, if none is warm", *(_whole(load.cold_containers) for load in loads)],
        *(
            [f"{row[0].name} ({row[0].limit:,})", *map(_format_demand, row)]
            for row in zip(*columns, strict=True)
            if any(demand.quantity for demand in row)
        ),
        ["**binds first**", *map(_name_binding, columns)],
        ["**binds after the settings above**", *(_name_binding(load.remaining_demands()) for load in loads)],
    ]
    return format_table(header, rows)


def _whole(number: float) -> str:
    return f"{math.ceil(round(number, 6)):,}"


def _format_demand(demand: Demand) -> str:
    quantity = _whole(demand.quantity)
    return f"**{quantity} ({demand.share:,.1f} x)**" if demand.share > 1 else f"{quantity} ({demand.share:.0%})"


def _name_binding(demands: Sequence[Demand]) -> str:
    exceeded = sorted((demand for demand in demands if demand.share > 1), key=lambda demand: -demand.share)
    return ", ".join(demand.name for demand in exceeded[:NAMED_LIMITS]) or "nothing"


def _join_costs(stack: Stack, header: Sequence[str]) -> str:
    """Return a table of the costs of an event, for both ways to get a token."""
    rows = []
    for way, by_code in (("`POST /token`", False), ("room codes", True)):
        columns = [join_costs(stack, joins, by_code=by_code) for joins in JOINS]
        items = [item for item in columns[0] if any(costs[item] for costs in columns)]
        rows += [[f"{way}: {item}", *(f"{costs[item]:,.2f}" for costs in columns)] for item in items]
        rows.append([f"**{way}: total**", *(f"**{sum(costs.values()):,.2f}**" for costs in columns)])
    return format_table(header, rows)


def _webhook_costs(stack: Stack, header: Sequence[str]) -> str:
    """Return a table of the costs of webhooks per hour."""
    kinds = {"webhooks of attendance": "webhook of attendance", "other webhooks": "webhook"}
    rows = (
        [name, *(f"{call_cost(stack, kind) * rate * 3600:,.2f}" for rate in WEBHOOK_RATES)]
        for name, kind in kinds.items()
    )
    return format_table(header, rows)


def _quotas() -> str:
    """Return a table of AWS's quotas and their sources."""
    rows = (
        [
            quota.service,
            f"{quota.limit:,} {quota.unit}",
            quota.elsewhere,
            quota.raise_by,
            f"[page]({quota.page}) ({quota.seen})",
        ]
        for quota in quotas.QUOTAS
    )
    return format_table(["service", "default in us-east-1", "other regions", "raise it by", "source"], rows)


def _durations() -> str:
    """Return a table of the durations that the model uses."""
    rows = (
        ("`POST /token` in a warm container", MEASURED.token, "measured"),
        ("`POST /token` in a new container", MEASURED.token_cold, "measured, without AWS's time to start it"),
        ("webhook in a new container", MEASURED.webhook_cold, "the row above, times the ratio of both on the host"),
        ("webhook in a warm container", durations.WEBHOOK_SECONDS, "assumed: two writes to DynamoDB and one event"),
        ("exchange of a code", durations.CALL_SECONDS, "assumed: nearly all of it is spent in 100ms"),
        ("event of attendance", durations.KEEPER_SECONDS, "assumed: one write to DynamoDB"),
    )
    return format_table(
        ["duration", "ms", "source"],
        ([name, f"{seconds * 1000:,.{1 if seconds < 0.01 else 0}f}", source] for name, seconds, source in rows),
    )
