"""The limits that the local AWS enforces, each with the page of AWS's documentation that states it.

The layers of this package take their numbers from here; `make reference` writes the table of docs/local-aws.md from it.
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
        service: the service that enforces it.
        quantity: what is limited, and how it is measured.
        value: the largest value that AWS accepts; 1 as the smallest length of what must not be empty.
        refusal: what AWS answers beyond it.
        page: URL of the page that documents it.
    """

    service: str
    quantity: str
    value: int
    refusal: str
    page: str


LAMBDA_REQUEST = Limit(
    "Lambda", "bytes of an event", 6 * 1024 * 1024, "`413`; a queue's batch is split before it gets there", _LAMBDA
)
LAMBDA_RESPONSE = Limit(
    "Lambda",
    "bytes of a response, as UTF-8 JSON without escapes (what the runtime sends)",
    6_291_556,
    "`Function.ResponseSizeTooLarge`; the API answers `500 Internal Server Error`",
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
    "API Gateway", "bytes of a request's body", 10 * 1024 * 1024, "`413 Request Entity Too Large`", _HTTP_API
)
API_SECONDS = Limit("API Gateway", "seconds until the function answers", 30, "`503 Service Unavailable`", _HTTP_API)

PARTITION_KEY = Limit("DynamoDB", "bytes of a partition key's value", 2048, "`ValidationException`", _DYNAMODB)
SORT_KEY = Limit("DynamoDB", "bytes of a sort key's value", 1024, "`ValidationException`", _DYNAMODB)
KEY_LENGTH = Limit("DynamoDB", "bytes that a key's value has at least", 1, "`ValidationException`", _DYNAMODB)
ITEM = Limit(
    "DynamoDB", "bytes of an item, with the names of its attributes", 400 * 1024, "`ValidationException`", _ITEM_SIZES
)
TEXT = Limit(
    "DynamoDB", "lone surrogates in a text, which has no UTF-8 then", 0, "`SerializationException`", _DYNAMODB_TYPES
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
    "bytes of all entries of a PutEvents: source, detail type, detail and resources, and 14 for a time",
    1024 * 1024 - 1,
    "`ValidationException`",
    _EVENT_SIZE,
)
DETAIL_TYPE = Limit("EventBridge", "characters of a detail type", 128, "the entry's `InvalidArgument`", _EVENT_ENTRY)
DETAIL_INTEGER = Limit(
    "EventBridge",
    "an integer in a detail (at least its negative less 1)",
    2**63 - 1,
    "the entry's `MalformedDetail`",
    _PUT_EVENTS,
)

MESSAGE = Limit(
    "SQS",
    "bytes of a message, with its attributes' names, types and values",
    1024 * 1024,
    "`InvalidParameterValue`",
    _SQS,
)
MESSAGE_TEXT = Limit(
    "SQS",
    "characters of a message outside of #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF",
    0,
    "`InvalidMessageContents`, in a batch the message's",
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
    "characters of a parameter's name, with the part of its ARN before it",
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
    "calls of GetParameter and GetParameters a second (only if `SSM_RATE` is set)",
    40,
    "`ThrottlingException`",
    _SSM_QUOTAS,
)

LIMITS = {name: value for name, value in list(globals().items()) if isinstance(value, Limit)}
