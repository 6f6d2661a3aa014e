"""The local AWS enforces each limit of the table exactly: a call at the limit succeeds, one beyond it fails."""

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple, cast

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError
from flask.testing import FlaskClient

from local.api import LocalApi
from local.aws import running_aws
from local.lambda_runtime import LambdaRuntime, RequestTooLargeError
from local.limits import table
from local.limits.dynamodb import attributes_size
from local.limits.errors import AwsLimitError
from local.limits.ssm import ReadRateLimiter
from local.stack import StackUrls, running_stack
from local.template import Template
from tests.integration.test_local_functions import TEMPLATE, settings
from tests.support import aws as support_aws
from tests.support.aws import TABLE

REGION = "ap-northeast-2"  # moto keeps one state per process and region
ONCE = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
ARN_CHARACTERS = len(f"arn:aws:ssm:{REGION}:123456789012:parameter/")
Call = Callable[[Any, int], Any]


@pytest.fixture(scope="module")
def small() -> Iterator[StackUrls]:
    with running_stack(settings(REGION), TEMPLATE) as addresses:
        yield addresses


def client_of(endpoint: str, service: str) -> Any:
    session = boto3.Session("local", "local", region_name=REGION)
    return session.client(cast(Any, service), endpoint_url=endpoint, config=ONCE)


@pytest.fixture(scope="module")
def aws(small: StackUrls) -> Any:
    """Calls a service of the small stack's AWS, which has a table with an index, a bus and a queue."""
    clients = {name: client_of(small.aws, name) for name in ("dynamodb", "events", "sqs", "ssm")}
    index = {
        "IndexName": "by-room",
        "KeySchema": [{"AttributeName": "room", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    clients["dynamodb"].create_table(
        TableName="items",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "sort", "room", "at")],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "sort", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[index],
    )
    clients["sqs"].create_queue(QueueName="limits")
    return clients


def key(partition: str = "p", sort: str = "s") -> dict[str, Any]:
    return {"id": {"S": partition}, "sort": {"S": sort}}


def utf8(size: int) -> str:
    """Return a string of `size` bytes and about half as many characters."""
    return "ü" * (size // 2) + "u" * (size % 2)


def get(aws: Any, partition: str, sort: str = "s") -> Any:
    return aws["dynamodb"].get_item(TableName="items", Key=key(partition, sort))


def put(aws: Any, item: dict[str, Any]) -> Any:
    return aws["dynamodb"].put_item(TableName="items", Item={**key(), **item})


def query(aws: Any, partition: str, sort: str | None = None, **options: Any) -> Any:
    condition, values = "#id = :id", {":id": {"S": partition}}
    if sort is not None:
        condition, values = f"{condition} AND begins_with(sort, :sort)", {**values, ":sort": {"S": sort}}
    return aws["dynamodb"].query(
        TableName="items",
        KeyConditionExpression=condition,
        ExpressionAttributeNames={"#id": "id"},
        ExpressionAttributeValues=values,
        **options,
    )


def fill(size: int) -> dict[str, Any]:
    """Return the attribute that makes an item with the key `size` bytes large."""
    return {"fill": {"S": "x" * (size - len("idp" + "sorts" + "fill"))}}


def update(aws: Any, text: str) -> Any:
    return aws["dynamodb"].update_item(
        TableName="items",
        Key=key("updated"),
        UpdateExpression="SET fill = :fill",
        ExpressionAttributeValues={":fill": {"S": text}},
    )


def entry(**members: Any) -> dict[str, Any]:
    return {"Source": "limits", "DetailType": "test", "Detail": "{}", **members}


def put_events(aws: Any, *entries: dict[str, Any]) -> Any:
    """Return the response. The first failed entry is raised as an error of the call."""
    answer = aws["events"].put_events(Entries=list(entries))
    failed = [result for result in answer["Entries"] if "ErrorCode" in result]
    assert len(failed) == answer["FailedEntryCount"]
    if failed:
        raise refused(failed[0]["ErrorCode"], failed[0]["ErrorMessage"])
    return answer


def refused(code: str, message: str) -> ClientError:
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(cast(Any, response), "Part")


def send(aws: Any, body: str, **options: Any) -> Any:
    url = aws["sqs"].get_queue_url(QueueName="limits")["QueueUrl"]
    return aws["sqs"].send_message(QueueUrl=url, MessageBody=body, **options)


def send_batch(aws: Any, *bodies: str) -> Any:
    url = aws["sqs"].get_queue_url(QueueName="limits")["QueueUrl"]
    entries = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies)]
    return aws["sqs"].send_message_batch(QueueUrl=url, Entries=entries)


