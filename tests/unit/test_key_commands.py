"""`python -m tools.keys`: what it stores, prints and refuses."""

import json
import time
from collections.abc import Iterator
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from hms_service.auth.client_keys import ClientKey, derive_key_id, derive_secret, parse_revoked
from tests.support.clock import Clock
from tools.keys.__main__ import main
from tools.keys.commands import RotationStep, publish_revoked, revoke_key, rotate_master
from tools.keys.parameters import IDS_PER_PARAMETER, KeyParameters
from tools.keys.registry import LOGICAL_ID, Registry, find_table

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PREFIX = "/hms/dev"
TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    },
}


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator["SSMClient"]:
    """An AWS account with the stack of the stage dev."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("cloudformation").create_stack(
            StackName="hms-dev", TemplateBody=json.dumps({"Resources": {LOGICAL_ID: TABLE}})
        )
        yield boto3.client("ssm")


@pytest.fixture
def registry(ssm: "SSMClient") -> Registry:
    return Registry(find_table(boto3.Session(), "dev"))


@pytest.fixture
def parameters(ssm: "SSMClient") -> KeyParameters:
    return KeyParameters(ssm, PREFIX)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    main([f"--prefix={PREFIX}", "--stage=dev", *arguments])
    return capsys.readouterr().out.splitlines()


def refusal(*arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([f"--prefix={PREFIX}", "--stage=dev", *arguments])
    return str(ended.value.code)


def create(capsys: pytest.CaptureFixture[str], name: str = "reports", *arguments: str) -> ClientKey:
    first, second = run(capsys, "create", f"--name={name}", "--scopes=rooms:read", *arguments)
    access_key = first.removeprefix("HMS_ACCESS_KEY=")
    assert second == f"HMS_SECRET={derive_secret(masters()[0], access_key)}"
    return ClientKey.from_access_key(access_key)


def stored(name: str) -> str:
    value = boto3.client("ssm").get_parameter(Name=f"{PREFIX}/{name}", WithDecryption=True)["Parameter"]["Value"]
    return str(value)


def masters() -> list[str]:
    return stored("client_key_master").split(",")


def revoked() -> set[str]:
    found = boto3.client("ssm").get_parameters_by_path(Path=PREFIX)["Parameters"]
    lists = [item["Value"] for item in found if "revoked_client_keys" in item["Name"]]
    return {id_ for text in lists for id_ in parse_revoked(text)}


def test_the_first_key_creates_the_master_and_an_empty_list(
    ssm: "SSMClient", capsys: pytest.CaptureFixture[str]
) -> None:
    create(capsys)
    assert stored("revoked_client_keys_1") == "none"
    types = {item["Name"]: item["Type"] for item in ssm.describe_parameters()["Parameters"]}
    assert types == {f"{PREFIX}/client_key_master": "SecureString", f"{PREFIX}/revoked_client_keys_1": "String"}
    (master,) = masters()
    create(capsys)
    assert masters() == [master]


def test_a_key_is_listed_without_its_secret(ssm: "SSMClient", capsys: pytest.CaptureFixture[str]) -> None:
    printed = run(
        capsys, "create", "--name=front-end", "--scopes=tokens:write", "--roles=guest,viewer", "--rooms=r", "--days=30"
    )
    key = ClientKey.from_access_key(printed[0].partition("=")[2])
    assert key.expires_at - key.issued_at == 30 * 86_400
    expiry = time.strftime("%Y-%m-%d", time.gmtime(key.expires_at))
    (line,) = run(capsys, "list")
    assert line.split() == [
        key.id, "active", "expires", expiry, "front-end", "tokens:write", "roles=guest,viewer", "rooms=r"
    ]  # fmt: skip
    secret = printed[1].partition("=")[2]
    assert secret not in line
    assert secret not in repr(boto3.resource("dynamodb").Table(find_table(boto3.Session(), "dev").name).scan()["Items"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--scopes=everything"], "not a scope: everything"),
        (["--scopes="], "must be a list of strings that is not empty"),
        (["--scopes=tokens:write,rooms:read", "--roles=guest"], "may hold tokens:write only"),
        (["--scopes=rooms:read", "--name=a b"], "name: must be 1 to 32 letters"),
        (["--scopes=rooms:read", "--days=0"], "exp: must be at most two years after iat"),
        (["--scopes=rooms:read", "--days=1000"], "exp: must be at most two years after iat"),
        (["--scopes=tokens:write", "--rooms=" + ",".join(f"{n:024x}" for n in range(60))], "longer than 1024"),
    ],
)
def test_an_invalid_key_stores_nothing(
    ssm: "SSMClient", registry: Registry, arguments: list[str], message: str
) -> None:
    assert message in refusal("create", "--name=x", *arguments)
    assert not ssm.describe_parameters()["Parameters"]
    assert not list(registry)


def test_a_key_is_revoked_by_id_name_or_access_key(ssm: "SSMClient", capsys: pytest.CaptureFixture[str]) -> None:
    by_id, by_name = create(capsys, "one"), create(capsys, "two")
    printed = run(capsys, "create", "--name=three", "--scopes=*")
    access_key = printed[0].partition("=")[2]
    run(capsys, "revoke", by_id.id)
    run(capsys, "revoke", "two")
    run(capsys, "revoke", access_key)
    assert revoked() == {by_id.id, by_name.id, ClientKey.from_access_key(access_key).id}
    assert {line.split()[1] for line in run(capsys, "list")} == {"revoked"}


def test_a_name_must_be_unique_among_active_keys(ssm: "SSMClient", capsys: pytest.CaptureFixture[str]) -> None:
    first, second = create(capsys), create(capsys)
    assert refusal("revoke", "reports") == "KEY: several keys have this name; use the id that make keys shows"
    assert refusal("revoke", "") == "KEY: is required"
    assert refusal("revoke", "nobody") == "KEY: no key has this name; use the id that make keys shows"
    assert refusal("revoke", "hk1.x") == "must be a client key"
    run(capsys, "revoke", first.id)
    run(capsys, "revoke", "reports")
    assert revoked() == {first.id, second.id}


def test_an_id_that_is_not_registered_can_be_revoked(ssm: "SSMClient", capsys: pytest.CaptureFixture[str]) -> None:
    create(capsys)
    first, second = run(capsys, "revoke", "zzzzzzzz")
    assert first.startswith("revoked zzzzzzzz")
    assert second == "warning: no issued key has the id or name zzzzzzzz; check it with make keys"
    assert revoked() == {"zzzzzzzz"}
    assert any("zzzzzzzz" in line and "not registered" in line for line in run(capsys, "list"))


def test_all_keys_are_revoked_until_the_master_changes(ssm: "SSMClient", capsys: pytest.CaptureFixture[str]) -> None:
    create(capsys)
    run(capsys, "revoke", "*")
    assert revoked() == {"*"}
    (old,) = masters()
    run(capsys, "rotate", "now")
    (new,) = masters()
    assert new != old
    assert revoked() == set()


def test_expired_keys_leave_the_list(
    ssm: "SSMClient", parameters: KeyParameters, registry: Registry, capsys: pytest.CaptureFixture[str], clock: Clock
) -> None:
    short, long = create(capsys, "short", "--days=1"), create(capsys, "long", "--days=9")
    for key in (short, long):
        run(capsys, "revoke", key.id)
    clock.shift(86_400 + 29)
    publish_revoked(parameters, registry)
    assert revoked() == {short.id, long.id}
    clock.shift(3)
    publish_revoked(parameters, registry)
    assert revoked() == {long.id}


def make_ids(count: int) -> set[str]:
    return {"".join(letters).ljust(8, "a") for letters in islice(product("abcdefghijklmno", repeat=4), count)}


def test_1820_revoked_keys_fill_four_lists(ssm: "SSMClient", parameters: KeyParameters) -> None:
    ids = make_ids(4 * IDS_PER_PARAMETER)
    assert parameters.write_revoked(ids, parameters.read_revoked())
    assert revoked() == ids
    assert all(len(stored(f"revoked_client_keys_{number}")) <= 4096 for number in (1, 2, 3, 4))


def test_more_revoked_keys_than_fit_are_an_error(ssm: "SSMClient", parameters: KeyParameters) -> None:
    with pytest.raises(ValueError, match="more than 1820 keys are revoked, and 1 of them still work"):
        parameters.write_revoked(make_ids(4 * IDS_PER_PARAMETER + 1), parameters.read_revoked())


def test_an_id_stays_in_its_list_when_others_leave(parameters: KeyParameters, ssm: "SSMClient") -> None:
    ssm.put_parameter(Name=f"{PREFIX}/revoked_client_keys_1", Value="aaaaaaaa,bbbbbbbb", Type="String")
    ssm.put_parameter(Name=f"{PREFIX}/revoked_client_keys_2", Value="cccccccc", Type="String")
    assert parameters.write_revoked({"bbbbbbbb", "cccccccc", "dddddddd"}, parameters.read_revoked())
    assert stored("revoked_client_keys_1") == "bbbbbbbb,dddddddd"
    assert stored("revoked_client_keys_2") == "cccccccc"


def test_two_revocations_at_the_same_time_are_both_kept(
    parameters: KeyParameters, registry: Registry, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = create(capsys, "first"), create(capsys, "second")
    real = parameters.write_revoked
    interrupted: list[bool] = []

    def interrupted_write(ids: Any, lists: Any) -> bool:
        if not interrupted:
            interrupted.append(True)
            other = KeyParameters(boto3.client("ssm"), PREFIX)
            revoke_key(other, registry, second.id)
        return real(ids, lists)

    monkeypatch.setattr(parameters, "write_revoked", interrupted_write)
    revoke_key(parameters, registry, first.id)
    assert revoked() == {first.id, second.id}


def test_ids_that_the_registry_does_not_know_stay_revoked(ssm: "SSMClient", capsys: pytest.CaptureFixture[str]) -> None:
    key = create(capsys)
    other_stack = {"aaaaaaaa", "bbbbbbbb"}
    ssm.put_parameter(Name=f"{PREFIX}/revoked_client_keys_1", Value="aaaaaaaa, typo", Type="String", Overwrite=True)
    ssm.put_parameter(Name=f"{PREFIX}/revoked_client_keys_2", Value="bbbbbbbb", Type="String")
    run(capsys, "revoke", key.id)
    assert revoked() == {key.id, *other_stack}
    run(capsys, "rotate", "now")
    assert revoked() == other_stack


def test_a_new_table_revokes_all_until_the_master_changes(ssm: "SSMClient", capsys: pytest.CaptureFixture[str]) -> None:
    create(capsys)
    ssm.put_parameter(Name=f"{PREFIX}/revoked_client_keys_1", Value="*", Type="String", Overwrite=True)
    run(capsys, "revoke", "zzzzzzzz")
    assert revoked() == {"*", "zzzzzzzz"}
    assert refusal("create", "--name=x", "--scopes=*") == "all client keys are revoked; run make rotate STEP=now first"
    run(capsys, "rotate", "now")
    assert "*" not in revoked()
    create(capsys)


def test_storing_the_pair_does_not_replace_a_lost_list(
    ssm: "SSMClient", parameters: KeyParameters, capsys: pytest.CaptureFixture[str]
) -> None:
    key = create(capsys)
    run(capsys, "revoke", key.id)
    ssm.delete_parameter(Name=f"{PREFIX}/revoked_client_keys_1")
    parameters.create_master()
    assert not parameters.read_revoked()[0].version
    create(capsys, "next")
    assert revoked() == {key.id}


@pytest.mark.parametrize("step", ["start", "finish", "now"])
def test_two_rotations_at_the_same_time_are_noticed(
    parameters: KeyParameters,
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    step: RotationStep,
) -> None:
    create(capsys)
    if step == "finish":
        run(capsys, "rotate", "start")
    real = parameters.read_masters

    def interrupted_read() -> list[str]:
        masters = real()
        run(capsys, "rotate", "now")
        return masters

    monkeypatch.setattr(parameters, "read_masters", interrupted_read)
    with pytest.raises(ValueError, match="another command changed the master at the same time"):
        rotate_master(parameters, registry, step)


def test_a_lost_list_is_written_again_from_the_registry(ssm: "SSMClient", capsys: pytest.CaptureFixture[str]) -> None:
    key = create(capsys)
    run(capsys, "revoke", key.id)
    ssm.delete_parameter(Name=f"{PREFIX}/revoked_client_keys_1")
    create(capsys, "next")
    assert revoked() == {key.id}


def test_a_revocation_that_failed_is_shown_and_can_be_repeated(
    ssm: "SSMClient", capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = create(capsys)

    def fail(*arguments: Any) -> bool:
        raise ValueError("throttled")

    with monkeypatch.context() as patch:
        patch.setattr(KeyParameters, "write_revoked", fail)
        assert refusal("revoke", "reports") == "throttled"
    assert f"{key.id}  revoke again" in run(capsys, "list")[0]
    run(capsys, "revoke", "reports")
    assert revoked() == {key.id}
    assert f"{key.id}  revoked" in run(capsys, "list")[0]


def test_the_master_is_rotated_in_two_steps(ssm: "SSMClient", capsys: pytest.CaptureFixture[str]) -> None:
    assert refusal("rotate", "start") == "there is no master to rotate; create the first key with make key"
    old_key = create(capsys, "old")
    (old,) = masters()
    assert refusal("rotate", "finish") == "no rotation has started; begin with STEP=start"
    run(capsys, "rotate", "start")
    new, kept = masters()
    assert kept == old
    assert refusal("rotate", "start") == "a rotation has started already; finish it with STEP=finish"
    create(capsys, "new")
    assert [line.split()[1] for line in run(capsys, "list")] == ["active", "active"]
    run(capsys, "revoke", old_key.id)
    run(capsys, "rotate", "finish")
    assert masters() == [new]
    assert revoked() == set(), "keys of the old master do not work anyway"
    assert derive_key_id(new) != derive_key_id(old)


def test_a_key_of_an_earlier_version_is_listed_as_old(ssm: "SSMClient", capsys: pytest.CaptureFixture[str]) -> None:
    ssm.put_parameter(Name=f"{PREFIX}/clients/0123abcd", Value='{"secret": "hidden"}', Type="SecureString")
    (line,) = run(capsys, "list")
    assert line.startswith("0123abcd  old: does not work in this version")
    assert "hidden" not in line


def test_a_stack_that_is_not_deployed_is_named(ssm: "SSMClient") -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--prefix=/hms/prod", "--stage=prod", "list"])
    assert "hms-prod" in str(ended.value.code)
    assert "make deploy" in str(ended.value.code)


def test_a_spoilt_master_is_named_without_its_value(ssm: "SSMClient") -> None:
    ssm.put_parameter(Name=f"{PREFIX}/client_key_master", Value="too short", Type="SecureString")
    assert refusal("create", "--name=x", "--scopes=*").startswith(
        f"{PREFIX}/client_key_master: must be one value of 43"
    )
