"""Names of experiments: what the server would refuse each time is refused where it is chosen."""

_LONGEST = 500


def flaw(name: str) -> str:
    """Why no experiment can get this name; empty if one can. The server refuses some more, of which it says so."""
    if not name.strip() or name != name.strip():
        return "it is empty, or begins or ends with a blank"
    if len(name) > _LONGEST:
        return f"it has more than {_LONGEST} characters"
    if any(character.isascii() and not character.isprintable() for character in name):
        return "it contains a control character"
    if any("\ud800" <= character <= "\udfff" for character in name):
        return "it contains half a character, as of a file name in another encoding"
    return ""