def put_parameter(aws: Any, name: str, value: str = "v", **options: Any) -> Any:
    return aws["ssm"].put_parameter(Name=name, Value=value, Type="String", Overwrite=True, **options)


def binary_write(count: int) -> list[dict[str, Any]]:
    return [{"PutRequest": {"Item": key(f"b{number}")}} for number in range(count)]


class Case(NamedTuple):
    """A call whose limited value is at the limit or one beyond, and the error for the latter."""

    limit: table.Limit
    call: Call
    code: str = "ValidationException"
    message: str = ""


HASH_TEXT = "Size of hashkey has exceeded the maximum size limit of2048 bytes"
RANGE_TEXT = "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
EMPTY_TEXT = "The AttributeValue for a key attribute cannot contain an empty string value. Key: "

CASES = {
    "get, partition key": Case(table.PARTITION_KEY, lambda aws, n: get(aws, utf8(n)), message=HASH_TEXT),
    "get, sort key": Case(table.SORT_KEY, lambda aws, n: get(aws, "p", utf8(n)), message=RANGE_TEXT),
    "put, partition key": Case(table.PARTITION_KEY, lambda aws, n: put(aws, key(utf8(n))), message=HASH_TEXT),
    "put, sort key": Case(table.SORT_KEY, lambda aws, n: put(aws, key("p", utf8(n))), message=RANGE_TEXT),
    "put, index": Case(
        table.PARTITION_KEY,
        lambda aws, n: put(aws, {"room": {"S": utf8(n)}, "at": {"S": "1"}}),
        message="Size limit exceeded for Index Key room Actual Size: 2049 bytes Max Size: 2048 bytes",
    ),
    "put, index's sort key": Case(
        table.SORT_KEY,
        lambda aws, n: put(aws, {"room": {"S": "1"}, "at": {"S": utf8(n)}}),
        message="Size limit exceeded for Index Key at Actual Size: 1025 bytes Max Size: 1024 bytes",
    ),
    "delete, partition key": Case(
        table.PARTITION_KEY,
        lambda aws, n: aws["dynamodb"].delete_item(TableName="items", Key=key(utf8(n))),
        message=HASH_TEXT,
    ),
    "update, partition key": Case(
        table.PARTITION_KEY,
        lambda aws, n: aws["dynamodb"].update_item(
            TableName="items", Key=key(utf8(n)), UpdateExpression="REMOVE nothing"
        ),
        message=HASH_TEXT,
    ),
    "query, partition key": Case(table.PARTITION_KEY, lambda aws, n: query(aws, utf8(n)), message=HASH_TEXT),
    "query, sort key": Case(table.SORT_KEY, lambda aws, n: query(aws, "p", utf8(n)), message=RANGE_TEXT),
    "query, start": Case(
        table.SORT_KEY, lambda aws, n: query(aws, "p", ExclusiveStartKey=key("p", utf8(n))), message=RANGE_TEXT
    ),
    "query by the older conditions": Case(
        table.PARTITION_KEY,
        lambda aws, n: aws["dynamodb"].query(
            TableName="items",
            KeyConditions={"id": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": utf8(n)}]}},
        ),
        message=HASH_TEXT,
    ),
    "query of an index": Case(
        table.PARTITION_KEY,
        lambda aws, n: aws["dynamodb"].query(
            TableName="items",
            IndexName="by-room",
            KeyConditionExpression="room = :room",
            ExpressionAttributeValues={":room": {"S": utf8(n)}},
        ),
        message=HASH_TEXT,
    ),
    "batch get, partition key": Case(
        table.PARTITION_KEY,
        lambda aws, n: aws["dynamodb"].batch_get_item(RequestItems={"items": {"Keys": [key("a"), key(utf8(n))]}}),
        message=HASH_TEXT,
    ),
    "batch write, partition key": Case(
        table.PARTITION_KEY,
        lambda aws, n: aws["dynamodb"].batch_write_item(
            RequestItems={"items": [{"DeleteRequest": {"Key": key(utf8(n))}}]}
        ),
        message=HASH_TEXT,
    ),
    "transaction, partition key": Case(
        table.PARTITION_KEY,
        lambda aws, n: aws["dynamodb"].transact_write_items(
            TransactItems=[{"Delete": {"TableName": "items", "Key": key(utf8(n))}}]
        ),
        message=HASH_TEXT,
    ),
    "put, item": Case(table.ITEM, lambda aws, n: put(aws, fill(n)), message="Item size has exceeded the maximum"),
    "put, item of lists and numbers": Case(
        table.ITEM,
        lambda aws, n: put(aws, {"a": {"L": [{"N": "-12.50"}, {"M": {"b": {"BOOL": True}}}]}, **fill(n - 15)}),
        message="Item size has exceeded the maximum",
    ),
    "batch write, item": Case(
        table.ITEM,
        lambda aws, n: aws["dynamodb"].batch_write_item(
            RequestItems={"items": [{"PutRequest": {"Item": {**key(), **fill(n)}}}]}
        ),
        message="Item size has exceeded the maximum",
    ),
    "update, item": Case(
        table.ITEM,
        lambda aws, n: update(aws, "x" * (n - len("idupdated" + "sorts" + "fill"))),
        message="Item size to update has exceeded the maximum",
    ),
    "batch get, count": Case(
        table.BATCH_GET,
        lambda aws, n: aws["dynamodb"].batch_get_item(
            RequestItems={"items": {"Keys": [key(str(number)) for number in range(n)]}}
        ),
    ),
    "batch write, count": Case(
        table.BATCH_WRITE,
        lambda aws, n: aws["dynamodb"].batch_write_item(RequestItems={"items": binary_write(n)}),
    ),
    "transaction, count": Case(
        table.TRANSACTION,
        lambda aws, n: aws["dynamodb"].transact_write_items(
            TransactItems=[{"Put": {"TableName": "items", "Item": key(f"t{number}")}} for number in range(n)]
        ),
    ),
    "text": Case(
        table.TEXT,
        lambda aws, n: put(aws, {"text": {"S": "\ud83d\ude00" if not n else "\ud83d"}}),
        "SerializationException",
    ),
    "events, count": Case(table.EVENTS, lambda aws, n: put_events(aws, *[entry()] * n)),
    "events, one of the size": Case(
        table.EVENTS_SIZE,
        lambda aws, n: put_events(aws, entry(Detail=f'{{"a":"{utf8(n - len("limitstest") - 8)}"}}')),
        message="Total size of the entries in the request is over the limit.",
    ),
    "events, several of the size": Case(
        table.EVENTS_SIZE,
        lambda aws, n: put_events(
            aws, entry(Time=1), entry(Resources=["abc"], Detail='{"a":"' + "x" * (n - 2 * 10 - 2 - 14 - 3 - 8) + '"}')
        ),
        message="Total size of the entries in the request is over the limit.",
    ),
    "events, detail type": Case(
        table.DETAIL_TYPE, lambda aws, n: put_events(aws, entry(DetailType="ü" * n)), "InvalidArgument"
    ),
    "events, integer": Case(
        table.DETAIL_INTEGER,
        lambda aws, n: put_events(aws, entry(Detail=json.dumps({"a": [n, -n - 1]}))),
        "MalformedDetail",
    ),
    "message": Case(
        table.MESSAGE,
        lambda aws, n: send(aws, utf8(n)),
        "InvalidParameterValue",
        "Message must be shorter than 1048576 bytes",
    ),
    "message with attributes": Case(
        table.MESSAGE,
        lambda aws, n: send(
            aws,
            "x" * (n - len("name") - len("String") - 2 - len("data") - len("Binary") - 3),
            MessageAttributes={
                "name": {"DataType": "String", "StringValue": "ü"},
                "data": {"DataType": "Binary", "BinaryValue": b"abc"},
            },
        ),
        "InvalidParameterValue",
    ),
    "messages, count": Case(
        table.MESSAGES,
        lambda aws, n: send_batch(aws, *["x"] * n),
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    ),
    "messages, size": Case(
        table.MESSAGES_SIZE,
        lambda aws, n: send_batch(aws, "x" * (n - 1000), utf8(1000)),
        "AWS.SimpleQueueService.BatchRequestTooLong",
    ),
    "parameter, value": Case(
        table.PARAMETER_VALUE,
        lambda aws, n: put_parameter(aws, "/limits/value", "ü" * n),
        message="Standard tier parameters support a maximum parameter value of 4096 characters",
    ),
    "parameter, name": Case(table.PARAMETER_NAME, lambda aws, n: put_parameter(aws, "/" + "n" * (n - ARN_CHARACTERS))),
    "parameter, levels": Case(
        table.PARAMETER_LEVELS,
        lambda aws, n: put_parameter(aws, "/level" * n),
        "HierarchyLevelLimitExceededException",
    ),
    "parameter, characters": Case(
        table.PARAMETER_CHARACTERS, lambda aws, n: put_parameter(aws, f"/limits/a_.-Z9{'@' * n}")
    ),
    "parameters": Case(
        table.PARAMETERS, lambda aws, n: aws["ssm"].get_parameters(Names=[f"/limits/{number}" for number in range(n)])
    ),
}
ELSEWHERE = {
    "KEY_LENGTH": "test_a_key_is_not_empty",
    "MESSAGE_TEXT": "test_a_message_has_only_the_characters_of_xml",
    "SSM_RATE": "test_parameters_are_read_as_often_as_ssm_allows",
    "LAMBDA_REQUEST": "test_an_event_is_as_large_as_lambda_accepts",
    "LAMBDA_RESPONSE": "test_a_response_is_as_large_as_the_runtime_may_send",
    "API_HEADERS": "test_the_request_line_and_the_headers_are_bounded",
    "API_PAYLOAD": "test_a_body_is_as_large_as_api_gateway_passes_on",
    "API_SECONDS": "test_a_function_that_answers_late_is_a_503",
}


def test_every_limit_of_the_table_is_tested() -> None:
    tested = {name for name, limit in table.LIMITS.items() if any(case.limit is limit for case in CASES.values())}
    assert tested | ELSEWHERE.keys() == table.LIMITS.keys()
    assert not tested & ELSEWHERE.keys()
    assert all(callable(globals()[name]) for name in ELSEWHERE.values())


@pytest.mark.parametrize("name", CASES)
def test_a_call_at_its_limit_works_and_one_beyond_is_refused(aws: Any, name: str) -> None:
    case = CASES[name]
    case.call(aws, case.limit.value)
    with pytest.raises(ClientError) as refusal:
        case.call(aws, case.limit.value + 1)
    answer = refusal.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert answer["Error"]["Code"] == case.code
    assert case.message in answer["Error"]["Message"]


EMPTY_CALLS: dict[str, Callable[[Any], Any]] = {
    "get": lambda aws: get(aws, ""),
    "get, sort": lambda aws: get(aws, "p", ""),
    "put": lambda aws: put(aws, key("")),
    "delete": lambda aws: aws["dynamodb"].delete_item(TableName="items", Key=key("")),
    "update": lambda aws: aws["dynamodb"].update_item(TableName="items", Key=key("p", "")),
    "query": lambda aws: query(aws, ""),
    "query, sort": lambda aws: query(aws, "p", ""),
    "batch get": lambda aws: aws["dynamodb"].batch_get_item(RequestItems={"items": {"Keys": [key("")]}}),
}


@pytest.mark.parametrize("name", EMPTY_CALLS)
def test_a_key_is_not_empty(aws: Any, name: str) -> None:
    assert table.KEY_LENGTH.value == len("p")
    get(aws, "p", "s")
    with pytest.raises(ClientError, match=EMPTY_TEXT) as refusal:
        EMPTY_CALLS[name](aws)
    assert refusal.value.response["Error"]["Code"] == "ValidationException"


def test_an_update_that_is_refused_for_its_size_changes_nothing(aws: Any) -> None:
    update(aws, "small")
    with pytest.raises(ClientError, match="Item size to update"):
        update(aws, "x" * table.ITEM.value)
    assert get(aws, "updated")["Item"]["fill"] == {"S": "small"}


def test_an_update_of_several_steps_is_refused_for_the_item_as_a_whole(aws: Any) -> None:
    update(aws, "x" * (table.ITEM.value - 1000))
    with pytest.raises(ClientError, match="Item size to update"):
        aws["dynamodb"].update_item(
            TableName="items",
            Key=key("updated"),
            UpdateExpression="SET more = :more",
            ExpressionAttributeValues={":more": {"S": "x" * 1000}},
        )
    assert "more" not in get(aws, "updated")["Item"]


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "ü"}, 2),
        ({"B": b64encode(b"abc").decode()}, 3),
        ({"N": "0"}, 1),
        ({"N": "-12.50"}, 3),
        ({"N": "00100"}, 2),
        ({"N": "1e3"}, 2),
        ({"BOOL": False}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["a", "bc"]}, 3),
        ({"NS": ["1", "22"]}, 4),
        ({"L": []}, 3),
        ({"L": [{"S": "a"}, {"NULL": True}]}, 7),
        ({"M": {"name": {"S": "a"}}}, 9),
    ],
)
def test_an_item_is_measured_by_dynamodb_s_rules(value: dict[str, Any], size: int) -> None:
    assert attributes_size({"attribute": value}) == len("attribute") + size


