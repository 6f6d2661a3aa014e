"""JSON schemas of requests, from pydantic models with their docstrings as descriptions."""

from collections.abc import Iterable
from typing import Any

import docstring_parser
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

REF = "#/components/schemas/"

LIMIT_KEYWORDS = {"ge": "minimum", "le": "maximum"}
"""JSON schema keywords of limits. Pydantic keeps its own names for fields with a validator function."""

Schema = dict[str, Any]


def build_schemas(models: Iterable[type[BaseModel]]) -> dict[str, Schema]:
    """Return the schemas of models and of their nested models, by name."""
    unique = sorted({*models}, key=lambda model: model.__name__)
    _, collected = models_json_schema([(model, "validation") for model in unique], ref_template=REF + "{model}")
    classes = {model.__name__: model for model in _all_models(BaseModel)}
    return {
        name: _add_descriptions(_tidy(schema), classes.get(name)) for name, schema in sorted(collected["$defs"].items())
    }


def read_summary(described: Any) -> str:
    """Return the first line of a docstring."""
    return (docstring_parser.parse(described.__doc__ or "").short_description or "").replace("\n", " ")


def _all_models(model: type[BaseModel]) -> Iterable[type[BaseModel]]:
    for subclass in model.__subclasses__():
        yield subclass
        yield from _all_models(subclass)


def _add_descriptions(schema: Schema, model: type[BaseModel] | None) -> Schema:
    if model is None:
        return schema
    schema["description"] = read_summary(model)
    descriptions = _attributes(model)
    for name, member in schema.get("properties", {}).items():
        if name in descriptions and "description" not in member:
            member["description"] = descriptions[name]
    return schema


def _attributes(model: type[BaseModel]) -> dict[str, str]:
    """Return the description of each member by its JSON name, from the docstrings of the model and its bases."""
    descriptions: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base.__doc__:
            parsed = docstring_parser.parse(base.__doc__, style=docstring_parser.DocstringStyle.GOOGLE)
            descriptions |= {param.arg_name: " ".join((param.description or "").split()) for param in parsed.params}
    names = {name: field.alias or name for name, field in model.model_fields.items()}
    return {names.get(name, name): text for name, text in descriptions.items()}


def _tidy(node: Any, *, are_names: bool = False) -> Any:
    """Remove titles and null defaults, and write a choice of one type or null as a list of types."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    if not are_names:
        node = {name: value for name, value in node.items() if name != "title" and (name, value) != ("default", None)}
        node = {LIMIT_KEYWORDS.get(name, name): value for name, value in _without_choice(node).items()}
    return {
        name: _tidy(value, are_names=name in ("properties", "$defs") and not are_names) for name, value in node.items()
    }


def _without_choice(schema: Schema) -> Schema:
    choices = schema.get("anyOf", [])
    plain = [choice for choice in choices if choice != {"type": "null"}]
    if len(choices) == 2 and len(plain) == 1 and isinstance(plain[0].get("type"), str) and "enum" not in plain[0]:
        rest = {name: value for name, value in schema.items() if name != "anyOf"}
        return {**plain[0], "type": [plain[0]["type"], "null"], **rest}
    return schema
