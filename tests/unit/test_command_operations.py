"""The operations that commands may name: all of the contract, each with what it takes and whether it only reads."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from hms.client import HmsClient, Query, Reply, query_pairs
from hms.commands.operations import Operation, operations
from hms.errors import BadRequest
from hms.redaction import CREDENTIALS, MEMBERS
from hms.settings import Settings
from tests.support import contract

NO_COMMANDS = {("POST", "/token"), ("POST", "/sip/dtmf")}
SEED_ONLY = {("GET", "/recordings/{}/config")}


class Recorder(HmsClient):
    """A client that keeps what it is asked to send."""

    asked: tuple[str, str, list[str]]

    def request(self, method: str, *segments: str, query: Query = (), **_: Any) -> Reply:
        names = [name for name, _ in query_pairs(query)]
        self.asked = (method, "/" + "/".join(segments), names)
        return Reply(200, "{}")


CLIENT = Recorder(Settings())
OPERATIONS = operations(CLIENT)
each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def documented_arguments() -> Iterator[dict[str, Any]]:
    """The bodies and queries of the contract's samples."""
    yield {}
    for it in contract.operations().values():
        yield {"body": it.body} if it.body is not None else dict(it.query)


def run(operation: Operation) -> tuple[str, str, list[str]]:
    """What the operation sends when it is given samples that it takes."""
    segments = dict.fromkeys(operation.segments, "{}")
    for arguments in documented_arguments():
        try:
            operation.method(**operation.bind({**segments, **arguments}))
        except BadRequest:
            continue
        return CLIENT.asked
    raise AssertionError(f"no sample of the contract suits {operation.name}")


def test_every_operation_of_the_contract_is_a_command_but_those_of_tokens() -> None:
    documented = {(it.method, re.sub(r"{\w+}", "{}", it.path)) for it in contract.operations().values()}
    reached = [run(operation)[:2] for operation in OPERATIONS.values()]
    assert len(set(reached)) == len(reached)
    assert set(reached) | NO_COMMANDS == documented | SEED_ONLY
    assert not set(reached) & NO_COMMANDS


@each_operation
def test_an_operation_only_reads_where_it_is_a_get(operation: Operation) -> None:
    assert operation.reads is (run(operation)[0] == "GET")


def test_only_operations_that_read_take_query_parameters_in_the_contract() -> None:
    assert {it.method for it in contract.operations().values() if it.query} == {"GET"}


@each_operation
def test_an_unknown_argument_is_refused_or_part_of_the_query_of_a_read(operation: Operation) -> None:
    segments = dict.fromkeys(operation.segments, "{}")
    body = {} if operation.shape is None else {"body": operation.shape()}
    arguments = {**segments, **body, "surprise": "yes"}
    if operation.reads:
        assert operation.bind(arguments)["query"] == {"surprise": "yes"}
    else:
        with pytest.raises(BadRequest) as refused:
            operation.bind(arguments)
        assert refused.value.details == ["surprise: unknown argument"]


def test_the_operations_whose_answers_hold_credentials_exist() -> None:
    assert OPERATIONS.keys() | {"auth.exchange_room_code"} >= MEMBERS.keys() | CREDENTIALS.keys()
    assert MEMBERS.keys().isdisjoint(CREDENTIALS)