@pytest.mark.parametrize("detail", ["[]", '"text"', "1", "null", "{", "{} {}"])
def test_a_detail_is_a_json_object(aws: Any, detail: str) -> None:
    with pytest.raises(ClientError, match="Detail is malformed") as refusal:
        put_events(aws, entry(Detail=detail))
    assert refusal.value.response["Error"]["Code"] == "MalformedDetail"


def test_entries_fail_one_by_one_each_in_its_place(aws: Any) -> None:
    entries = [entry(), entry(Detail="[]"), entry(), entry(DetailType="x" * 129), entry(Source="")]
    answer = aws["events"].put_events(Entries=entries)
    codes = [result.get("ErrorCode") for result in answer["Entries"]]
    assert codes == [None, "MalformedDetail", None, "InvalidArgument", "InvalidArgument"]
    assert answer["FailedEntryCount"] == 3


ALLOWED = "\t\n\r ~\x7f\ud7ff\ue000\ufffd\U00010000\U0010ffff"


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x0c", "\x0e", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_a_message_has_only_the_characters_of_xml(aws: Any, character: str) -> None:
    send(aws, ALLOWED)
    with pytest.raises(ClientError, match="Invalid binary character") as refusal:
        send(aws, f"a{character}b")
    assert refusal.value.response["Error"]["Code"] == "InvalidMessageContents"
    answer = send_batch(aws, "good", f"bad{character}", ALLOWED)
    assert [result["Id"] for result in answer["Successful"]] == ["0", "2"]
    assert [(result["Id"], result["Code"], result["SenderFault"]) for result in answer["Failed"]] == [
        ("1", "InvalidMessageContents", True)
    ]


