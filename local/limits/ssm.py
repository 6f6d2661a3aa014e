"""SSM's limits on parameter names, parameter values and the rate of reads."""

import re
import time
from threading import Lock
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID

from local.limits.errors import AwsLimitError
from local.limits.table import PARAMETER_LEVELS, PARAMETER_NAME, PARAMETER_VALUE

FORBIDDEN_CHARACTERS = re.compile(r"[^a-zA-Z0-9_.\-/]")
READS = frozenset({"GetParameter", "GetParameters"})


def check(operation: str, request: dict[str, Any], region: str) -> None:
    """Raise AwsLimitError if AWS rejects the call. moto checks the number of names in GetParameters."""
    if operation == "PutParameter":
        _check_name(request.get("Name", ""), region)
        _check_value(request.get("Value", ""), request.get("Tier", "Standard"))


def _check_name(name: str, region: str) -> None:
    if FORBIDDEN_CHARACTERS.search(name):
        text = "Parameter name: can only include the following letters and symbols a-zA-Z0-9_.-/"
        raise AwsLimitError("ValidationException", text)
    arn = f"arn:aws:ssm:{region}:{DEFAULT_ACCOUNT_ID}:parameter/{name.removeprefix('/')}"
    if len(arn) > PARAMETER_NAME.value:
        text = f"Parameter name must be at most {PARAMETER_NAME.value} characters long, its ARN included."
        raise AwsLimitError("ValidationException", text)
    if name.strip("/").count("/") >= PARAMETER_LEVELS.value:
        text = f"Parameter hierarchies are limited to a maximum depth of {PARAMETER_LEVELS.value} levels."
        raise AwsLimitError("HierarchyLevelLimitExceededException", text)


def _check_value(value: str, tier: str) -> None:
    if tier == "Standard" and len(value) > PARAMETER_VALUE.value:
        text = f"Standard tier parameters support a maximum parameter value of {PARAMETER_VALUE.value} characters."
        raise AwsLimitError("ValidationException", text)


class ReadRateLimiter:
    """Limits the rate of parameter reads with a token bucket that holds one second of calls.

    Args:
        calls_per_second: allowed rate.
    """

    def __init__(self, calls_per_second: int) -> None:
        self._rate = calls_per_second
        self._tokens = float(calls_per_second)
        self._refilled_at = time.monotonic()
        self._lock = Lock()

    def check(self, operation: str) -> None:
        """Count the call. Raises AwsLimitError if the call exceeds the rate."""
        if operation not in READS:
            return
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self._rate, self._tokens + (now - self._refilled_at) * self._rate)
            self._refilled_at = now
            if self._tokens < 1:
                raise AwsLimitError("ThrottlingException", "Rate exceeded")
            self._tokens -= 1
