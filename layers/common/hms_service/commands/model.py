"""Model of a command."""

from typing import Annotated, Any

from pydantic import Field

from hms.models.base import Members, Model

ID_PATTERN = r"^[\x21-\x7e]{1,255}$"


class Command(Model):
    """An operation to run.

    Attributes:
        operation: resource and method, such as `recordings.start`.
        arguments: path and query parameters by name, and `body`.
        id: 1 to 255 visible ASCII characters. Commands with the same ID run once.
    """

    operation: str
    arguments: Members[Any] | None = None
    id: Annotated[str, Field(pattern=ID_PATTERN)] | None = None
