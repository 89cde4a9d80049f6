"""Names that people can tell apart by looking, and those that they cannot."""

import sys
import unicodedata

import pytest

from chalicelib.edge import legible

FINE = [
    "Default",
    "wine 2026 (final)",
    "*",
    "/Users/ann@example.org/wine",
    "Ünïcödé",
    "葡萄酒　赤",
    "вино",
    "می‌خواهم",
    "क्‍ष",
    "👩‍🔬",
    "👩🏽‍🚀 model",
    "❤️",
    "‼️ read me",
    "❤️‍🔥",
    "#️⃣1",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "©",
    "؀١٢",
    "x" * 500,
]


@pytest.mark.parametrize("name", FINE)
def test_a_name_that_can_be_seen_has_no_flaw(name: str) -> None:
    assert legible.flaw(name) is None


@pytest.mark.parametrize("name", [" wine", "wine ", "wine\t", "\nwine", "wine\u00a0", "\u3000wine", " ", "wine\u2003"])
def test_a_blank_at_an_end_is_a_flaw(name: str) -> None:
    assert legible.flaw(name) == "it begins or ends with a blank"


UNSEEN = [
    *(
        "\u0000",
        "\n",
        "\r",
        "\x1b",
        "\x7f",
        "\x85",
        "\u2028",
        "\u2029",
        "\u00ad",
        "\u3164",
        "\uffa0",
        "\u115f",
        "\u034f",
    ),
    *(
        "\u200b",
        "\u200c",
        "\u200d",
        "\u200e",
        "\u061c",
        "\u202a",
        "\u202e",
        "\u2066",
        "\u2069",
        "\u2060",
        "\u2064",
        "\ufeff",
    ),
    *(
        "\u00a0",
        "\u2003",
        "\u202f",
        "\u2800",
        "\u180e",
        "\ufe00",
        "\ufe0f",
        "\ufff9",
        "\U000e0041",
        "\U000e0100",
        "\U0001d173",
    ),
]


@pytest.mark.parametrize("character", UNSEEN)
def test_what_cannot_be_seen_within_a_name_is_named(character: str) -> None:
    for name in (f"wi{character}ne", f"ви{character}но"):
        assert f"U+{ord(character):04X}" in str(legible.flaw(name))


@pytest.mark.parametrize("name", ["a\ud800b", "❤\ufe0e", "❤️️", "👩‍", "👩‍x", "x‍👩", "🏴\U000e0067", "می‌a", "क‍ष"])
def test_a_joiner_or_selector_out_of_place_is_a_flaw(name: str) -> None:
    assert legible.flaw(name)


@pytest.mark.slow
def test_no_other_format_or_control_character_passes_between_letters() -> None:
    seen = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}

    passed = {
        point
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point)) in ("Cc", "Cf", "Zl", "Zp") and legible.flaw(f"a{chr(point)}b") is None
    }

    # Arabic and other signs that stand before a number, and can be seen.
    assert passed <= seen
