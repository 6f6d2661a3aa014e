"""Commands, as queues, schedules and other functions send them."""

from typing import Annotated, Any

from pydantic import Field

from hms.models.base import Members, Model

ID_PATTERN = r"^[\x21-\x7e]{1,255}$"


class Command(Model):
    """An operation to run.

    Attributes:
        operation: section and method of `hms.resources`, such as `recordings.start`.
        arguments: path and query parameters by name, and `body`.
        id: names the command; all of one id run once. 1 to 255 visible ASCII characters.
    """

    operation: str
    arguments: Members[Any] | None = None
    id: Annotated[str, Field(pattern=ID_PATTERN)] | None = None
