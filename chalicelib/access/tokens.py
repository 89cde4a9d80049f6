"""What a token looks like: `cml_p_…`, recognized without asking the store.

    cml_ kind _ id secret check     kind  p, a person's, or s, a service's
                                    id    22 characters of base 62, 128 bits; the key under which it is stored
                                    secret 43 characters, 256 bits
                                    check  6 characters, the CRC-32 of everything before

So secret scanners find leaked tokens, and a mistyped one costs no read. Only its SHA-256 is stored: a token is random,
so no slower hash is needed.
"""

import base64
import binascii
import hashlib
import re
import secrets
import zlib
from typing import NamedTuple

PERSON = "person"
SERVICE = "service"

_LETTERS = {PERSON: "p", SERVICE: "s"}
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID = 22
_SECRET = 43
_CHECK = 6
_TOKEN = re.compile(rf"cml_[ps]_(?P<id>[0-9A-Za-z]{{{_ID}}})[0-9A-Za-z]{{{_SECRET}}}(?P<check>[0-9A-Za-z]{{{_CHECK}}})")
_BASIC_USER = b"token:"


class NewToken(NamedTuple):
    """`text` is shown once and never stored."""

    text: str
    token_id: str
    digest: str


def new(kind: str) -> NewToken:
    """A token for a person or a service, from the system's randomness."""
    token_id = _random(_ID)
    begun = f"cml_{_LETTERS[kind]}_{token_id}{_random(_SECRET)}"
    text = begun + _check(begun)
    return NewToken(text, token_id, digest(text))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def id_of(text: str) -> str | None:
    """The id in a token's text; None if it cannot be one of our tokens."""
    found = _TOKEN.fullmatch(text)
    return found["id"] if found and found["check"] == _check(text[:-_CHECK]) else None


def in_header(authorization: str) -> str | None:
    """The token in an Authorization header: `Bearer …`, or Basic with the user `token` and the token as password."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return credentials
    return _in_basic(credentials) if scheme.lower() == "basic" else None


def _in_basic(credentials: str) -> str | None:
    try:
        decoded = base64.b64decode(credentials, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not decoded.startswith(_BASIC_USER):
        return None
    return decoded.removeprefix(_BASIC_USER).decode("latin-1")


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _check(text: str) -> str:
    number = zlib.crc32(text.encode())
    found = ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        found = _ALPHABET[digit] + found
    return found
