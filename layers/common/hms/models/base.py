"""Base of all models: strict types, detection of misspelled names, and messages that say how to correct a request."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError, model_validator
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from hms.errors import BadRequestError
from hms.problem import UNKNOWN, Problem

RULE = "rule"
CLOSED = "closed"
"""Key of the validation context: whether all unknown names are problems."""
LENIENT = "lenient"
"""Key of the validation context: whether booleans of a query may have every spelling that 100ms accepts."""
UNKNOWN_NAMES = "unknown_names"
"""Key of the validation context: collects the unknown names by the `id` of their object. None: they are errors."""
MAX_NAMES = 100
"""Maximum number of unknown names that are reported per object. The search stops there."""
MAX_OBJECTS = 10
"""Maximum number of objects whose unknown names are collected."""
MAX_LABEL = 64
"""Maximum length of a name in a message, in characters. Callers choose the names."""

MESSAGES = {
    "bool_type": ("type", "must be true or false"),
    "dict_type": ("type", "must be an object"),
    "float_type": ("type", "must be a number"),
    "greater_than": ("range", "must be greater than {gt}"),
    "greater_than_equal": ("range", "must be at least {ge}"),
    "int_from_float": ("type", "must be a whole number"),
    "int_type": ("type", "must be a whole number"),
    "less_than": ("range", "must be less than {lt}"),
    "less_than_equal": ("range", "must be at most {le}"),
    "list_type": ("type", "must be a list"),
    "literal_error": ("enum", "must be {expected}"),
    "missing": ("required", "is required"),
    "model_attributes_type": ("type", "must be an object"),
    "model_type": ("type", "must be an object"),
    "string_pattern_mismatch": ("pattern", "must match {pattern}"),
    "string_too_long": ("length", "must have at most {max_length} characters"),
    "string_too_short": ("length", "must have at least {min_length} characters"),
    "string_type": ("type", "must be a string"),
    "too_long": ("length", "must have at most {max_length} items"),
    "too_short": ("length", "must have at least {min_length} items"),
    "value_error": ("format", "{error}"),
}
"""Code and message of a problem, by pydantic's error type. Pydantic's own messages mention Python classes."""

Step = str | int
Names = dict[str, str | None]
"""Unknown names, and the known names that they resemble."""

DECLARED: set[str] = set()
"""Names of all members that models declare. Only these names are logged."""

T = TypeVar("T")


class FailFast:
    """Stops the validation of a list or object at its first invalid item.

    Pydantic would keep an error of 1.6 KB for each of up to a million invalid items.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of the list or object with `fail_fast`."""
        schema: Any = handler(source)
        schema["fail_fast"] = True
        core_schema: CoreSchema = schema
        return core_schema


Items = Annotated[list[T], FailFast()]
Members = Annotated[dict[str, T], FailFast()]


class Model(BaseModel):
    """A JSON object or a query in a request.

    Types are strict. A null value counts as missing. Unknown members are accepted unless they look like a misspelling
    of a known member.

    Attributes:
        response_fields: more names of this object in responses of 100ms. They never count as misspellings.
    """

    model_config = ConfigDict(strict=True, extra="allow", hide_input_in_errors=True, populate_by_name=True)

    response_fields: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Add the names of the model's members to `DECLARED`."""
        DECLARED.update(field.alias or name for name, field in cls.model_fields.items())

    @model_validator(mode="before")
    @classmethod
    def _check_names(cls, value: Any, info: ValidationInfo) -> Any:
        is_closed = bool(info.context and info.context[CLOSED])
        if isinstance(value, Mapping):
            known = {field.alias or name for name, field in cls.model_fields.items()}
            if info.context is None:  # created in Python, where an alias may be a reserved word
                known |= cls.model_fields.keys()
            expected, suspects = known | cls.response_fields, _index_by_letters(frozenset(known))
            unknown = ((name, _suggest_name(name, suspects)) for name in value if name not in expected)
            refused = ((name, suggestion) for name, suggestion in unknown if suggestion or is_closed)
            collected = info.context[UNKNOWN_NAMES] if info.context else None
            if collected is None:
                if names := dict(islice(refused, MAX_NAMES)):
                    raise PydanticCustomError(UNKNOWN, "unknown fields", {"names": names})
            elif len(collected) < MAX_OBJECTS and (names := dict(islice(refused, MAX_NAMES))):
                collected[id(value)] = names
        return value


