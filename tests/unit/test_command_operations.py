"""The operations of commands: all of the contract, with their parameters and whether they only read."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from hms.errors import BadRequestError
from hms.operation import Operation
from hms.operations import load_operations
from hms_service.commands.arguments import OPERATIONS, bind_arguments
from tests.support import contract

NO_COMMANDS = {("POST", "/token"), ("POST", "/sip/dtmf"), ("GET", "/layouts/ui")}
SEED_ONLY = {("GET", "/recordings/{}/config")}


each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def shape_of(operation: Operation) -> tuple[str, str]:
    return operation.method, re.sub(r"{\w+}", "{}", operation.path)


def documented_arguments() -> Iterator[dict[str, Any]]:
    """Return the bodies and queries of the contract's samples."""
    yield {}
    for operation in contract.operations().values():
        yield {"body": operation.body} if operation.body is not None else dict(operation.query)


@each_operation
def test_an_operation_is_called_with_a_sample_of_the_contract(operation: Operation) -> None:
    segments = dict.fromkeys(operation.path_parameters, "x")
    for arguments in documented_arguments():
        try:
            bound = bind_arguments(operation, {**segments, **arguments}, is_strict=True)
        except BadRequestError:
            continue
        assert bound.path_parameters == segments
        assert (bound.body, bound.query) == (arguments.get("body"), {} if "body" in arguments else arguments)
        return
    raise AssertionError(f"no sample of the contract suits {operation.name}")


def test_every_operation_of_the_contract_is_a_command_but_those_of_tokens() -> None:
    documented = {
        (operation.method, re.sub(r"{\w+}", "{}", operation.path)) for operation in contract.operations().values()
    }
    reached = [shape_of(operation) for operation in OPERATIONS.values()]
    assert len(set(reached)) == len(reached)
    assert set(reached) | NO_COMMANDS == documented | SEED_ONLY
    assert not set(reached) & NO_COMMANDS


def test_only_operations_that_read_take_query_parameters_in_the_contract() -> None:
    assert {operation.method for operation in contract.operations().values() if operation.query} == {"GET"}


@each_operation
def test_an_unknown_argument_is_refused_or_part_of_the_query_of_a_read(operation: Operation) -> None:
    segments = dict.fromkeys(operation.path_parameters, "x")
    body = {"body": operation.body_type()} if operation.body else {}
    arguments = {**segments, **body, "surprise": "yes"}
    if operation.is_read_only:
        assert bind_arguments(operation, arguments, is_strict=True).query == {"surprise": "yes"}
    else:
        with pytest.raises(BadRequestError) as refused:
            bind_arguments(operation, arguments, is_strict=True)
        assert refused.value.details == ["surprise: unknown argument"]


@pytest.mark.parametrize("operation", load_operations().values(), ids=load_operations())
def test_a_response_is_a_credential_or_holds_some_but_not_both(operation: Operation) -> None:
    assert not (operation.credentials and operation.credential_reason)
