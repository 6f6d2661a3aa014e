"""Makes pytest show the details of failed comparisons in the helper module."""

import pytest

pytest.register_assert_rewrite("tests.clients.cases")
