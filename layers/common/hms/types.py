"""Types of the SDK: queries and bodies of operations, and their responses."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol, Self

from hms.errors import HmsError, error_from_response
from hms.strict_json import encode


class RawJson(NamedTuple):
    """A validated JSON text and its value. The text is sent unchanged."""

    text: bytes
    value: Any


class Dumpable(Protocol):
    """A pydantic model. Only members that were set are sent."""

    def model_dump(self, *, by_alias: bool, exclude_unset: bool) -> Any:
        """Return the members by their names in JSON."""


Query = Iterable[tuple[str, str]] | Mapping[str, object] | Dumpable
ObjectBody = RawJson | Mapping[str, Any] | Dumpable
ArrayBody = RawJson | Sequence[Any] | Dumpable
Body = ObjectBody | ArrayBody


@dataclass(frozen=True, slots=True)
class Response:
    """A response of 100ms or of the service, with an unparsed body.

    Attributes:
        status_code: HTTP status.
        text: the body; "": no body.
        headers: headers for the caller, with lower-case names.
        attempts: number of requests sent to 100ms.
        content_type: media type of the body.
        binary: the body as bytes, instead of `text`.
    """

    status_code: int
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 0
    content_type: str = "application/json"
    binary: bytes = b""

    @classmethod
    def from_json(cls, status_code: int, value: object) -> Self:
        """Return a response whose body is the value as JSON."""
        return cls(status_code, json.dumps(value, allow_nan=False))

    @classmethod
    def from_error(cls, error: HmsError) -> Self:
        """Return the response that describes an error."""
        return cls(error.status_code, json.dumps(error.envelope(), allow_nan=False), error.headers)

    def json(self) -> Any:
        """Return the value of the body."""
        return json.loads(self.text)

    def raise_for_status(self) -> Self:
        """Return the response if its status is below 400.

        Raises:
            HmsError: The exception for the status, such as `NotFoundError`, with the message of 100ms.
        """
        if self.status_code >= 400:
            raise error_from_response(self.status_code, self.text, self.headers)
        return self

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        """Return a copy with additional headers."""
        return replace(self, headers={**self.headers, **headers})

    def with_json(self, value: object) -> Self:
        """Return a copy with another body."""
        return replace(self, text=json.dumps(value, allow_nan=False))


def to_query_pairs(query: Query) -> list[tuple[str, str]]:
    """Return a query as pairs of name and text. A list repeats its name; None and "" are omitted."""
    values = dump(query)
    pairs = values.items() if isinstance(values, Mapping) else values
    return [(name, _to_text(item)) for name, value in pairs for item in _items(value) if item not in (None, "")]


def _items(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else (value,)


def _to_text(value: object) -> str:
    """Return the text of a value. Numbers and booleans are written as JSON, and NaN is rejected."""
    return encode(value, "query").decode() if isinstance(value, int | float) else str(value)


def dump(value: Any) -> Any:
    """Return the members of a model, and any other value unchanged."""
    return value.model_dump(by_alias=True, exclude_unset=True) if hasattr(value, "model_dump") else value
