import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.edge import strict_json
from chalicelib.errors import InvalidParameterValue
from tests.sampling import examples

REFUSED = [
    pytest.param(b"{", id="unfinished"),
    pytest.param(b"{'a': 1}", id="single quotes"),
    pytest.param(b'{"a": 1,}', id="trailing comma"),
    pytest.param(b"{} {}", id="two values"),
    pytest.param(b'{"a": NaN}', id="NaN"),
    pytest.param(b'{"a": [Infinity]}', id="Infinity"),
    pytest.param(b"-Infinity", id="-Infinity"),
    pytest.param(b'{"a": 1, "b": 2, "a": 1}', id="a name twice"),
    pytest.param(b'{"a": {"b": 1, "b": 2}}', id="a name twice, inside"),
    pytest.param(b'{"a": "\xff"}', id="no UTF-8"),
    pytest.param(b'{"a": "\xed\xa0\x80"}', id="a surrogate in UTF-8"),
    pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
    pytest.param('{"a": 1}'.encode("utf-16"), id="UTF-16"),
    pytest.param(rb'{"a": "\ud800"}', id="half a surrogate pair"),
    pytest.param(rb'{"\uDFFF": 1}', id="half a surrogate pair in a name"),
    pytest.param(b"9" * 5000, id="an integer of 5000 digits"),
    pytest.param(b"[" * 101 + b"]" * 101, id="101 levels"),
    pytest.param(b"[" * 100_000, id="100,000 levels, unfinished"),
    pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="100,000 levels of objects"),
    pytest.param(rb'["\\", ' + b"[" * 100 + b"]" * 101, id="101 levels after an escaped backslash"),
]

NO_OBJECT = [b"[]", b"1", b"true", b'"text"', b'""', b'"[]"', rb'"\"{}\""']


@pytest.mark.parametrize("raw", REFUSED)
def test_what_is_not_exactly_one_value_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidParameterValue):
        strict_json.parse(raw)


def test_brackets_inside_strings_are_no_levels() -> None:
    text = '["' + "[" * 1000 + '", "\\\\", "\\"' + "{" * 1000 + '"]'

    assert strict_json.parse(text.encode()) == json.loads(text)


def test_100_levels_are_allowed() -> None:
    raw = b"[" * 100 + b"]" * 100

    assert strict_json.parse(raw) == json.loads(raw)


def test_many_shallow_values_are_no_depth() -> None:
    raw = b"[" + b"[],{}," * 1000 + b"[]]"

    assert len(strict_json.parse(raw)) == 2001


def test_a_whole_surrogate_pair_is_one_character() -> None:
    assert strict_json.parse(rb'"\ud83d\ude00 \\ud800"') == "😀 \\ud800"


def test_null_fields_are_unset_at_any_depth() -> None:
    raw = b'{"a": null, "b": [null, {"c": null, "d": 0}], "e": {"f": null}}'

    assert strict_json.parse_object(raw) == {"b": [None, {"d": 0}], "e": {}}


def test_nulls_are_kept_outside_of_requests() -> None:
    assert strict_json.parse(b'{"a": null}') == {"a": None}


@pytest.mark.parametrize("raw", [b"", b" \n", b"null", b"{}", b'"{}"'])
def test_these_bodies_have_no_fields(raw: bytes) -> None:
    assert strict_json.parse_object(raw) == {}


def test_json_in_a_json_string_is_unwrapped() -> None:
    raw = json.dumps(json.dumps({"name": "é\n"})).encode()

    assert strict_json.parse_object(raw) == {"name": "é\n"}


@pytest.mark.parametrize("raw", NO_OBJECT)
def test_a_body_that_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidParameterValue):
        strict_json.parse_object(raw)


@settings(deadline=None, max_examples=examples(300))
@given(st.binary() | st.text('"\\[]{}:,0123456789eE.-u dDfF').map(str.encode))
def test_any_bytes_are_an_object_or_refused(raw: bytes) -> None:
    try:
        fields = strict_json.parse_object(raw)
    except InvalidParameterValue:
        return

    json.dumps(fields, ensure_ascii=False).encode()


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(60))
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_python_writes_is_read_back(value: object) -> None:
    for ascii_only in (True, False):
        assert strict_json.parse(json.dumps(value, ensure_ascii=ascii_only).encode()) == value
