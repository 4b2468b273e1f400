"""Files of several JSON messages: arrays and lines, each part in the bytes that came."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftc.streams.json_many import split_json


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        (b'[{"a":[1, 2]} , 5,\n {"b":2}]', [b'{"a":[1, 2]}', b"5", b'{"b":2}']),
        (b'\xef\xbb\xbf [{"a":1}]\n', [b'{"a":1}']),
        (b'{"a":1}\n{"b":2}\n', [b'{"a":1}', b'{"b":2}']),
        (b'{"a":1}\r\n\r\n{"b":2}', [b'{"a":1}', b'{"b":2}']),
        (b'{"a":1}\n{"b":\n{"c":3}', [b'{"a":1}', b'{"b":', b'{"c":3}']),
        (b'{"a\n{"b":2}\n{"c":3}', [b'{"a', b'{"b":2}', b'{"c":3}']),
        (b'{"a":"\xff"}\n{"b":2}', [b'{"a":"\xff"}', b'{"b":2}']),
    ],
)
def test_arrays_and_lines_are_taken_apart(raw: bytes, parts: list[bytes]) -> None:
    """Elements and lines keep their own bytes; a broken line is a part like the others."""
    assert split_json(raw) == parts


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b'{"a":1}\n',
        b'{\n "a": 1,\n "b": {}\n}\n',
        b'{"a":\n{"b":1}\n}',
        b'{"a":{"b":1}\n',
        b"[]",
        b"[1, 2]",
        b'[{"a":1}',
        b'[{"a":1},]',
        b"[" * 100_000,
        b'{"a":' * 100_000 + b"\n{",
        b"\n\n{",
        b"5\n6",
    ],
)
def test_one_message_is_left_alone(raw: bytes) -> None:
    """One object on however many lines, arrays of no object, broken arrays and deep nesting stay whole."""
    assert split_json(raw) is None


OBJECTS = st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=5)), min_size=2, max_size=6)


@given(objects=OBJECTS, indent=st.none() | st.integers(0, 2))
def test_parts_are_the_elements(objects: list[dict[str, object]], indent: int | None) -> None:
    """However an array is laid out, and line by line, the parts decode to what was written; one object never splits."""
    parts = split_json(json.dumps(objects, indent=indent).encode())
    lines = split_json("\n".join(map(json.dumps, objects)).encode())
    assert parts is not None
    assert lines is not None
    assert [json.loads(part) for part in parts] == [json.loads(part) for part in lines] == objects
    assert split_json(json.dumps({"all": objects}, indent=indent).encode()) is None