def test_unknown_parameters_are_named_and_no_error(aws: Any) -> None:
    put_parameter(aws, "/limits/known")
    answer = aws["ssm"].get_parameters(Names=["/limits/known", "/limits/unknown"])
    assert [found["Name"] for found in answer["Parameters"]] == ["/limits/known"]
    assert answer["InvalidParameters"] == ["/limits/unknown"]


@pytest.mark.parametrize("name", ["aws/x", "/ssm/x", "/AWS-x", "/limits/a b"])
def test_a_reserved_or_broken_name_of_a_parameter_is_refused(aws: Any, name: str) -> None:
    with pytest.raises(ClientError):
        put_parameter(aws, name)


def test_an_advanced_parameter_may_be_larger(aws: Any) -> None:
    put_parameter(aws, "/limits/advanced", "x" * 4097, Tier="Advanced")


def test_parameters_are_read_as_often_as_ssm_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("local.limits.ssm.time.monotonic", lambda: now)
    rate = ReadRateLimiter(table.SSM_RATE.value)
    for _ in range(table.SSM_RATE.value):
        rate.check("GetParameters")
    with pytest.raises(AwsLimitError, match="Rate exceeded"):
        rate.check("GetParameter")
    rate.check("PutParameter")
    now += 1.1 / table.SSM_RATE.value
    rate.check("GetParameter")
    with pytest.raises(AwsLimitError, match="Rate exceeded"):
        rate.check("GetParameters")


