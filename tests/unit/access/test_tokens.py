"""What a token looks like, and how one is told from anything else."""

import base64
import re

import pytest

from chalicelib.access import tokens

GOOD = tokens.new(tokens.PERSON)


def test_a_token_is_of_its_kind_and_found_by_a_pattern():
    assert re.fullmatch(r"cml_p_[0-9A-Za-z]{71}", GOOD.text)
    assert tokens.new(tokens.SERVICE).text.startswith("cml_s_")


def test_a_token_carries_its_id_and_is_not_made_twice():
    several = {tokens.new(tokens.PERSON) for _ in range(200)}

    assert len({new.token_id for new in several}) == len({new.digest for new in several}) == 200
    assert all(tokens.id_of(new.text) == new.token_id for new in several)
    assert not any(new.token_id in new.digest for new in several)


@pytest.mark.parametrize("at", range(len(GOOD.text)))
def test_a_token_with_one_wrong_character_is_none(at):
    wrong = "0" if GOOD.text[at] != "0" else "1"

    assert tokens.id_of(GOOD.text[:at] + wrong + GOOD.text[at + 1 :]) is None


# Numbers for names: another process makes another token, and has to find the same tests.
@pytest.mark.parametrize(
    "text", ["", "cml_p_", GOOD.text[:-1], GOOD.text + "0", GOOD.text + "\n", " " + GOOD.text], ids=range(6)
)
def test_a_text_of_another_length_is_none(text):
    assert tokens.id_of(text) is None


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f"Bearer {GOOD.text}", GOOD.text),
        (f"bearer {GOOD.text}", GOOD.text),
        (basic(f"token:{GOOD.text}"), GOOD.text),
        (basic("token:a:b"), "a:b"),
        (basic(f"ada:{GOOD.text}"), None),
        (basic("token"), None),
        (basic("Token:x"), None),
        ("Basic ***", None),
        ("Basic é", None),
        (f"Digest {GOOD.text}", None),
        (GOOD.text, None),
        ("", None),
    ],
    ids=range(12),
)
def test_a_token_is_found_in_two_kinds_of_headers(header, found):
    assert tokens.in_header(header) == found
