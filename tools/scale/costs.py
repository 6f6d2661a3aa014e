"""Builds the section on costs of docs/operations.md."""

import re
from collections.abc import Iterator, Sequence
from textwrap import fill

from tools.markdown import format_table
from tools.scale import usage
from tools.scale.prices import FREE_TIER, MILLION, PRICES_DATE, Price
from tools.scale.stack import Stack
from tools.scale.usage import Calls, Usage

SECTION_PATTERN = re.compile(r"^## Costs\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
MONTH_SECONDS = 30 * 24 * 3600
QUEUE_POLLERS = 5
POLL_SECONDS = 20
USUAL_METRICS = ("Requests", "UpstreamLatency")
RARE_METRICS = ("ServerErrors", "UpstreamErrors", "Retries", "IdempotentReplays", "CredentialFailures")
ROUTE_METRICS = 6
WARM_CONTAINERS = 200
WARM_SECONDS = 3600
BILL_LINES = {
    "HTTP API": (Price.HTTP_API,),
    "Lambda: invocations": (Price.LAMBDA_REQUESTS,),
    "Lambda: time": (Price.LAMBDA_TIME,),
    "CloudWatch: logs": (Price.LOGS_INGESTED, Price.LOGS_STORED),
    "X-Ray": (Price.TRACES,),
    "DynamoDB": (Price.WRITES, Price.TABLE_STORAGE, Price.BACKUPS),
    "EventBridge": (Price.EVENTS, Price.ARCHIVE_INGESTED, Price.ARCHIVE_STORED),
    "SQS": (Price.QUEUE_REQUESTS,),
    "data sent": (Price.DATA_TRANSFER,),
}
"""The lines of the bill, each with the prices that it sums."""


def replace_section(page: str, stack: Stack) -> str:
    """Return the page with the section replaced by the stack's."""
    return SECTION_PATTERN.sub(lambda _: f"{build_section(stack)}\n", page).rstrip("\n") + "\n"


def build_section(stack: Stack) -> str:
    """Return the section in Markdown."""
    parts = (
        "## Costs",
        _paragraph(
            "Costs are in USD for us-east-1, before tax, discounts and free tiers. `make scale` computes this section "
            f"from `template.yaml`, `monitoring.yaml` and the prices at its end. The prices date from {PRICES_DATE}. "
            "They come from copies of AWS's pages, some months old, and from quotes of those pages. AWS's pages are "
            "authoritative."
        ),
        "**An idle stack** per month:",
        format_table(["what", "how much", "USD"], _idle_stack(stack)).rstrip(),
        _paragraph(
            "The rest costs nothing until you use it: functions, API, tables, bus, archive, logs, custom metrics and "
            "standard SSM parameters. `Monitoring=false` removes the alarms and the dashboard."
        ),
        "**One million calls** of each kind:",
        format_table(["", *Calls(stack).usage_by_kind()], _million_calls(stack)).rstrip(),
        "\n".join(map(_item, _assumptions(stack))),
        "**A busy stack** also pays, per month. A metric costs only for the hours in which it is written.",
        format_table(["what", "how much", "USD"], _busy_stack(stack)).rstrip(),
        "**Free tiers**, not deducted above:",
        "\n".join(map(_item, FREE_TIER)),
        "**Prices** and their sources:",
        format_table(["USD", "for", "source"], _prices()).rstrip(),
    )
    return "\n\n".join(parts) + "\n"


def _idle_stack(stack: Stack) -> Iterator[list[str]]:
    queues = stack.running_event_source_mappings
    polls = queues * QUEUE_POLLERS * MONTH_SECONDS / POLL_SECONDS
    requests = (
        f"{queues} queues, about {QUEUE_POLLERS} polls in {POLL_SECONDS} s: {polls / MILLION:.1f} million requests"
    )
    rows = [
        ("alarms", f"{stack.alarm_metrics} metrics", Price.ALARMS.cost(stack.alarm_metrics)),
        ("dashboards", str(stack.dashboards), Price.DASHBOARDS.cost(stack.dashboards)),
        ("Lambda's polling of queues", requests, Price.QUEUE_REQUESTS.cost(polls)),
    ]
    for name, quantity, usd in rows:
        yield [name, quantity, _usd(usd)]
    yield ["**total**", "", f"**{_usd(sum(usd for _, _, usd in rows))}**"]


def _million_calls(stack: Stack) -> Iterator[list[str]]:
    kinds = Calls(stack).usage_by_kind().values()
    for line, prices in BILL_LINES.items():
        costs = [_cost(use, prices) for use in kinds]
        if any(costs):
            yield [line, *map(_usd, costs)]
    yield ["**total**", *(f"**{_usd(_cost(use, list(use)))}**" for use in kinds)]


def _cost(use: Usage, prices: Sequence[Price]) -> float:
    return sum(price.cost(use.get(price, 0) * MILLION) for price in prices)


def _assumptions(stack: Stack) -> Iterator[str]:
    milliseconds = {kind: f"{seconds * 1000:.0f} ms" for kind, seconds in usage.INVOCATION_SECONDS.items()}
    function_bytes, lambda_bytes, access_bytes = (
        usage.FUNCTION_LOG_BYTES,
        usage.LAMBDA_LOG_BYTES,
        usage.ACCESS_LOG_BYTES,
    )
    yield (
        f"Lambda runs on arm64 with {stack.memory_gb * 1024:.0f} MB: {milliseconds['call']} for a call, nearly all of "
        f"it spent in 100ms, {milliseconds['join token']} to mint a join token, {milliseconds['webhook']} for a "
        f"webhook, {milliseconds['keeper']} to store attendance, "
        f"{milliseconds['command']} for a command."
    )
    yield (
        f"An invocation logs {function_bytes + lambda_bytes:,} bytes: {function_bytes} of log line and metrics, "
        f"{lambda_bytes} of Lambda's own lines. The access log adds {access_bytes} bytes, and each line "
        f"{usage.LINE_BYTES} bytes of overhead. Logs are kept for {stack.log_days} days, uncompressed."
    )
    yield (
        f"An `Idempotency-Key` uses three write units: one to create the record, two to store a response of up to "
        f"{usage.RESPONSE_BYTES // 1000} KB. A command uses three as well; a webhook uses two."
    )
    size = f"{usage.EVENT_BYTES // 1000} KB"
    yield f"The archive keeps an event of {size} for {stack.archive_days} days, and the log an extract of it."
    yield "A message uses three SQS requests: send, receive and delete. Full batches use fewer."
    yield f"A call sends {usage.SENT_BYTES['call'] // 1000} KB in total, to its caller and to 100ms."
    if stack.is_traced:
        yield f"X-Ray traces {usage.TRACED_SHARE:.0%} of invocations, and the first of each second."


def _busy_stack(stack: Stack) -> Iterator[list[str]]:
    metric_sets = stack.sections + 1
    usual, maximum = (len(names) * metric_sets for names in (USUAL_METRICS, USUAL_METRICS + RARE_METRICS))
    decrypts = usage.TOKEN_SECRETS * MONTH_SECONDS / usage.SECRETS_SECONDS
    snapshots = stack.functions * stack.memory_gb * MONTH_SECONDS
    warm = WARM_CONTAINERS * stack.memory_gb * WARM_SECONDS
    yield [
        f"custom metrics: {' and '.join(f'`{name}`' for name in USUAL_METRICS)} of each section and of the stack",
        f"{stack.sections} sections: {usual}",
        _usd(Price.METRICS.cost(usual)),
    ]
    yield [
        f"the most: all {len(USUAL_METRICS + RARE_METRICS)} metrics of every section, written every hour",
        str(maximum),
        _usd(Price.METRICS.cost(maximum)),
    ]
    if stack.route_keys:
        yield [
            f"API Gateway's detailed metrics: {ROUTE_METRICS} of each route that is called, at most",
            f"{stack.route_keys} routes: {stack.route_keys * ROUTE_METRICS}",
            _usd(Price.METRICS.cost(stack.route_keys * ROUTE_METRICS)),
        ]
    yield [
        "secrets: a container that is busy all month decrypts each of them every five minutes",
        f"{usage.TOKEN_SECRETS} secrets: {decrypts:,.0f} KMS requests",
        _usd(Price.KMS_REQUESTS.cost(decrypts)),
    ]
    yield [
        f"`TokensProvisionedConcurrency={WARM_CONTAINERS}`, each hour",
        f"{warm:,.0f} GB-seconds",
        _usd(Price.PROVISIONED.cost(warm)),
    ]
    yield [
        "SnapStart, if enabled: snapshots of one version of each function, without restores",
        f"{stack.functions} functions",
        _usd(Price.SNAPSHOTS.cost(snapshots)),
    ]


def _prices() -> Iterator[list[str]]:
    for price in Price:
        usd = f"{price.usd:.10f}".rstrip("0")
        amount = usd if len(usd.partition(".")[2]) > 2 else f"{price.usd:.2f}"
        count = {MILLION: "a million ", 1: ""}.get(price.count, f"{price.count:,} ")
        yield [amount, f"{count}{price.unit}", price.source]


def _paragraph(text: str, first: str = "", indent: str = "") -> str:
    return fill(
        text, 120, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
    )


def _item(text: str) -> str:
    return _paragraph(text, "- ", "  ")


def _usd(amount: float) -> str:
    return f"{amount:.2f}"
