"""Whether people can tell a name from every other by looking at it. Standard library only.

Refused are blanks at the ends, blanks that look like another blank, control characters, and whatever Unicode calls a
format character or default-ignorable (https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point): it has no
width, or turns the direction of the text. Allowed are those that a word or an emoji needs in its place: the joiners of
Arabic and Indic scripts by the rule for domain names (RFC 5892, appendix A), and those within an emoji.
"""

import re
import unicodedata

_REFUSED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Default-ignorable in spite of their category: fillers and selectors; and a Braille pattern without dots.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
# Format characters that are seen: Arabic and other signs that stand before a number.
_SEEN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
_BLANK, _WIDE_BLANK = " ", "\u3000"
_NON_JOINER, _JOINER, _AS_EMOJI, _KEYCAP = "\u200c", "\u200d", "\ufe0f", "\u20e3"
# A flag of a region: a black flag, the region in tags, and the tag that ends it.
_REGION_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e007a]{2,6}\U000e007f")
_VIRAMA = 9


def flaw(name: str) -> str | None:
    """What is wrong with a name, as the end of a message; None if nothing is."""
    if name != name.strip():
        return "it begins or ends with a blank"
    text = _REGION_FLAG.sub("\U0001f3f4", name)
    for at, character in enumerate(text):
        if _is_unseen(character) and not _is_needed(text, at):
            return f"it contains U+{ord(character):04X}, which cannot be seen or looks like something else"
    return None


def _is_unseen(character: str) -> bool:
    if character.isascii():
        return not character.isprintable()
    category = unicodedata.category(character)
    if category == "Zs":
        return character not in (_BLANK, _WIDE_BLANK)
    return bool((category in _REFUSED and not _SEEN.match(character)) or _UNSEEN.match(character))


def _is_needed(text: str, at: int) -> bool:
    """Whether a word or an emoji needs this character where it is; names have no blank at their ends."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] == _AS_EMOJI:
        return after == _KEYCAP or (not before.isascii() and unicodedata.category(before)[0] in "SP")
    if text[at] == _JOINER and after and _is_picture(after):
        return _is_picture(before) or before == _AS_EMOJI
    if text[at] in (_JOINER, _NON_JOINER) and before and after:
        return unicodedata.combining(before) == _VIRAMA or (_is_arabic(before) and _is_arabic(after))
    return False


def _is_picture(character: str) -> bool:
    """Whether this may be part of an emoji: a symbol, or the modifier of a skin's colour."""
    return bool(character) and not character.isascii() and unicodedata.category(character) in ("So", "Sm", "Sk")


def _is_arabic(character: str) -> bool:
    """Whether this is a letter that changes its form with its neighbours, or a mark on one."""
    return unicodedata.bidirectional(character) in ("AL", "NSM")