def rule_error(field: str, text: str) -> PydanticCustomError:
    """Return the error that a model raises for an invalid combination of members.

    Args:
        field: member that the message names first.
        text: what must hold, such as `is required`.
    """
    return PydanticCustomError(RULE, "{text}", {"field": field, "text": text})


def check(model: type[BaseModel], value: object, source: str, *, closed: bool = False) -> None:
    """Validate input of the service's own routes, such as the body of `POST /token`.

    Args:
        model: model of the value.
        value: a JSON value, or the names and values of a query.
        source: `body` or `query`, for the message.
        closed: whether all unknown names are rejected, not only likely misspellings.

    Raises:
        BadRequestError: The value is invalid. `details` has one entry per problem, which begins with the field's name.
    """
    if problems := find_problems(model, value, source, closed=closed):
        raise BadRequestError(f"Invalid {source}", details=[problem.text for problem in problems])


def find_problems(
    model: type[BaseModel], value: object, source: str, *, closed: bool = False, lenient: bool = False
) -> list[Problem]:
    """Return the problems of a value, in the order of the model's fields.

    Args:
        model: model of the value.
        value: a JSON value, or the names and values of a query.
        source: `body` or `query`.
        closed: whether all unknown names are problems.
        lenient: whether booleans of a query may have every spelling that 100ms accepts, and whether an object with
            unknown names is still validated.
    """
    unknown_names: dict[int, Names] = {}
    context = {CLOSED: closed, LENIENT: lenient, UNKNOWN_NAMES: unknown_names if lenient else None}
    problems: list[Problem] = []
    try:
        model.model_validate(value, context=context)
    except ValidationError as error:
        problems += _problems(error, source)
    if unknown_names:
        problems[:0] = _collected_problems(value, unknown_names, source)
    return problems


def _problems(error: ValidationError, source: str) -> Iterator[Problem]:
    for problem in error.errors(include_url=False, include_input=False):
        path = [step for step in problem["loc"] if step != "[key]"]
        context = problem.get("ctx", {})
        if problem["type"] == UNKNOWN:
            yield from _name_problems(path, context["names"], source)
        else:
            if problem["type"] == RULE:
                path.append(context["field"])
            code, text = _code_and_message(problem)
            names = tuple(map(str, path))
            yield Problem(source, names, code, f"{_truncate_label(names) or source}: {text}", _declared(path))


def _collected_problems(
    value: object, unknown_names: Mapping[int, Names], source: str, path: tuple[Step, ...] = ()
) -> Iterator[Problem]:
    if id(value) in unknown_names:
        yield from _name_problems(path, unknown_names[id(value)], source)
    if isinstance(value, Mapping | list):
        for step, member in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _collected_problems(member, unknown_names, source, (*path, step))


def _name_problems(path: Iterable[Step], names: Names, source: str) -> Iterator[Problem]:
    parents = tuple(map(str, path))
    for name, suggestion in names.items():
        hint = f", did you mean {suggestion}?" if suggestion else ""
        text = f"{_truncate_label([*parents, name])}: unknown field{hint}"
        yield Problem(source, (*parents, name), UNKNOWN, text, (*_declared(path), suggestion or "*"))


def _declared(path: Iterable[Step]) -> tuple[str, ...]:
    return tuple(str(step) if isinstance(step, int) or step in DECLARED else "*" for step in path)


def _code_and_message(problem: ErrorDetails) -> tuple[str, str]:
    if problem["type"] == RULE:
        return RULE, problem["msg"]
    code, message = MESSAGES.get(problem["type"], ("invalid", "is not valid"))
    return code, message.format_map(problem.get("ctx", {}))


def _truncate_label(path: Iterable[str]) -> str:
    """Return a path with dots, and with long names truncated."""
    return ".".join(name if len(name) <= MAX_LABEL else f"{name[:MAX_LABEL]}..." for name in path)


def _suggest_name(name: str, known: list[tuple[str, str]]) -> str | None:
    """Return the known name that an unknown name resembles.

    Names resemble each other if they differ only in case and `_`, or by one edit.
    """
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
    """Return pairs of name and normalized name. Lower-case names come first, because 100ms documents those."""
    return [(name, _normalize(name)) for name in sorted(known, key=lambda name: (not name.islower(), name))]


def _normalize(name: str) -> str:
    return name.replace("_", "").lower()


def _is_one_edit_apart(one: str, other: str) -> bool:
    """Return whether adding, removing, replacing or swapping one letter makes the names equal."""
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
