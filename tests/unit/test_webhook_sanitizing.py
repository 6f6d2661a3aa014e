"""Text of a webhook is changed only where later services cannot carry it."""

import json
import math
import re
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms_service.webhooks import sanitize_json

PORTABLE = [
    b"{}",
    b'{"a": 1.0, "b" : [1E2,\t-0.5e-7, 0, -0], "c": null}',
    rb'{"a": "\ud83c\udfa5 \uD83C\uDFA5 \\ud83d \\\\ \" NaN 1e400 Infinity"}',
    '{"Zoë": "आदित्य 🎥 \\u0000 \\n"}'.encode(),
    b'{"a": [9223372036854775807, -9223372036854775808, 999999999999999999]}',
    b'{"a": 1e-400}',
]
NO_JSON = [rb'"\ud8"', rb'"\ud8zz"', rb'"\ud83d', b"1.e400", b"01e400", b"+Infinity", b"NaNa", b"'NaN'", b"\xff", b""]
TEXTS = st.text(st.characters(), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize("text", PORTABLE)
def test_supported_text_stays_byte_for_byte(text: bytes) -> None:
    assert sanitize_json(text) == text


@pytest.mark.parametrize(
    ("text", "portable"),
    [
        (rb'{"\ud83d": "a\ud83d1"}', rb'{"\ufffd": "a\ufffd1"}'),
        (rb'"\ud83d\ud83c\udfa5"', rb'"\ufffd\ud83c\udfa5"'),
        (rb'"\udfa5\ud83c"', rb'"\ufffd\ufffd"'),
        (rb'"\\\uD83D\u0041"', rb'"\\\ufffd\u0041"'),
        (b'{"a": NaN, "b": [Infinity,-Infinity]}', b'{"a": null, "b": [null,null]}'),
        (b"[1e400, -1E+400, 1.5e309, 2]", b"[null, null, null, 2]"),
        (b"[" + b"1" * 5_000 + b"]", b"[null]"),
        (b"[9223372036854775808, -9223372036854775809]", b"[9.223372036854776e+18, -9.223372036854776e+18]"),
        (b'{"a": 179769313486231570' + b"0" * 291 + b"}", b'{"a": 1.7976931348623157e+308}'),
        (b"\xef\xbb\xbf{}", b"{}"),
        (rb'{"\uFFFE": "a\uffff \ufffd \\uffff"}', rb'{"\ufffd": "a\ufffd \ufffd \\uffff"}'),
        ('{"\ufffe": "a\uffff \ufffd"}'.encode(), '{"\ufffd": "a\ufffd \ufffd"}'.encode()),
    ],
)
def test_unsupported_characters_are_replaced(text: bytes, portable: bytes) -> None:
    assert sanitize_json(text) == portable


@pytest.mark.parametrize("text", NO_JSON)
def test_what_is_no_json_stays_none(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        json.loads(sanitize_json(text))


@given(VALUES)
def test_whatever_python_reads_as_json_is_strict_json_in_utf_8_afterwards(value: Any) -> None:
    portable = json.loads(sanitize_json(json.dumps(value).encode()), parse_constant=pytest.fail)
    json.dumps(portable, ensure_ascii=False, allow_nan=False).encode()
    assert portable == carried(json.loads(json.dumps(value)))


def carried(value: Any) -> Any:
    """Return the value with unsupported characters replaced."""
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63:
        return float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff\ufffe\uffff]", "\ufffd", value)
    if isinstance(value, list):
        return [carried(item) for item in value]
    if isinstance(value, dict):
        return {carried(name): carried(item) for name, item in value.items()}
    return value


LARGE = [
    rb'"\"' * 340_000,
    b'"' + b"\\" * 1_000_000,
    rb'"\u0041' + rb"\n" * 500_000 + b'"',
    b"[" * 1_000_000,
    b"1" * 1_000_000,
    b'"",' * 340_000,
    b"0," * 500_000,
]


@pytest.mark.parametrize("text", LARGE, ids=lambda text: str(text[:4]))
def test_a_mebibyte_takes_linear_time(text: bytes) -> None:
    started = time.process_time()
    sanitize_json(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", LARGE, ids=lambda text: str(text[:4]))
def test_a_quarter_of_a_mebibyte_takes_little_memory(text: bytes) -> None:
    quarter = text[: len(text) // 4]  # tracemalloc is slow
    tracemalloc.start()
    sanitize_json(quarter)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * 1024 * 1024
