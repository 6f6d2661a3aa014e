"""The Makefile's commands, run with the tools of these tests."""

import sys
from pathlib import Path

TOOLS = Path(sys.executable).parent


def make_flags(tools: Path = TOOLS) -> str:
    """`MAKEFLAGS` with which nothing is installed, and commands take their tools from the folder."""
    return f"-o .venv/.installed -- BIN={tools}"