def test_a_burst_of_reads_is_throttled_where_a_rate_is_set() -> None:
    with running_aws(0, ssm_rate=1) as endpoint:
        ssm = client_of(endpoint, "ssm")
        ssm.put_parameter(Name="/rate", Value="v", Type="String", Overwrite=True)
        assert ssm.get_parameters(Names=["/rate"])["Parameters"]

        def read(_: int) -> str:
            try:
                ssm.get_parameters(Names=["/rate"])
            except ClientError as error:
                return f"{error.response['ResponseMetadata']['HTTPStatusCode']} {error.response['Error']['Code']}"
            return ""

        with ThreadPoolExecutor(8) as pool:
            assert "400 ThrottlingException" in set(pool.map(read, range(40)))
        threading.Event().wait(1.1)
        assert read(0) == ""


def test_parameters_are_read_as_often_as_one_likes_unless_a_rate_is_set(aws: Any) -> None:
    for _ in range(2 * table.SSM_RATE.value):
        aws["ssm"].get_parameters(Names=["/limits/known"])


def test_the_tests_have_the_same_aws() -> None:
    with support_aws.running_aws() as other:
        item_key = {"id": {"S": "x" * (table.PARTITION_KEY.value + 1)}}
        with pytest.raises(ClientError, match=HASH_TEXT):
            boto3.client(
                "dynamodb",
                "us-east-1",
                endpoint_url=other.url,
                aws_access_key_id="testing",
                aws_secret_access_key="testing",
            ).get_item(TableName=TABLE, Key=item_key)


