"""An operation of the REST API as data: what it sends, checks and answers is declared once, beside its method."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import quote

from hms.errors import BadRequestError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from hms.types import Body


CredentialKind = Literal["value", "url", "event", "text"]


class Credential(NamedTuple):
    """A member of a response that is or holds a credential.

    Attributes:
        path: names from the response's object, or from each object of its page, with dots between. `*` is any name;
            items of lists have their list's path. "": the whole response.
        kind: what holds the credential: the value itself, a URL, the data of an event, or texts with URLs.
    """

    path: str
    kind: CredentialKind = "value"


class Operation(NamedTuple):
    """One operation of the 100ms Server API.

    Attributes:
        name: `<resource>.<method>`, as commands name it.
        method: HTTP verb.
        path: path template, such as `/rooms/{room_id}`.
        query: returns the model of the query; None: the operation has no documented query.
        query_required: whether the query is checked even if it is empty.
        body: returns the model of the body; None: the operation takes no body.
        body_required: whether there must be a body.
        body_type: JSON type of the body, `dict` or `list`.
        rewrite: returns the body in the spelling of the REST API; None: it is sent as it is.
        response: name of the response's schema in the contract; "": it has none.
        credentials: members of the response that are or hold a credential.
        credential_reason: why the response is a credential itself, which callers with the scope get; "": it is none.
        auth: token that 100ms expects. With "none", the token service is called.
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
        """Whether it changes nothing at 100ms, so that a retry cannot repeat a side effect."""
        return self.method == "GET"

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """Names of the variables in the path, in order."""
        return tuple(segment[1:-1] for segment in self.path.split("/") if segment.startswith("{"))

    def build_path(self, values: Mapping[str, str]) -> str:
        """Return the path with each variable's value percent-encoded as one segment.

        Raises:
            BadRequestError: A value is empty, `.` or `..`, which would name another path.
        """
        return "/".join(
            _encode_segment(values[segment[1:-1]]) if segment.startswith("{") else segment
            for segment in self.path.split("/")
        )


def _encode_segment(value: str) -> str:
    if value in ("", ".", ".."):
        raise BadRequestError("Invalid path", details=["path: a segment is empty, . or .."])
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise BadRequestError("Invalid path or query", details=["path or query: holds a lone surrogate"]) from None
