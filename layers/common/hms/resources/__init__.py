"""Resources of the REST API: one class per resource, one method per operation."""

import requests  # noqa: F401, imported early: docs/decisions/imports-near-the-bottom-of-the-stack.md
