"""The functions as Lambda has them: a module loaded from its file, and the context it is called with."""

import importlib.util
from types import ModuleType

from tests.http_api import ROOT


def load(folder: str) -> ModuleType:
    """The function's module, anew, in the environment as it is now."""
    spec = importlib.util.spec_from_file_location(f"{folder}_app", ROOT / "functions" / folder / "app.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Context:
    """What of Lambda's context the handlers use."""

    aws_request_id = "8f5cbb0c-3f6c-4b38-9f0c-5c8e4a1d2b3f"

    def __init__(self, milliseconds: int = 29_000) -> None:
        self._milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds
