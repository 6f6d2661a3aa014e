"""Prices of AWS in us-east-1, in USD, before free tiers and volume discounts."""

from enum import Enum

PRICES_DATE = "2026-11-25 to 2026-11-27"
MILLION = 1_000_000


class Price(Enum):
    """A price in USD: amount, number of units, unit and AWS's page."""

    HTTP_API = (1.00, MILLION, "requests to an HTTP API", "https://aws.amazon.com/api-gateway/pricing/")
    LAMBDA_REQUESTS = (0.20, MILLION, "Lambda invocations", "https://aws.amazon.com/lambda/pricing/")
    LAMBDA_TIME = (0.0000133334, 1, "GB-seconds of Lambda on arm64", "https://aws.amazon.com/lambda/pricing/")
    PROVISIONED = (
        0.0000033334,
        1,
        "GB-seconds of provisioned concurrency on arm64",
        "https://aws.amazon.com/lambda/pricing/",
    )
    SNAPSHOTS = (
        0.0000015046,
        1,
        "GB-seconds of a cached snapshot (SnapStart)",
        "https://aws.amazon.com/lambda/pricing/",
    )
    RESTORES = (0.0001397998, 1, "GB restored from a snapshot (SnapStart)", "https://aws.amazon.com/lambda/pricing/")
    LOGS_INGESTED = (0.50, 1, "GB of logs ingested by CloudWatch", "https://aws.amazon.com/cloudwatch/pricing/")
    LOGS_STORED = (0.03, 1, "GB-months of stored logs", "https://aws.amazon.com/cloudwatch/pricing/")
    METRICS = (0.30, 1, "custom metrics per month, prorated by the hour", "https://aws.amazon.com/cloudwatch/pricing/")
    ALARMS = (0.10, 1, "alarm metrics per month", "https://aws.amazon.com/cloudwatch/pricing/")
    DASHBOARDS = (3.00, 1, "dashboards per month", "https://aws.amazon.com/cloudwatch/pricing/")
    TRACES = (5.00, MILLION, "X-Ray traces", "https://aws.amazon.com/xray/pricing/")
    WRITES = (0.625, MILLION, "DynamoDB write units, 1 KB each", "https://aws.amazon.com/dynamodb/pricing/on-demand/")
    WARM_WRITES = (
        0.00065,
        1,
        "write units per second by which a table is warmed, once",
        "https://aws.amazon.com/dynamodb/pricing/on-demand/",
    )
    TABLE_STORAGE = (0.25, 1, "GB-months in DynamoDB", "https://aws.amazon.com/dynamodb/pricing/on-demand/")
    BACKUPS = (0.20, 1, "GB-months of point-in-time recovery", "https://aws.amazon.com/dynamodb/pricing/on-demand/")
    EVENTS = (1.00, MILLION, "EventBridge events, 64 KB each", "https://aws.amazon.com/eventbridge/pricing/")
    ARCHIVE_INGESTED = (0.10, 1, "GB ingested by the archive", "https://aws.amazon.com/eventbridge/pricing/")
    ARCHIVE_STORED = (0.023, 1, "GB-months in the archive", "https://aws.amazon.com/eventbridge/pricing/")
    QUEUE_REQUESTS = (0.40, MILLION, "SQS requests, 64 KB each", "https://aws.amazon.com/sqs/pricing/")
    KMS_REQUESTS = (0.03, 10_000, "KMS requests", "https://aws.amazon.com/kms/pricing/")
    PARAMETERS = (0.00, 1, "standard SSM parameters", "https://aws.amazon.com/systems-manager/pricing/")
    PARAMETER_READS = (
        0.05,
        10_000,
        "parameters read from SSM with higher throughput",
        "https://aws.amazon.com/systems-manager/pricing/",
    )
    DATA_TRANSFER = (0.09, 1, "GB sent to the internet", "https://aws.amazon.com/ec2/pricing/on-demand/")

    def __init__(self, usd: float, count: int, unit: str, source: str) -> None:
        self.usd = usd
        self.count = count
        self.unit = unit
        self.source = source

    def cost(self, quantity: float) -> float:
        """Return the price of a quantity in USD."""
        return self.usd * quantity / self.count


FREE_TIER = (
    "Every month: 1 million Lambda invocations and 400,000 GB-seconds, 5 GB of logs, 10 custom metrics, "
    "10 alarm metrics, 3 dashboards, 100,000 traces, 25 GB in DynamoDB, 1 million SQS requests, 20,000 KMS requests, "
    "100 GB sent.",
    "Every month in the first year of an account: 1 million requests to an HTTP API.",
)
