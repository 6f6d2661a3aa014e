"""Validate requests against the documentation of 100ms."""

import sys
from collections.abc import Iterable
from threading import Thread
from typing import TYPE_CHECKING

from hms.errors import BadRequestError
from hms.http.stats import UpstreamStats
from hms.operation import Operation
from hms.problem import UNKNOWN, Problem
from hms.settings import Validation
from hms.strict_json import JSON_TYPES
from hms.types import Body, RawJson, dump

if TYPE_CHECKING:
    from pydantic import BaseModel

Pairs = list[tuple[str, str]]


class Validator:
    """Validates requests with the models of their operations.

    Args:
        mode: how to handle invalid requests.
    """

    def __init__(self, mode: Validation) -> None:
        self._mode = mode
        self._import: Thread | None = None

    def check(self, operation: Operation, pairs: Pairs, body: Body | None, stats: UpstreamStats) -> None:
        """Validate a request with the models of its operation.

        With `observe`, problems are added to `stats.warnings`. The first request starts a thread that loads the models.
        Requests that arrive before it ends are not validated, and `stats.validation` is `skipped`.

        Raises:
            BadRequestError: The mode is `reject` and the request is invalid.
        """
        if self._mode is Validation.REJECT:
            for place, problems in _find_problems(operation, pairs, body, lenient=False):
                if problems:
                    raise BadRequestError(f"Invalid {place}", details=[problem.text for problem in problems])
        elif self._mode is Validation.OBSERVE:
            try:
                self._observe(operation, pairs, body, stats)
            except Exception:  # noqa: BLE001, an error in the validation must not fail the request
                stats.validation = "failed"

    def _observe(self, operation: Operation, pairs: Pairs, body: Body | None, stats: UpstreamStats) -> None:
        if not operation.query:
            names = dict(pairs)
            stats.add_warnings(Problem("query", (name,), UNKNOWN, f"{name}: unknown field", ("*",)) for name in names)
        if not _has_models(operation, pairs, body):
            return
        if self._is_loading(operation):
            stats.validation = "skipped"
            return
        for _, problems in _find_problems(operation, pairs, body, lenient=True):
            stats.add_warnings(problems)

    def _is_loading(self, operation: Operation) -> bool:
        """Return whether the models are still loading. The first call starts to load them."""
        if self._import is None and "hms.models.base" not in sys.modules:
            self._import = Thread(target=_load_models, args=(operation,), name="load-models", daemon=True)
            self._import.start()
        return self._import is not None and self._import.is_alive()


def _has_models(operation: Operation, pairs: Pairs, body: Body | None) -> bool:
    return bool(
        (operation.query and (pairs or operation.query_required))
        or (operation.body and (body is not None or operation.body_required))
    )


def _load_models(operation: Operation) -> None:
    for model in (operation.query, operation.body):
        if model:
            model()


def _find_problems(
    operation: Operation, pairs: Pairs, body: Body | None, *, lenient: bool
) -> Iterable[tuple[str, list[Problem]]]:
    """Yield the problems of the query and of the body. A model is imported only if its part is present."""
    if operation.query and (pairs or operation.query_required):
        yield "query", _compare(operation.query(), _by_name(pairs), "query", lenient)
    if operation.body and body is None and operation.body_required:
        text = f"body: must be a JSON {JSON_TYPES[operation.body_type]}"
        yield "body", [Problem("body", (), "required", text)]
    if operation.body and body is not None:
        value = body.value if isinstance(body, RawJson) else dump(body)
        yield "body", _compare(operation.body(), value, "body", lenient)


def _compare(model: "type[BaseModel]", value: object, place: str, lenient: bool) -> list[Problem]:
    from hms.models.base import find_problems

    return find_problems(model, value, place, closed=lenient, lenient=lenient)


def _by_name(pairs: Pairs) -> dict[str, str | list[str]]:
    """Return the query in the form that its models expect: a repeated name has a list."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: texts[0] if len(texts) == 1 else texts for name, texts in values.items()}