def fragile(stack: StackUrls, what: str, **options: Any) -> requests.Response:
    return requests.post(f"{stack.api}/fragile/{what}", timeout=30, **options)


@pytest.mark.parametrize("letter", ["x", "ü", "😀", '"'])
def test_a_response_is_as_large_as_the_runtime_may_send(small: StackUrls, letter: str) -> None:
    limit = table.LAMBDA_RESPONSE.value
    letter_bytes = len(json.dumps(letter, ensure_ascii=False).encode()) - 2
    count, rest = divmod(limit - 2, letter_bytes)
    accepted = fragile(small, "repeat", json={"texts": [[letter, count], ["x", rest]]})
    assert (accepted.status_code, len(accepted.content)) == (200, count * len(letter.encode()) + rest)
    refused_answer = fragile(small, "repeat", json={"texts": [[letter, count], ["x", rest + 1]]})
    assert (refused_answer.status_code, refused_answer.json()) == (500, {"message": "Internal Server Error"})


def test_a_response_without_utf_8_ends_the_function(small: StackUrls) -> None:
    before = fragile(small, "ok").text
    answer = fragile(small, "repeat", json={"texts": [["\ud800", 1]]})
    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
    assert fragile(small, "ok").text != before


def test_the_request_line_and_the_headers_are_bounded(small: StackUrls) -> None:
    host = small.api.removeprefix("http://")
    headers = {"host": host, "user-agent": "a", "accept": "*/*", "accept-encoding": "b", "connection": "close"}
    path = "/fragile/ok?q=%C3%BC"
    spent = len(f"GET {path} HTTP/1.1") + sum(map(len, headers.values()))
    text = "x" * (table.API_HEADERS.value - spent)

    def status(path: str, text: str) -> int:
        sent = {**headers, "x-long": text}
        return requests.get(f"{small.api}{path}", headers=sent, timeout=30).status_code

    assert status(path, text) == 200
    assert status(path, text + "x") == 431
    assert status(path + "x", text) == 431
    assert status(path + "x", text[1:]) == 200
    answer = requests.get(f"{small.api}/fragile/ok", headers={"x-long": text + "x" * 99}, timeout=30)
    assert answer.json() == {"message": "Request Header Fields Too Large"}


