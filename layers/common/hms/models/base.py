"""What all models share: strict types, the rule for unknown names, and errors that tell how to mend a request."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from hms.errors import BadRequest
from hms.settings import UnknownFields

UNKNOWN = "unknown_names"
RULE = "rule"


class Model(BaseModel):
    """A JSON object, or a query, that a caller sends.

    Types are strict, an explicit null stands for a member left out, and members that are not known are taken unless
    they look like a misspelt one.

    Attributes:
        shown: names that 100ms shows in its answers for this object beside those declared; they are never suspects.
    """

    model_config = ConfigDict(strict=True, extra="allow", hide_input_in_errors=True, populate_by_name=True)

    shown: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _check_names(cls, value: Any, info: ValidationInfo) -> Any:
        mode = (info.context or {}).get(UNKNOWN, UnknownFields.SUSPECT)
        if isinstance(value, Mapping) and mode is not UnknownFields.FORWARD:
            known = {field.alias or name for name, field in cls.model_fields.items()}
            if info.context is None:  # made in Python, where an alias may be a keyword
                known |= cls.model_fields.keys()
            unknown = [name for name in value if name not in known | cls.shown]
            meant = {name: _meant(name, known) for name in unknown}
            refused = [name for name in unknown if meant[name] or mode is UnknownFields.REFUSE]
            if refused:
                raise PydanticCustomError(UNKNOWN, "unknown names", {"names": {name: meant[name] for name in refused}})
        return value


def rule(field: str, text: str) -> PydanticCustomError:
    """What a model raises when members do not go together; `field` is named first in the answer."""
    return PydanticCustomError(RULE, "{text}", {"field": field, "text": text})


def check(model: type[BaseModel], value: object, what: str, unknown: UnknownFields) -> None:
    """Let the value pass, or say what is wrong with it.

    Args:
        model: what the value must be.
        value: a JSON value, or a query's names and values.
        what: `body` or `query`, for the message.
        unknown: what becomes of names that are not known.

    Raises:
        BadRequest: `details` has an entry a field, the field's name first.
    """
    try:
        model.model_validate(value, context={UNKNOWN: unknown})
    except ValidationError as error:
        raise BadRequest(f"Invalid {what}", details=list(_details(error, what))) from None


def _details(error: ValidationError, what: str) -> Iterable[str]:
    for problem in error.errors(include_url=False, include_input=False):
        path = [str(step) for step in problem["loc"] if step != "[key]"]
        context = problem.get("ctx", {})
        if problem["type"] == UNKNOWN:
            for name, meant in context["names"].items():
                hint = f", did you mean {meant}?" if meant else ""
                yield f"{'.'.join([*path, name])}: unknown field{hint}"
        else:
            if problem["type"] == RULE:
                path.append(context["field"])
            yield f"{'.'.join(path) or what}: {problem['msg']}"


def _meant(name: str, known: Iterable[str]) -> str | None:
    """The known name that an unknown one looks like: the same letters but for case and `_`, or one edit away."""
    letters = _letters(name)
    return next((each for each in sorted(known) if _letters(each) == letters or _one_edit(name, each)), None)


def _letters(name: str) -> str:
    return name.replace("_", "").lower()


def _one_edit(one: str, other: str) -> bool:
    """Whether a letter more, less, changed, or two swapped turn one into the other."""
    short, long = sorted((one, other), key=len)
    start = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        swapped = short[:start] + short[start : start + 2][::-1] + short[start + 2 :]
        return short[start + 1 :] == long[start + 1 :] or swapped == long
    return short[start:] == long[start + 1 :]
