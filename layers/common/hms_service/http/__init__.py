"""HTTP requests and responses of the functions."""

import requests  # noqa: F401, near the bottom of the stack: docs/decisions/imports-near-the-bottom-of-the-stack.md
