"""What the tests of the models share: the answers that the contract documents, and what a check finds wrong."""

from typing import Any

from pydantic import BaseModel

from hms.errors import BadRequestError
from hms.models.base import check
from hms.settings import UnknownFields
from tests.support.contract import response_examples


def problems(model: type[BaseModel], value: object, unknown: UnknownFields = UnknownFields.SUSPECT) -> list[str]:
    """The details of the refusal; none where the value passes."""
    try:
        check(model, value, "body", unknown)
    except BadRequestError as refusal:
        return list(refusal.details)
    return []


def documented_answers(operation_id: str) -> list[Any]:
    """The example bodies of an operation's success."""
    return list(response_examples(operation_id).values())
