"""Comparisons in the helper module are shown as those in tests are."""

import pytest

pytest.register_assert_rewrite("tests.clients.cases")
