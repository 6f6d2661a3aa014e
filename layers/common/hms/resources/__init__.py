"""The REST API by section: one class a section, one method an operation."""

import requests  # noqa: F401, near the bottom of the stack: docs/decisions/imports-near-the-bottom-of-the-stack.md
