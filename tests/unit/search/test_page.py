import base64
import hashlib
import hmac
import json
import math
import string
import struct
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.errors import InvalidParameterValue
from chalicelib.search.field import Kind
from chalicelib.search.order import Position
from chalicelib.search.page import mint, of_this_process, question_digest, redeem

KINDS = [Kind.FLOAT, Kind.TEXT, Kind.INTEGER, Kind.INTEGER_TEXT]
DIGEST = question_digest("runs", "scope", "", [])
ALPHABET = string.ascii_letters + string.digits + "-_"


def secret() -> bytes:
    return b"s" * 32


def another_secret() -> bytes:
    return b"t" * 32


def encoded(payload: bytes) -> str:
    return base64.urlsafe_b64encode(payload).decode().rstrip("=")


def authenticated(payload: bytes) -> str:
    """A token that holds what nobody would mint, by somebody who has the secret."""
    return encoded(hmac.new(secret(), payload, hashlib.sha256).digest()[:16] + payload)


def holding(content: object) -> str:
    return authenticated(json.dumps(content).encode())


def minted(position: Position = (0.5, "x", 7, None)) -> str:
    return mint(DIGEST, position, secret)


def redeemed(token: str) -> Position:
    return redeem(token, DIGEST, KINDS, secret)


def is_redeemed(token: str) -> bool:
    try:
        redeemed(token)
    except InvalidParameterValue:
        return False
    return True


def decoded(token: str) -> bytes:
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


GARBAGE = [
    "x",
    "!",
    "é",
    "a b",
    "====",
    "\0",
    base64.b64encode(b'{"offset": 3}').decode(),
    encoded(b"\xff\xfe\x00"),
    encoded(b"[" * 100_000),
    encoded(b"c" * 16),
    encoded(json.dumps({"q": DIGEST, "after": [None] * 4}).encode()),
    encoded(b"c" * 16 + json.dumps({"q": DIGEST, "after": [None] * 4}).encode()),
    authenticated(b""),
    authenticated(b"\xff\xfe\x00"),
    authenticated(b'{"q":' + b"9" * 5000 + b"}"),
    holding(None),
    holding([]),
    holding({}),
    holding({"q": DIGEST}),
    holding({"q": [DIGEST], "after": [None] * 4}),
    holding({"q": DIGEST, "after": {}}),
    holding({"q": DIGEST, "after": [None] * 3}),
    holding({"q": DIGEST, "after": ["", None, None, None]}),
    holding({"q": DIGEST, "after": ["0x1p99999", None, None, None]}),
    holding({"q": DIGEST, "after": [1.5, None, None, None]}),
    holding({"q": DIGEST, "after": [None, 1, None, None]}),
    holding({"q": DIGEST, "after": [None, [], None, None]}),
    holding({"q": DIGEST, "after": [None, None, True, None]}),
    holding({"q": DIGEST, "after": [None, None, 1.0, None]}),
    holding({"q": DIGEST, "after": [None, None, None, "1"]}),
]


@pytest.mark.parametrize("value", [0.0, -0.0, math.nan, math.inf, -math.inf, 0.1, 5e-324, 1.7976931348623157e308])
def test_floats_survive_bit_for_bit(value: float) -> None:
    (found,) = redeem(mint(DIGEST, (value,), secret), DIGEST, [Kind.FLOAT], secret)

    assert isinstance(found, float)
    assert struct.pack(">d", found) == struct.pack(">d", value)


text = st.text(st.characters(codec=None), max_size=20)
values = st.tuples(
    st.none() | st.floats(allow_nan=False), st.none() | text, st.none() | st.integers(), st.none() | st.integers()
)


@given(position=values)
def test_a_position_survives_its_token(position: tuple[float | None, str | None, int | None, int | None]) -> None:
    token = minted(position)

    assert redeemed(token) == position
    assert set(token) <= set(ALPHABET)


@pytest.mark.parametrize("token", GARBAGE)
def test_garbage_is_refused(token: str) -> None:
    with pytest.raises(InvalidParameterValue, match="page_token"):
        redeemed(token)


@given(token=text)
def test_any_text_is_refused(token: str) -> None:
    with pytest.raises(InvalidParameterValue, match="page_token"):
        redeemed(token)


def test_a_token_of_another_question_is_refused() -> None:
    token = mint(question_digest("runs", "other scope", "", []), (0.5, "x", 7, None), secret)

    with pytest.raises(InvalidParameterValue, match="another search"):
        redeemed(token)


@given(position=values, data=st.data())
def test_a_token_with_any_one_character_changed_is_refused(position: Position, data: st.DataObject) -> None:
    token = minted(position)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(ALPHABET + "+/=") | st.characters(codec=None))
    assume(other != token[at])

    with pytest.raises(InvalidParameterValue, match="not made by this server"):
        redeemed(token[:at] + other + token[at + 1 :])


@pytest.mark.parametrize("text", ["", "x", "xy", "xyz"])
def test_another_text_for_the_same_bytes_is_refused(text: str) -> None:
    token = minted((0.5, text, 7, None))
    # The last character of base64 may have bits that stand for nothing.
    twins = [token[:-1] + last for last in ALPHABET if decoded(token[:-1] + last) == decoded(token)]

    assert [twin for twin in twins if is_redeemed(twin)] == [token]
    assert not is_redeemed(token + "=" * (-len(token) % 4 or 4))


@pytest.mark.parametrize("change", [lambda token, at: token[:at], lambda token, at: token[at:]], ids=["head", "tail"])
def test_a_part_of_a_token_is_refused(change: Callable[[str, int], str]) -> None:
    token = minted()
    parts = [change(token, at) for at in range(1, len(token))]

    assert [part for part in parts if is_redeemed(part)] == []


def test_a_token_with_anything_added_is_refused() -> None:
    token = minted()

    assert is_redeemed(token)
    assert not any(is_redeemed(token + character) for character in ALPHABET)


def test_a_token_made_with_another_secret_is_refused() -> None:
    token = mint(DIGEST, (0.5, "x", 7, None), another_secret)

    with pytest.raises(InvalidParameterValue, match="not made by this server"):
        redeemed(token)


def test_one_process_knows_its_own_tokens_again() -> None:
    assert of_this_process() == of_this_process()
    assert len(of_this_process()) == 32


def test_the_parts_of_a_question_do_not_run_together() -> None:
    questions = [("ab", "c"), ("a", "bc"), ("a", ["bc"]), ("a", ["b", "c"]), ("abc",), ("ab", "c", [])]

    assert len({question_digest(*question) for question in questions}) == len(questions)
