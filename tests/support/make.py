"""Runs the Makefile's commands with the tools of these tests."""

import sys
from pathlib import Path

TOOLS = Path(sys.executable).parent


def make_flags(tools: Path = TOOLS) -> str:
    """Return `MAKEFLAGS` that prevent installations and use the tools in the folder."""
    return f"-o .venv/.installed -- BIN={tools}"
