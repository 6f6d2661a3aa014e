"""Models the stack under load: containers, and the demand on each limit in the busiest second."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.scale import quotas, usage
from tools.scale.durations import CALL_SECONDS, KEEPER_SECONDS, MEASURED, WEBHOOK_SECONDS
from tools.scale.quotas import Quota
from tools.scale.stack import Stack

PEAK = 4
"""Requests in the busiest second of a minute, relative to its average: all users join within 15 seconds."""
TARGETS = 3
"""Targets of an attendance event: the log of the bus, the queue of attendance, and the archive."""
EXCHANGE_ATTEMPTS = 4
"""Requests of the web SDK for one exchange, without a pause, while the response is 429 or 5xx.
https://github.com/100mslive/web-sdks/blob/main/packages/hms-video-store/src/utils/fetch.ts
"""
COLD_CONTAINERS_WITHOUT_WAITING = 100
"""Containers that can start at once. SSM serves nearly all of them within 5 seconds."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests to one function.

    Attributes:
        rate: requests per second.
        seconds: duration of a request in a warm container.
        cold_seconds: duration of a request in a new container.
    """

    rate: float
    seconds: float
    cold_seconds: float

    @property
    def busy(self) -> float:
        """Containers that are busy at once."""
        return self.rate * self.seconds

    @property
    def concurrency(self) -> float:
        """Concurrency that Lambda requires. For requests under 100 ms, it is more than the busy containers."""
        return max(self.busy, self.rate / quotas.INVOCATIONS_PER_CONTAINER.limit)

    @property
    def cold_containers(self) -> float:
        """Containers that start if none is warm: one for each request until the first container is free."""
        return self.rate * self.cold_seconds

    @property
    def warm_containers(self) -> float:
        """Containers to start before the event."""
        return self.concurrency if self.cold_containers > COLD_CONTAINERS_WITHOUT_WAITING else 0


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand on a limit, per second or at once."""

    name: str
    quantity: float
    limit: int

    @property
    def share(self) -> float:
        """Demand relative to the limit. Above 1, requests wait or are refused."""
        return self.quantity / self.limit


