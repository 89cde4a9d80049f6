"""A record that cumulog did not write is told apart before anything is done with it."""

from typing import Any

import pytest

from cumulog._reproduction.recorded.shape import is_sound


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"git": None, "sources": {"folder": "/a", "left_out": [{"path": "b", "why": "large"}]}},
        {"entry_point": {"script": "a.py", "arguments": ["1"], "module": None}, "environment": {"A": "b"}},
    ],
)
def test_records_of_cumulog_are_sound(document: dict[str, Any]) -> None:
    assert is_sound(document)


@pytest.mark.parametrize(
    "document",
    [
        {"git": "text"},
        {"git": {"commit": 1}},
        {"git": {"root": "a\0b"}},
        {"git": {"left_out": [{"path": "a"}]}},
        {"sources": {"left_out": {"path": "a"}}},
        {"entry_point": {"arguments": "text"}},
        {"entry_point": {"command": [1]}},
        {"python": {"flags": [{}]}},
        {"environment": {"A": None}},
        {"files": {"cumulog/lock": "text"}},
    ],
)
def test_others_are_not(document: dict[str, Any]) -> None:
    assert not is_sound(document)
