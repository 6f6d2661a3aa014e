"""What the tests of the models share: the answers that the contract documents, and what a check finds wrong."""

from typing import Any

from pydantic import BaseModel

from hms.errors import BadRequestError
from hms.models.base import check
from tests.support.contract import response_examples


def problems(model: type[BaseModel], value: object, closed: bool = False) -> list[str]:
    """The details of the refusal; none where the value passes."""
    try:
        check(model, value, "body", closed=closed)
    except BadRequestError as refusal:
        return list(refusal.details)
    return []


def documented_answers(operation_id: str) -> list[Any]:
    """The example bodies of an operation's success."""
    return list(response_examples(operation_id).values())
