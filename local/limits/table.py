"""The limits that the local AWS enforces, each with the page of AWS's documentation that states it.

The checks of this package use these numbers. `make reference` writes them into the table of docs/local-aws.md.
"""

from dataclasses import dataclass

_DOCS = "https://docs.aws.amazon.com/"
_LAMBDA = _DOCS + "lambda/latest/dg/gettingstarted-limits.html"
_HTTP_API = _DOCS + "apigateway/latest/developerguide/http-api-quotas.html"
_DYNAMODB = _DOCS + "amazondynamodb/latest/developerguide/Constraints.html"
_ITEM_SIZES = _DOCS + "amazondynamodb/latest/developerguide/CapacityUnitCalculations.html"
_DYNAMODB_API = _DOCS + "amazondynamodb/latest/APIReference/"
_DYNAMODB_TYPES = _DOCS + "amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html"
_PUT_EVENTS = _DOCS + "eventbridge/latest/APIReference/API_PutEvents.html"
_EVENT_SIZE = _DOCS + "eventbridge/latest/userguide/eb-putevent-size.html"
_EVENT_ENTRY = _DOCS + "eventbridge/latest/APIReference/API_PutEventsRequestEntry.html"
_SQS = _DOCS + "AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html"
_SQS_BATCH = _DOCS + "AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html"
_PARAMETER_NAMES = _DOCS + "systems-manager/latest/userguide/sysman-parameter-name-constraints.html"
_PARAMETER_TIERS = _DOCS + "systems-manager/latest/userguide/parameter-store-advanced-parameters.html"
_GET_PARAMETERS = _DOCS + "systems-manager/latest/APIReference/API_GetParameters.html"
_SSM_QUOTAS = _DOCS + "general/latest/gr/ssm.html"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of AWS.

    Attributes:
        service: the service that enforces the limit.
        quantity: the limited quantity and its unit.
        value: the largest value that AWS accepts. `KEY_LENGTH` is the smallest.
        refusal: the error that AWS returns for a value outside the limit.
        page: URL of AWS's documentation.
    """

    service: str
    quantity: str
    value: int
    refusal: str
    page: str


LAMBDA_REQUEST = Limit(
    "Lambda", "bytes of an event", 6 * 1024 * 1024, "`413` from the API; batches of a queue are split to fit", _LAMBDA
)
LAMBDA_RESPONSE = Limit(
    "Lambda",
    "bytes of a response, as UTF-8 JSON without escape sequences",
    6_291_556,
    "`Function.ResponseSizeTooLarge`; the API returns `500 Internal Server Error`",
    _LAMBDA,
)
API_HEADERS = Limit(
    "API Gateway",
    "bytes of the request line and all header values",
    10_240,
    "`431 Request Header Fields Too Large`",
    _HTTP_API,
)
API_PAYLOAD = Limit(
    "API Gateway", "bytes of a request body", 10 * 1024 * 1024, "`413 Request Entity Too Large`", _HTTP_API
)
API_SECONDS = Limit("API Gateway", "seconds until the function responds", 30, "`503 Service Unavailable`", _HTTP_API)

PARTITION_KEY = Limit("DynamoDB", "bytes of a partition key's value", 2048, "`ValidationException`", _DYNAMODB)
SORT_KEY = Limit("DynamoDB", "bytes of a sort key's value", 1024, "`ValidationException`", _DYNAMODB)
KEY_LENGTH = Limit("DynamoDB", "bytes of a key's value, at least", 1, "`ValidationException`", _DYNAMODB)
ITEM = Limit(
    "DynamoDB", "bytes of an item, including attribute names", 400 * 1024, "`ValidationException`", _ITEM_SIZES
)
TEXT = Limit(
    "DynamoDB", "lone surrogates in a string, which are not valid UTF-8", 0, "`SerializationException`", _DYNAMODB_TYPES
)
BATCH_GET = Limit(
    "DynamoDB", "keys of a BatchGetItem", 100, "`ValidationException`", _DYNAMODB_API + "API_BatchGetItem.html"
)
BATCH_WRITE = Limit(
    "DynamoDB", "requests of a BatchWriteItem", 25, "`ValidationException`", _DYNAMODB_API + "API_BatchWriteItem.html"
)
TRANSACTION = Limit(
    "DynamoDB", "actions of a transaction", 100, "`ValidationException`", _DYNAMODB_API + "API_TransactWriteItems.html"
)

EVENTS = Limit("EventBridge", "entries of a PutEvents", 10, "`ValidationException`", _PUT_EVENTS)
EVENTS_SIZE = Limit(
    "EventBridge",
    "bytes of all entries of a PutEvents: source, detail type, detail, resources, and 14 bytes for a time",
    1024 * 1024 - 1,
    "`ValidationException`",
    _EVENT_SIZE,
)
DETAIL_TYPE = Limit("EventBridge", "characters of a detail type", 128, "`InvalidArgument` for the entry", _EVENT_ENTRY)
DETAIL_INTEGER = Limit(
    "EventBridge",
    "an integer in a detail; the smallest is -2^63",
    2**63 - 1,
    "`MalformedDetail` for the entry",
    _PUT_EVENTS,
)

MESSAGE = Limit(
    "SQS",
    "bytes of a message, including attribute names, types and values",
    1024 * 1024,
    "`InvalidParameterValue`",
    _SQS,
)
MESSAGE_TEXT = Limit(
    "SQS",
    "characters of a message outside of #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF",
    0,
    "`InvalidMessageContents`; in a batch, for that message",
    _SQS,
)
MESSAGES = Limit("SQS", "messages of a SendMessageBatch", 10, "`TooManyEntriesInBatchRequest`", _SQS)
MESSAGES_SIZE = Limit(
    "SQS", "bytes of all messages of a SendMessageBatch", 1024 * 1024, "`BatchRequestTooLong`", _SQS_BATCH
)

PARAMETER_VALUE = Limit(
    "SSM", "characters of a standard parameter's value", 4096, "`ValidationException`", _PARAMETER_TIERS
)
PARAMETER_NAME = Limit(
    "SSM",
    "characters of a parameter's ARN, which includes the name",
    1011,
    "`ValidationException`",
    _PARAMETER_NAMES,
)
PARAMETER_CHARACTERS = Limit(
    "SSM",
    "characters of a parameter's name outside of a-z, A-Z, 0-9 and `_.-/`",
    0,
    "`ValidationException`",
    _PARAMETER_NAMES,
)
PARAMETER_LEVELS = Limit(
    "SSM", "levels of a parameter's name", 15, "`HierarchyLevelLimitExceededException`", _PARAMETER_NAMES
)
PARAMETERS = Limit("SSM", "names of a GetParameters", 10, "`ValidationException`", _GET_PARAMETERS)
SSM_RATE = Limit(
    "SSM",
    "GetParameter and GetParameters calls per second, if `SSM_RATE` is set",
    40,
    "`ThrottlingException`",
    _SSM_QUOTAS,
)

LIMITS = {name: value for name, value in list(globals().items()) if isinstance(value, Limit)}
