"""HTTP in and out of a function."""

import requests  # noqa: F401, near the bottom of the stack: docs/decisions/imports-near-the-bottom-of-the-stack.md
