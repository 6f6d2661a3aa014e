"""What all models share: strict types, the rule for unknown names, and errors that tell how to mend a request."""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError, model_validator
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from hms.errors import BadRequestError
from hms.settings import UnknownFields

UNKNOWN = "unknown_names"
RULE = "rule"
MAX_NAMES = 100
"""Unknown names that one object's refusal is given; the search stops there."""
MAX_LABEL = 64
"""Characters of a name, written by the caller, that an error repeats."""

MESSAGES = {
    "bool_type": "must be true or false",
    "dict_type": "must be an object",
    "float_type": "must be a number",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "int_from_float": "must be a whole number",
    "int_type": "must be a whole number",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "list_type": "must be a list",
    "literal_error": "must be {expected}",
    "missing": "is required",
    "model_attributes_type": "must be an object",
    "model_type": "must be an object",
    "string_pattern_mismatch": "must match {pattern}",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} characters",
    "string_type": "must be a string",
    "too_long": "must have at most {max_length} items",
    "too_short": "must have at least {min_length} items",
    "value_error": "{error}",
}
"""What must hold, by pydantic's type of error; its own messages name classes of Python."""

T = TypeVar("T")


class FailFast:
    """Makes pydantic stop at the first item at fault: it would keep an error of 1.6 KB for each of a million."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of a list or object, told to stop early."""
        schema: Any = handler(source)
        schema["fail_fast"] = True
        found: CoreSchema = schema
        return found


Items = Annotated[list[T], FailFast()]
Members = Annotated[dict[str, T], FailFast()]


class Model(BaseModel):
    """A JSON object, or a query, that a caller sends.

    Types are strict, an explicit null stands for a member left out, and members that are not known are taken unless
    they look like a misspelt one.

    Attributes:
        response_fields: names that 100ms shows in its answers for this object beside those declared; they are never
            suspects.
    """

    model_config = ConfigDict(strict=True, extra="allow", hide_input_in_errors=True, populate_by_name=True)

    response_fields: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _check_names(cls, value: Any, info: ValidationInfo) -> Any:
        mode = (info.context or {}).get(UNKNOWN, UnknownFields.SUSPECT)
        if isinstance(value, Mapping) and mode is not UnknownFields.FORWARD:
            known = {field.alias or name for name, field in cls.model_fields.items()}
            if info.context is None:  # made in Python, where an alias may be a keyword
                known |= cls.model_fields.keys()
            expected, suspects = known | cls.response_fields, _index_by_letters(frozenset(known))
            unknown = ((name, _suggest_name(name, suspects)) for name in value if name not in expected)
            refused = ((name, suggestion) for name, suggestion in unknown if suggestion or mode is UnknownFields.REFUSE)
            if names := dict(islice(refused, MAX_NAMES)):
                raise PydanticCustomError(UNKNOWN, "unknown names", {"names": names})
        return value


def rule_error(field: str, text: str) -> PydanticCustomError:
    """What a model raises when members do not go together; `field` is named first in the answer."""
    return PydanticCustomError(RULE, "{text}", {"field": field, "text": text})


def check(model: type[BaseModel], value: object, source: str, unknown: UnknownFields) -> None:
    """Let the value pass, or say what is wrong with it.

    Args:
        model: what the value must be.
        value: a JSON value, or a query's names and values.
        source: `body` or `query`, for the message.
        unknown: what becomes of names that are not known.

    Raises:
        BadRequestError: `details` has an entry a field, the field's name first.
    """
    try:
        model.model_validate(value, context={UNKNOWN: unknown})
    except ValidationError as error:
        raise BadRequestError(f"Invalid {source}", details=list(_list_details(error, source))) from None


def _list_details(error: ValidationError, source: str) -> Iterable[str]:
    for problem in error.errors(include_url=False, include_input=False):
        path = [_truncate_label(str(step)) for step in problem["loc"] if step != "[key]"]
        context = problem.get("ctx", {})
        if problem["type"] == UNKNOWN:
            for name, suggestion in context["names"].items():
                hint = f", did you mean {suggestion}?" if suggestion else ""
                yield f"{'.'.join([*path, _truncate_label(name)])}: unknown field{hint}"
        else:
            if problem["type"] == RULE:
                path.append(context["field"])
            yield f"{'.'.join(path) or source}: {_format_message(problem)}"


def _format_message(problem: ErrorDetails) -> str:
    if problem["type"] == RULE:
        return problem["msg"]
    return MESSAGES.get(problem["type"], "is not valid").format_map(problem.get("ctx", {}))


def _truncate_label(name: str) -> str:
    return name if len(name) <= MAX_LABEL else f"{name[:MAX_LABEL]}..."


def _suggest_name(name: str, known: list[tuple[str, str]]) -> str | None:
    """The known name that an unknown one looks like: the same letters but for case and `_`, or one edit away."""
    normalized = _normalize(name)
    return next(
        (
            candidate
            for candidate, normalized_candidate in known
            if normalized_candidate == normalized or _is_one_edit_apart(name, candidate)
        ),
        None,
    )


@cache
def _index_by_letters(known: frozenset[str]) -> list[tuple[str, str]]:
    """The names in order, each with its letters."""
    return [(name, _normalize(name)) for name in sorted(known)]


def _normalize(name: str) -> str:
    return name.replace("_", "").lower()


def _is_one_edit_apart(one: str, other: str) -> bool:
    """Whether a letter more, less, changed, or two swapped turn one into the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    start = next(
        (index for index, (left, right) in enumerate(zip(short, long, strict=False)) if left != right), len(short)
    )
    if len(short) == len(long):
        swapped = short[:start] + short[start : start + 2][::-1] + short[start + 2 :]
        return short[start + 1 :] == long[start + 1 :] or swapped == long
    return short[start:] == long[start + 1 :]
