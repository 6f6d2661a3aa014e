"""The section on costs of docs/operations.md."""

import re
from collections.abc import Iterator, Sequence
from textwrap import fill

from tools.costs import usage
from tools.costs.prices import FREE, LOOKED_UP, MILLION, Price
from tools.costs.stack import Stack
from tools.costs.usage import Calls, Use

SECTION = re.compile(r"^## Costs\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
MONTH_SECONDS = 30 * 24 * 3600
POLLERS = 5
POLL_SECONDS = 20
USUAL_METRICS = ("Requests", "UpstreamLatency")
RARE_METRICS = ("ServerErrors", "UpstreamErrors", "Retries", "IdempotentReplays", "CredentialFailures")
ROUTE_METRICS = 6
KEYS_READ_SECONDS = 60
LINES = {
    "HTTP API": (Price.HTTP_API,),
    "Lambda: invocations": (Price.LAMBDA_REQUESTS,),
    "Lambda: time": (Price.LAMBDA_TIME,),
    "CloudWatch: logs": (Price.LOGS_TAKEN, Price.LOGS_KEPT),
    "X-Ray": (Price.TRACES,),
    "DynamoDB": (Price.WRITES, Price.ITEMS_KEPT, Price.BACKUPS),
    "EventBridge": (Price.EVENTS, Price.ARCHIVED, Price.ARCHIVE_KEPT),
    "SQS": (Price.QUEUE_REQUESTS,),
    "data sent": (Price.SENT,),
}
"""The lines of the bill, with the prices that each is made of."""


def placed(page: str, stack: Stack) -> str:
    """The page with the section as it is for the stack."""
    return SECTION.sub(lambda _: f"{section(stack)}\n", page).rstrip("\n") + "\n"


def section(stack: Stack) -> str:
    """The section, in Markdown."""
    parts = (
        "## Costs",
        _paragraph(
            "USD in us-east-1, before tax, discounts and free tiers. `make costs` computes this section from "
            "`template.yaml` and from the prices at its end. Those were looked up on "
            f"{LOOKED_UP} in copies of AWS's pages, some months old, and in what others quote of them: the pages have "
            "the last word."
        ),
        "**An idle stack**, a month:",
        _table(["what", "how much", "USD"], _idle(stack)),
        _paragraph(
            "Nothing else costs anything until it is used: functions, API, tables, bus, archive, logs, custom metrics, "
            "standard SSM parameters. `Monitoring=false` leaves alarms and dashboard out."
        ),
        "**A million calls** of one kind:",
        _table(["", *Calls(stack).kinds()], _million(stack)),
        "\n".join(map(_item, _assumptions(stack))),
        "**A busy stack** pays besides, a month; what is emitted in some hours only costs as much of it:",
        _table(["what", "how much", "USD"], _busy(stack)),
        "**Free**, and not counted above:",
        "\n".join(map(_item, FREE)),
        "**Prices**, with AWS's page of each:",
        _table(["USD", "for", "source"], _prices()),
    )
    return "\n\n".join(parts) + "\n"


def _idle(stack: Stack) -> Iterator[list[str]]:
    queues = stack.polled_queues
    polls = queues * POLLERS * MONTH_SECONDS / POLL_SECONDS
    looks = f"{queues} queues, about {POLLERS} looks in {POLL_SECONDS} s: {polls / MILLION:.1f} million requests"
    rows = [
        ("alarms", f"{stack.alarm_metrics} metrics", Price.ALARMS.of(stack.alarm_metrics)),
        ("dashboards", str(stack.dashboards), Price.DASHBOARDS.of(stack.dashboards)),
        ("Lambda looking into queues", looks, Price.QUEUE_REQUESTS.of(polls)),
    ]
    for what, quantity, usd in rows:
        yield [what, quantity, _usd(usd)]
    yield ["**in all**", "", f"**{_usd(sum(usd for _, _, usd in rows))}**"]


def _million(stack: Stack) -> Iterator[list[str]]:
    kinds = Calls(stack).kinds().values()
    for line, prices in LINES.items():
        costs = [_cost(use, prices) for use in kinds]
        if any(costs):
            yield [line, *map(_usd, costs)]
    yield ["**in all**", *(f"**{_usd(_cost(use, list(use)))}**" for use in kinds)]


def _cost(use: Use, prices: Sequence[Price]) -> float:
    return sum(price.of(use.get(price, 0) * MILLION) for price in prices)


def _assumptions(stack: Stack) -> Iterator[str]:
    milliseconds = {kind: f"{seconds * 1000:.0f} ms" for kind, seconds in usage.SECONDS.items()}
    own, lambdas, access = usage.FUNCTION_LOG_BYTES, usage.LAMBDA_LOG_BYTES, usage.ACCESS_LOG_BYTES
    yield (
        f"Lambda on arm64 with {stack.memory_gb * 1024:.0f} MB: {milliseconds['call']} for a call, nearly all of it "
        f"100ms's own, {milliseconds['webhook']} for a webhook, {milliseconds['keeper']} to keep attendance, "
        f"{milliseconds['command']} for a command."
    )
    yield (
        f"Logs: {own + lambdas:,} bytes an invocation ({own} of them log line and metrics, the rest Lambda's own "
        f"lines), {access} bytes of access log, and {usage.LINE_BYTES} bytes of overhead a line; kept for "
        f"{stack.log_days} days, not compressed."
    )
    yield (
        f"An `Idempotency-Key` takes three write units: it is made, then completed with an answer of up to "
        f"{usage.ANSWER_BYTES // 1000} KB. So does a command; a webhook takes two."
    )
    kept = f"to the archive for {stack.archive_days} days"
    yield f"An event of {usage.EVENT_BYTES // 1000} KB goes {kept}, and an extract of it to a log."
    yield "A message takes three SQS requests: sent, received and deleted alone. Full batches take less."
    yield f"{usage.SENT_BYTES['call'] // 1000} KB are sent for a call, to its caller and to 100ms."
    if stack.is_traced:
        yield f"X-Ray traces {usage.SAMPLED:.0%} of invocations, and the first of each second."


def _busy(stack: Stack) -> Iterator[list[str]]:
    sets = stack.sections + 1
    usual, most = (len(names) * sets for names in (USUAL_METRICS, USUAL_METRICS + RARE_METRICS))
    reads = MONTH_SECONDS / KEYS_READ_SECONDS
    snapshots = stack.functions * stack.memory_gb * MONTH_SECONDS
    yield [
        f"custom metrics: {' and '.join(f'`{name}`' for name in USUAL_METRICS)} of each section, and of the stack",
        f"{stack.sections} sections: {usual}",
        _usd(Price.METRICS.of(usual)),
    ]
    yield [
        f"all {len(USUAL_METRICS + RARE_METRICS)} metrics of a section, were there such errors everywhere all the time",
        str(most),
        _usd(Price.METRICS.of(most)),
    ]
    if stack.route_keys:
        yield [
            f"API Gateway's detailed metrics: {ROUTE_METRICS} of each route that is called, at most",
            f"{stack.route_keys} routes: {stack.route_keys * ROUTE_METRICS}",
            _usd(Price.METRICS.of(stack.route_keys * ROUTE_METRICS)),
        ]
    yield [
        "a client key, which a container at work decrypts once a minute",
        f"{reads:,.0f} KMS requests for each key and container",
        _usd(Price.KEY_REQUESTS.of(reads)),
    ]
    yield [
        "SnapStart, where it is on: snapshots of one version of each function; restores come on top",
        f"{stack.functions} functions",
        _usd(Price.SNAPSHOTS.of(snapshots)),
    ]


def _prices() -> Iterator[list[str]]:
    for price in Price:
        usd = f"{price.usd:.10f}".rstrip("0")
        amount = usd if len(usd.partition(".")[2]) > 2 else f"{price.usd:.2f}"
        count = {MILLION: "a million ", 1: ""}.get(price.count, f"{price.count:,} ")
        yield [amount, f"{count}{price.what}", price.source]


def _table(head: Sequence[str], rows: Iterator[list[str]]) -> str:
    lines = [f"| {' | '.join(line)} |" for line in (head, *rows)]
    lines.insert(1, "|---" * len(head) + "|")
    return "\n".join(lines)


def _paragraph(text: str, first: str = "", indent: str = "") -> str:
    return fill(
        text, 120, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
    )


def _item(text: str) -> str:
    return _paragraph(text, "- ", "  ")


def _usd(amount: float) -> str:
    return f"{amount:.2f}"
