"""Declare an operation of the REST API as data: its method, path, models, response and credentials."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import quote

from hms.errors import BadRequestError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hms.types import Body


CredentialKind = Literal["value", "url", "event", "text"]


class Credential(NamedTuple):
    """Location of a credential in a response.

    Attributes:
        path: names from the response's object, or from each object of its page, separated by dots. `*` matches any
            name. Items of a list have the path of the list. "": the whole response.
        kind: the credential is the value itself, part of a URL, in the data of an event, or in URLs of a text.
    """

    path: str
    kind: CredentialKind = "value"


class Operation(NamedTuple):
    """One operation of the 100ms Server API.

    Attributes:
        name: `<resource>.<method>`, such as `rooms.create`. Commands use it.
        method: HTTP method.
        path: path template, such as `/rooms/{room_id}`.
        query: returns the model of the query; None: the operation has no documented query.
        query_required: whether an empty query is validated too.
        body: returns the model of the body; None: the operation has no body.
        body_required: whether a body is required.
        body_type: JSON type of the body, `dict` or `list`.
        rewrite: returns the body with the names that 100ms expects; None: the body is sent unchanged.
        response: name of the response's schema in the contract; "": no schema.
        credentials: locations of the credentials in the response.
        credential_reason: why the response returns a credential to every caller with the scope; "": it returns none.
        auth: token that 100ms expects. "none" calls the token service.
    """

    name: str
    method: Literal["GET", "POST", "DELETE"]
    path: str
    query: "Callable[[], type[BaseModel]] | None" = None
    query_required: bool = False
    body: "Callable[[], type[BaseModel]] | None" = None
    body_required: bool = True
    body_type: type[dict[str, object]] | type[list[object]] = dict
    rewrite: "Callable[[Body], Body] | None" = None
    response: str = ""
    credentials: tuple[Credential, ...] = ()
    credential_reason: str = ""
    auth: Literal["management", "app", "none"] = "management"

    @property
    def is_read_only(self) -> bool:
        """Whether the operation only reads, so that a retry cannot repeat a side effect."""
        return self.method == "GET"

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """Names of the path parameters, in order."""
        return tuple(segment[1:-1] for segment in self.path.split("/") if segment.startswith("{"))

    def build_path(self, values: Mapping[str, str]) -> str:
        """Return the path with each parameter's value percent-encoded as one segment.

        Raises:
            BadRequestError: A value is empty, `.` or `..`, which would lead to another path.
        """
        return "/".join(
            _encode_segment(values[segment[1:-1]]) if segment.startswith("{") else segment
            for segment in self.path.split("/")
        )


def _encode_segment(value: str) -> str:
    if value in ("", ".", ".."):
        raise BadRequestError("Invalid path", details=["path: segments must not be empty, . or .."])
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise BadRequestError(
            "Invalid path or query", details=["path or query: must not contain lone surrogates"]
        ) from None
