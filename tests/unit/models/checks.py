"""What the tests of the models share: the answers that the contract documents, and what a check finds wrong."""

from typing import Any

from pydantic import BaseModel

from hms.errors import BadRequestError
from hms.models.base import check
from hms.settings import UnknownFields
from tests.support.contract import document


def problems(model: type[BaseModel], value: object, unknown: UnknownFields = UnknownFields.SUSPECT) -> list[str]:
    """The details of the refusal; none where the value passes."""
    try:
        check(model, value, "body", unknown)
    except BadRequestError as refusal:
        return list(refusal.details)
    return []


def documented_answers(operation_id: str) -> list[Any]:
    """The example bodies of an operation's success."""
    (answers,) = [
        operation["responses"]
        for item in document()["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict) and operation.get("operationId") == operation_id
    ]
    return [example["value"] for example in answers["200"]["content"]["application/json"]["examples"].values()]
