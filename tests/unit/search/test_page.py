import base64
import json
import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import InvalidParameterValue
from chalicelib.search.field import Kind
from chalicelib.search.page import mint, question_digest, redeem

KINDS = [Kind.FLOAT, Kind.TEXT, Kind.INTEGER, Kind.INTEGER_TEXT]
DIGEST = question_digest("runs", "scope", "", [])


def encoded(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


GARBAGE = [
    "x",
    "!",
    "é",
    "a b",
    "====",
    "\0",
    base64.b64encode(b'{"offset": 3}').decode(),
    base64.urlsafe_b64encode(b"\xff\xfe\x00").decode(),
    base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    base64.urlsafe_b64encode(b'{"q":' + b"9" * 5000 + b"}").decode(),
    encoded(None),
    encoded([]),
    encoded({}),
    encoded({"q": DIGEST}),
    encoded({"q": [DIGEST], "after": [None] * 4}),
    encoded({"q": DIGEST, "after": {}}),
    encoded({"q": DIGEST, "after": [None] * 3}),
    encoded({"q": DIGEST, "after": ["", None, None, None]}),
    encoded({"q": DIGEST, "after": ["0x1p99999", None, None, None]}),
    encoded({"q": DIGEST, "after": [1.5, None, None, None]}),
    encoded({"q": DIGEST, "after": [None, 1, None, None]}),
    encoded({"q": DIGEST, "after": [None, [], None, None]}),
    encoded({"q": DIGEST, "after": [None, None, True, None]}),
    encoded({"q": DIGEST, "after": [None, None, 1.0, None]}),
    encoded({"q": DIGEST, "after": [None, None, None, "1"]}),
]


@pytest.mark.parametrize("value", [0.0, -0.0, math.nan, math.inf, -math.inf, 0.1, 5e-324, 1.7976931348623157e308])
def test_floats_survive_bit_for_bit(value: float) -> None:
    (found,) = redeem(mint(DIGEST, (value,)), DIGEST, [Kind.FLOAT])

    assert isinstance(found, float)
    assert struct.pack(">d", found) == struct.pack(">d", value)


text = st.text(st.characters(codec=None), max_size=20)
values = st.tuples(
    st.none() | st.floats(allow_nan=False), st.none() | text, st.none() | st.integers(), st.none() | st.integers()
)


@given(position=values)
@settings(deadline=None)
def test_a_position_survives_its_token(position: tuple[float | None, str | None, int | None, int | None]) -> None:
    token = mint(DIGEST, position)

    assert redeem(token, DIGEST, KINDS) == position
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize("token", GARBAGE)
def test_garbage_is_refused(token: str) -> None:
    with pytest.raises(InvalidParameterValue, match="page_token"):
        redeem(token, DIGEST, KINDS)


@given(token=text)
@settings(deadline=None)
def test_any_text_is_refused(token: str) -> None:
    with pytest.raises(InvalidParameterValue, match="page_token"):
        redeem(token, DIGEST, KINDS)


def test_a_token_of_another_question_is_refused() -> None:
    token = mint(question_digest("runs", "other scope", "", []), (1.0,))

    with pytest.raises(InvalidParameterValue, match="another search"):
        redeem(token, DIGEST, [Kind.FLOAT])


def test_the_parts_of_a_question_do_not_run_together() -> None:
    questions = [("ab", "c"), ("a", "bc"), ("a", ["bc"]), ("a", ["b", "c"]), ("abc",), ("ab", "c", [])]

    assert len({question_digest(*question) for question in questions}) == len(questions)
