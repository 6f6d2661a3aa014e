"""The environment in which Lambda would call the functions, with the local stack for AWS and for 100ms."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.integration.stack import Stack


@contextmanager
def functions_environment(stack: Stack, prefix: str = "/hms") -> Iterator[pytest.MonkeyPatch]:
    """Functions loaded meanwhile find their credentials under the prefix; gives what changes more of it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AWS_", "HMS_", "POWERTOOLS_"))]:
            patch.delenv(name)
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            patch.delenv(name)
        patch.setenv("AWS_ENDPOINT_URL", stack.aws)
        patch.setenv("AWS_REGION", "us-east-1")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("HMS_API_URL", f"{stack.simulator}/v2")
        patch.setenv("HMS_AUTH_URL", f"{stack.simulator}/v2")
        patch.setenv("HMS_PARAMETER_PREFIX", prefix)
        patch.setenv("HMS_ATTENDANCE_TABLE", "AttendanceTable")
        yield patch