@dataclass(frozen=True, slots=True)
class Load:
    """Requests per second.

    Attributes:
        tokens: calls of `POST /token`.
        exchanges: exchanges of room codes.
        webhooks: webhooks of attendance.
    """

    tokens: float = 0
    exchanges: float = 0
    webhooks: float = 0

    @classmethod
    def from_joins(cls, joins: int, *, by_code: bool) -> "Load":
        """Return the load in the busiest second of a minute with so many joins.

        Each join needs a join token and causes a webhook. The webhook for leaving comes later.
        """
        rate = joins / 60 * PEAK
        return cls(0 if by_code else rate, rate if by_code else 0, rate)

    @property
    def token_traffic(self) -> Traffic:
        """Requests to `POST /token`."""
        return Traffic(self.tokens, MEASURED.token, MEASURED.token_cold)

    @property
    def exchange_traffic(self) -> Traffic:
        """Exchanges of room codes, which read no parameter."""
        return Traffic(self.exchanges, CALL_SECONDS, MEASURED.token_cold + CALL_SECONDS)

    @property
    def webhook_traffic(self) -> Traffic:
        """Webhooks."""
        return Traffic(self.webhooks, WEBHOOK_SECONDS, MEASURED.webhook_cold + WEBHOOK_SECONDS)

    @property
    def traffic(self) -> Sequence[Traffic]:
        """Requests to each function behind the API."""
        return self.token_traffic, self.exchange_traffic, self.webhook_traffic

    @property
    def requests(self) -> float:
        """Requests to the API."""
        return self.tokens + self.exchanges + self.webhooks

    @property
    def batches(self) -> float:
        """Batches of attendance that are processed at once."""
        return self.webhooks * KEEPER_SECONDS

    @property
    def busy(self) -> float:
        """Containers that are busy at once."""
        return sum(traffic.busy for traffic in self.traffic) + self.batches

    @property
    def concurrency(self) -> float:
        """Concurrency that Lambda requires."""
        return sum(traffic.concurrency for traffic in self.traffic) + self.batches

    @property
    def cold_containers(self) -> float:
        """Containers that start if none is warm."""
        return sum(traffic.cold_containers for traffic in self.traffic)

    @property
    def ssm_calls(self) -> float:
        """SSM calls of the containers that start if none is warm."""
        return self.token_traffic.cold_containers + self.webhook_traffic.cold_containers

    @property
    def id_writes(self) -> float:
        """Writes of webhook IDs."""
        return self.webhooks * usage.WEBHOOK_WRITES

    @property
    def target_events(self) -> float:
        """Events that EventBridge sends to targets."""
        return self.webhooks * TARGETS

    def demands(self, stack: Stack) -> Sequence[Demand]:
        """Return the demand on each limit, if no other limit reduces it."""
        tokens, webhooks = self.token_traffic.cold_containers, self.webhook_traffic.cold_containers
        decrypts = tokens * usage.TOKEN_SECRETS + webhooks * usage.WEBHOOK_SECRETS
        answered = min(1, quotas.SSM_CALLS_HIGHER.limit / self.ssm_calls) if self.ssm_calls else 0
        failing = self.requests + self.exchanges * (EXCHANGE_ATTEMPTS - 1) if self.exchanges else 0
        limits: tuple[tuple[str, float, Quota], ...] = (
            ("API Gateway requests", self.requests, quotas.API_REQUESTS),
            ("API Gateway requests, if exchanges fail", failing, quotas.API_REQUESTS),
            ("Lambda concurrency", self.concurrency, quotas.CONCURRENCY),
            ("new Lambda containers", max(item.cold_containers for item in self.traffic), quotas.NEW_CONTAINERS),
            ("new Lambda invocations", max(item.rate for item in self.traffic), quotas.NEW_INVOCATIONS),
            ("SSM calls at the start", self.ssm_calls, quotas.SSM_CALLS),
            ("SSM calls at the start, higher throughput", self.ssm_calls, quotas.SSM_CALLS_HIGHER),
            (
                "SSM calls afterwards",
                tokens / usage.KEY_LIST_SECONDS + webhooks / usage.SECRETS_SECONDS,
                quotas.SSM_CALLS,
            ),
            ("KMS decryptions", decrypts * answered, quotas.DECRYPTS),
            ("DynamoDB writes of webhook IDs", self.id_writes, quotas.TABLE_WRITES),
            ("DynamoDB writes of attendance", self.webhooks, quotas.TABLE_WRITES),
            ("EventBridge PutEvents", self.webhooks, quotas.PUT_EVENTS),
            ("EventBridge events to targets", self.target_events, quotas.TARGET_EVENTS),
            ("SQS batches", self.batches, quotas.BATCHES),
        )
        routes = {
            "ThrottlingRateLimit": self.tokens,
            "PublicThrottlingRateLimit": self.exchanges,
            "WebhooksThrottlingRateLimit": self.webhooks,
        }
        return [
            *(Demand(f"`{name}`", rate, stack.defaults[name]) for name, rate in routes.items()),
            *(Demand(name, quantity, quota.limit) for name, quantity, quota in limits),
        ]

    def remaining_demands(self) -> Sequence[Demand]:
        """Return the demand on the limits that stay, after all settings are made and containers are warm.

        Only the containers of webhooks are not warm.
        """
        webhooks = self.webhook_traffic
        limits: tuple[tuple[str, float, Quota], ...] = (
            ("new containers for webhooks", webhooks.cold_containers, quotas.NEW_CONTAINERS),
            ("new invocations for webhooks", webhooks.rate, quotas.NEW_INVOCATIONS),
            ("SSM calls for webhooks", webhooks.cold_containers, quotas.SSM_CALLS_HIGHER),
            ("SQS batches", self.batches, quotas.BATCHES),
        )
        return [Demand(name, quantity, quota.limit) for name, quantity, quota in limits]