def test_an_event_is_as_large_as_lambda_accepts(small: StackUrls) -> None:
    described = Template(TEMPLATE)
    runner = LambdaRuntime(described.functions, REGION, {})
    try:
        frame = json.dumps({"pathParameters": {"proxy": "ok"}, "body": ""})
        fits = frame.replace('"body": "', '"body": "' + utf8(table.LAMBDA_REQUEST.value - len(frame)))
        assert runner.call("FragileFunction", fits).isdigit()
        with pytest.raises(RequestTooLargeError):
            runner.call("FragileFunction", fits.replace("ü", "üx", 1))
    finally:
        runner.stop()
    body = "x" * table.LAMBDA_REQUEST.value
    answer = fragile(small, "ok", data=body, headers={"content-type": "text/plain"})
    assert (answer.status_code, answer.json()) == (413, {"message": "Request Entity Too Large"})
    assert fragile(small, "ok", data=body[:-10_000], headers={"content-type": "text/plain"}).status_code == 200


class Function:
    """Replaces Lambda with one function that responds at once, or when the test releases it."""

    def __init__(self) -> None:
        self.called = 0
        self.free = threading.Event()
        self.may_end = threading.Event()
        self.free.set()
        self.may_end.set()

    def is_debugging(self) -> bool:
        return False

    def call(self, _: str, __: str, on_start: Callable[[], object]) -> str:
        self.called += 1
        self.free.wait(10)
        on_start()
        self.may_end.wait(10)
        return '"done"'


@pytest.fixture
def function() -> Function:
    return Function()


@pytest.fixture
def gateway(function: Function) -> FlaskClient:
    """API Gateway in front of the function, without Lambda's own limits."""
    local_api = LocalApi(Template(TEMPLATE).api, cast(Any, function), 0)
    client: FlaskClient = local_api._app.test_client()
    return client


def test_a_body_is_as_large_as_api_gateway_passes_on(gateway: FlaskClient, function: Function) -> None:
    body = b"x" * table.API_PAYLOAD.value
    assert gateway.post("/echo/x", data=body, content_type="text/plain").status_code == 200
    answer = gateway.post("/echo/x", data=body + b"x", content_type="text/plain")
    assert (answer.status_code, answer.json) == (413, {"message": "Request Entity Too Large"})
    assert function.called == 1


def test_a_function_that_answers_late_is_a_503(
    gateway: FlaskClient, function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert table.API_SECONDS.value == 30
    monkeypatch.setattr("local.api.API_SECONDS", replace(table.API_SECONDS, value=2))
    threading.Timer(0.5, function.may_end.set).start()
    function.may_end.clear()
    assert gateway.get("/echo/x").status_code == 200
    function.may_end.clear()
    answer = gateway.get("/echo/x")
    function.may_end.set()
    assert (answer.status_code, answer.json) == (503, {"message": "Service Unavailable"})


def test_waiting_for_a_free_function_is_no_part_of_the_time(
    gateway: FlaskClient, function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.api.API_SECONDS", replace(table.API_SECONDS, value=1))
    function.free.clear()
    threading.Timer(1.5, function.free.set).start()
    assert gateway.get("/echo/x").status_code == 200


@pytest.mark.parametrize(
    ("sent", "delivered"),
    [
        ("/echo/a%2Fb", "/echo/a/b"),
        ("/echo%2Fa", "/echo/a"),
        ("/echo/a%3Fb", "/echo/a?b"),
        ("/echo/a%23b", "/echo/a#b"),
        ("/echo/a%252Fb", "/echo/a%2Fb"),
        ("/echo/a%25b", "/echo/a%b"),
        ("/echo/a%20b", "/echo/a b"),
        ("/echo/a+b", "/echo/a+b"),
        ("/echo/%C3%BC", "/echo/ü"),
    ],
)
def test_a_path_is_decoded_once_and_then_routed(small: StackUrls, sent: str, delivered: str) -> None:
    event = requests.get(f"{small.api}{sent}?q=%2F%3F%25", timeout=30).json()["event"]
    assert event["routeKey"] == "ANY /echo/{proxy+}"
    assert event["rawPath"] == event["requestContext"]["http"]["path"] == delivered
    assert event["pathParameters"] == {"proxy": delivered.removeprefix("/echo/")}
    assert event["rawQueryString"] == "q=%2F%3F%25"
