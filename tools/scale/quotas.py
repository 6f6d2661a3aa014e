"""Quotas of AWS that limit the stack under load, each with the page that states it."""

from dataclasses import dataclass

QUOTAS_DATE = "2026-11-27"
_DOCS = "https://docs.aws.amazon.com/"
_LAMBDA = _DOCS + "lambda/latest/dg/"
_SSM = _DOCS + "general/latest/gr/ssm.html"
_DYNAMODB = _DOCS + "amazondynamodb/latest/developerguide/"
_EVENTS = _DOCS + "eventbridge/latest/userguide/eb-quota.html"
_COPY = "copy of the page"
_QUOTE = "quotes only, not confirmed here"


@dataclass(frozen=True, slots=True)
class Quota:
    """A default quota of an account.

    Attributes:
        service: the service that enforces the quota.
        limit: its value in us-east-1.
        unit: the limited quantity.
        elsewhere: its value in other regions.
        raise_by: how to raise it. A code such as L-8A5B8E43 is the one of Service Quotas.
        page: URL of AWS's documentation.
        seen: how the value was read.
    """

    service: str
    limit: int
    unit: str
    elsewhere: str
    raise_by: str
    page: str
    seen: str = _COPY


API_REQUESTS = Quota(
    "API Gateway",
    10_000,
    "requests per second to all APIs, with a burst of 5,000",
    "2,500 with a burst of 1,250 in 13 newer regions",
    "L-8A5B8E43; the burst follows",
    _DOCS + "apigateway/latest/developerguide/limits.html",
    _COPY + ", quoted on 2026-10-04",
)
CONCURRENCY = Quota(
    "Lambda",
    1_000,
    "concurrent executions",
    "the same; new accounts have less, one report says 10",
    "L-B99A9384",
    _LAMBDA + "gettingstarted-limits.html",
)
INVOCATIONS_PER_CONTAINER = Quota(
    "Lambda",
    10,
    "invocations per second for each unit of concurrency, however short they are",
    "the same",
    "no; request more concurrency",
    _LAMBDA + "lambda-concurrency.html",
)
NEW_CONTAINERS = Quota(
    "Lambda",
    1_000,
    "new containers of one function in 10 seconds",
    "the same",
    "no; warm containers before the event",
    _LAMBDA + "scaling-behavior.html",
    _COPY + ", quoted on 2026-10-01",
)
NEW_INVOCATIONS = Quota(
    "Lambda",
    10_000,
    "additional invocations per second of one function, every 10 seconds",
    "the same",
    "no; warm containers before the event",
    _LAMBDA + "scaling-behavior.html",
    _COPY + ", quoted on 2026-10-01",
)
SSM_CALLS = Quota(
    "SSM",
    40,
    "GetParameters per second, together with GetParameter and GetParametersByPath",
    "the same",
    "switch on higher throughput",
    _SSM,
    _QUOTE,
)
SSM_CALLS_HIGHER = Quota(
    "SSM", 1_000, "GetParameters per second with higher throughput", "the same", "ask support", _SSM, _QUOTE
)
DECRYPTS = Quota(
    "KMS",
    100_000,
    "decryptions and other symmetric operations per second",
    "20,000 in six regions, 10,000 in most",
    "L-6E3AF000",
    _DOCS + "kms/latest/developerguide/requests-per-second.html",
)
TABLE_WRITES = Quota(
    "DynamoDB",
    4_000,
    "write units per second of a new table; later twice the previous peak of the table",
    "the same",
    "warm the table; above 40,000 raise the quota per table",
    _DYNAMODB + "on-demand-capacity-mode.html",
)
PARTITION_WRITES = Quota(
    "DynamoDB",
    1_000,
    "write units per second of one partition key, such as one session",
    "the same",
    "no",
    _DYNAMODB + "warm-throughput-scenarios.html",
)
PUT_EVENTS = Quota(
    "EventBridge",
    10_000,
    "PutEvents per second; more are refused",
    "2,400 in Ohio and Frankfurt, 400 to 1,200 in most",
    "L-9B653E91",
    _EVENTS,
)
TARGET_EVENTS = Quota(
    "EventBridge",
    18_750,
    "events per second to targets of rules; more are delayed",
    "4,500 in Ohio and Frankfurt, 750 to 2,250 in most",
    "L-5540C5E3",
    _EVENTS,
)
BATCHES = Quota(
    "SQS",
    1_250,
    "concurrent batches from one queue: five at first, 300 more each minute. Calls to the queue are nearly unlimited",
    "the same",
    "provisioned mode of the event source mapping",
    _LAMBDA + "services-sqs-scaling.html",
)
LOG_CALLS = Quota(
    "CloudWatch Logs",
    5_000,
    "PutLogEvents per second; not confirmed here whether Lambda's deliveries count",
    "the same",
    "L-7E1FAE88",
    _DOCS + "AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
)

QUOTAS = [value for value in list(globals().values()) if isinstance(value, Quota)]
API_BURST = 5_000
"""Burst of API Gateway's quota. A larger burst of a route has no effect."""
