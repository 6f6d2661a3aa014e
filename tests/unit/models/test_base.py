"""Rules of all models: validation stops early, and error messages are plain."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

import hms.models
from hms.models.base import MESSAGES

MODELS = {
    name: model
    for module in pkgutil.iter_modules(hms.models.__path__)
    for name, model in vars(importlib.import_module(f"hms.models.{module.name}")).items()
    if isinstance(model, type) and issubclass(model, BaseModel) and model.__module__.startswith("hms.")
}


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every part of a core schema."""
    if isinstance(schema, dict):
        yield schema
        for child in schema.values():
            yield from nodes(child)
    elif isinstance(schema, list | tuple):
        for child in schema:
            yield from nodes(child)


@pytest.mark.parametrize("name", MODELS)
def test_a_list_or_object_is_checked_up_to_the_first_item_at_fault(name: str) -> None:
    schema = MODELS[name].__pydantic_core_schema__
    wide = [node for node in nodes(schema) if node.get("type") in ("list", "dict")]
    assert [node for node in wide if not node.get("fail_fast")] == []


def test_some_models_hold_lists_and_objects() -> None:
    found = [
        node["type"]
        for model in MODELS.values()
        for node in nodes(model.__pydantic_core_schema__)
        if "fail_fast" in node
    ]
    assert {"list", "dict"} <= set(found)
    assert len(found) > 30


def test_no_message_names_a_class_or_an_exception_of_python() -> None:
    for _, message in MESSAGES.values():
        assert not any(
            word in message.lower() for word in ("instance", "dictionary", "error,", "integer", "input should")
        )
