"""Shared by the tests of the models: documented responses, and the details of validation errors."""

from typing import Any

from pydantic import BaseModel

from hms.errors import BadRequestError
from hms.models.base import check
from tests.support.contract import response_examples


def problems(model: type[BaseModel], value: object, closed: bool = False) -> list[str]:
    """Return the details of the validation error; empty if the value is valid."""
    try:
        check(model, value, "body", closed=closed)
    except BadRequestError as refusal:
        return list(refusal.details)
    return []


def documented_answers(operation_id: str) -> list[Any]:
    """Return the documented bodies of an operation's successful response."""
    return list(response_examples(operation_id).values())
