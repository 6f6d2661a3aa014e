"""Types of query parameters, which are parsed from text."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core.core_schema import ValidationInfo

from hms.models.base import LENIENT, Model

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")

TRUE, FALSE = {"1", "t", "T", "TRUE", "true", "True"}, {"0", "f", "F", "FALSE", "false", "False"}
"""Spellings of booleans that 100ms accepts: https://pkg.go.dev/strconv#ParseBool"""

MAX_DIGITS = 19
"""Maximum number of digits of a 64-bit integer. Python cannot parse more than 4,300 digits."""


def _parse_integer(value: Any) -> Any:
    if isinstance(value, str):
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > MAX_DIGITS:
            raise ValueError("must be a whole number")
        return int(value)
    return value


def _parse_flag(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, str):
        is_lenient = bool(info.context and info.context[LENIENT])
        if value not in (TRUE | FALSE if is_lenient else {"true", "false"}):
            raise ValueError("must be true or false")
        return value in TRUE
    return value


def _check_instant(value: str) -> str:
    try:
        if RFC_3339.fullmatch(value):
            datetime.fromisoformat(value)
            return value
    except ValueError:
        pass
    raise ValueError("must be a date and time like 2026-01-31T12:00:00.000Z")


Integer = Annotated[int, BeforeValidator(_parse_integer)]
Flag = Annotated[bool, BeforeValidator(_parse_flag)]
Instant = Annotated[str, AfterValidator(_check_instant), Field(json_schema_extra={"format": "date-time"})]
Limit = Annotated[Integer, Field(ge=10, le=100)]


class PageQuery(Model):
    """Page of a list: https://www.100ms.live/docs/server-side/v2/how-to-guides/make-api-calls

    Attributes:
        limit: items per page, 10 to 100; 100ms's default is 10.
        start: cursor of the page: `last` of the previous page.
    """

    limit: Limit | None = None
    start: str | None = None
