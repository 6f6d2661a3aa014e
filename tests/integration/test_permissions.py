"""IAM allows each function to access only its own idempotency records, and to read the SSM parameters that it reads.

moto does not evaluate policies. The tests apply the deployed policy's condition to the keys that functions write.
"""

import fnmatch
import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from hms.tokens import sign_management_token
from tests.http_api import APP_TOKEN_OPERATIONS, ROOT, route_of
from tests.support.aws import Aws, running_aws
from tests.support.functions import load
from tests.support.lambda_context import Context
from tests.support.sam_transform import resources
from tests.support.servers import answer, serve

KEY, SECRET, WEBHOOK_SECRET = secrets.token_hex(12), secrets.token_hex(32), secrets.token_hex(16)
OTHER_TOKENS = {"exchangeRoomCodeForToken", *APP_TOKEN_OPERATIONS}


def roles() -> dict[str, dict[str, Any]]:
    """Return the roles that may store idempotency records, by their function's folder."""
    found = {}
    for function in resources("AWS::Lambda::Function").values():
        role = resources("AWS::IAM::Role")[function["Properties"]["Role"]["Fn::GetAtt"][0]]["Properties"]
        if {"Ref": "IdempotencyTablePolicy"} in role["ManagedPolicyArns"]:
            (group,) = function["Properties"]["LoggingConfig"]["LogGroup"].values()
            log = resources("AWS::Logs::LogGroup")[group]["Properties"]["LogGroupName"]["Fn::Sub"]
            found[log.rpartition("/")[2]] = role
    return found


ROLES = roles()


def may_use(folder: str, key: str) -> bool:
    """Return True if the policy's condition allows the function's role to access a record's key."""
    policy = resources("AWS::IAM::ManagedPolicy")["IdempotencyTablePolicy"]["Properties"]["PolicyDocument"]
    ((condition,),) = [statement["Condition"]["ForAllValues:StringLike"].values() for statement in policy["Statement"]]
    tags = {tag["Key"]: tag["Value"] for tag in ROLES[folder].get("Tags", [])}
    for name, value in tags.items():
        condition = [pattern.replace(f"${{aws:PrincipalTag/{name}}}", value) for pattern in condition]
    return any("${" not in pattern and fnmatch.fnmatchcase(key, pattern) for pattern in condition)


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with running_aws(access_key=KEY, secret=SECRET, webhook_secret=WEBHOOK_SECRET) as running:
        yield running


def events(folder: str) -> list[dict[str, Any]]:
    """Return an event for each call after which the function stores something."""
    if folder == "commands":
        return [{"id": secrets.token_hex(8), "operation": "rooms.create", "arguments": {"body": {"name": "a"}}}]
    found = []
    for file in sorted((ROOT / "events" / folder).glob("*.json")):
        event = json.loads(file.read_text())
        if folder == "webhooks":
            event["headers"] = {**event["headers"], "x-webhook-secret": WEBHOOK_SECRET}
            found.append(event)
            continue
        route = route_of(event, folder)
        if route.method != "GET" and route.operation not in OTHER_TOKENS:
            token = sign_management_token(KEY, SECRET)
            headers = {"authorization": f"Bearer {token}", "idempotency-key": file.stem}
            found.append({**event, "headers": {**event["headers"], **headers}})
    return found


@pytest.fixture(params=sorted(ROLES))
def folder(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_every_function_with_an_idempotency_key_is_here() -> None:
    assert {"commands", "webhooks", "rooms", "sip"} < ROLES.keys()
    assert all(events(folder) for folder in ROLES)


def test_a_function_keeps_records_that_its_role_may_use_and_no_other_may(
    aws: Aws, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {str(item["id"]) for item in aws.table.scan()["Items"]}
    with serve(answer(200, b'{"id": "r1"}')) as hms:
        for name, value in {**aws.environment, "HMS_API_URL": f"{hms.url}/v2"}.items():
            monkeypatch.setenv(name, value)
        function = load(folder)
        sent = events(folder)
        for event in sent:
            function.handler(event, Context(60_000))
    written = {str(item["id"]) for item in aws.table.scan()["Items"]} - before
    assert len(written) == len(sent)
    for key in written:
        assert [other for other in sorted(ROLES) if may_use(other, key)] == [folder]


@pytest.mark.parametrize("key", ["", "#x", "*#x", "rooms", "idempotency-key#x", "command#x", "webhook#x"])
def test_no_role_may_use_a_record_of_no_section(key: str) -> None:
    assert [folder for folder in ROLES if may_use(folder, key)] == []


def readable_parameters() -> dict[str, set[str]]:
    """Return the parameters that each function's role may read, by the function's folder."""
    found = {}
    for function in resources("AWS::Lambda::Function").values():
        role = resources("AWS::IAM::Role")[function["Properties"]["Role"]["Fn::GetAtt"][0]]["Properties"]
        (group,) = function["Properties"]["LoggingConfig"]["LogGroup"].values()
        log = resources("AWS::Logs::LogGroup")[group]["Properties"]["LogGroupName"]["Fn::Sub"]
        policies = [arn["Ref"] for arn in role["ManagedPolicyArns"] if "Ref" in arn]
        documents = [resources("AWS::IAM::ManagedPolicy")[name]["Properties"]["PolicyDocument"] for name in policies]
        found[log.rpartition("/")[2]] = {
            arn["Fn::Sub"].rpartition("/")[2]
            for document in documents
            for statement in document["Statement"]
            if statement["Action"] == "ssm:GetParameters"
            for arn in statement["Resource"]
        }
    return found


READABLE = readable_parameters()


@pytest.mark.parametrize("folder", sorted(READABLE))
def test_a_function_reads_exactly_the_parameters_that_its_role_may_read(
    aws: Aws, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SSM refuses a whole call if it names one parameter that the role may not read."""
    read: set[str] = set()

    def read_parameters(transport: object, names: list[str], **_: object) -> dict[str, str]:
        read.update(name.rpartition("/")[2] for name in names)
        return {name: aws.ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] for name in names[:2]}

    with serve(answer(200, b'{"id": "r1"}')) as hms:
        for name, value in {**aws.environment, "HMS_API_URL": f"{hms.url}/v2", "HMS_WEBHOOK_SIGNATURE": "true"}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("hms.ssm.read_parameters", read_parameters)
        function = load(folder)
        if folder == "oidc_tokens":
            function.router.client.credentials.get_key_pair()  # minting needs a token of the issuer
        elif folder == "webhooks":
            aws.put_secret("/hms/webhook_signature_key", "key")
        for event in events(folder) if folder in ROLES else get_events(folder):
            function.handler(event, Context(60_000))
    assert read == READABLE[folder]


def get_events(folder: str) -> list[dict[str, Any]]:
    files = sorted((ROOT / "events" / folder).glob("*.json"))
    headers = {"authorization": f"Bearer {sign_management_token(KEY, SECRET)}"}
    found = [json.loads(file.read_text()) for file in files]
    return [{**event, "headers": {**event.get("headers", {}), **headers}} for event in found if "Records" not in event]
