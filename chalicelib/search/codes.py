"""Texts that sort as their values do: what an index row's key is made of.

    FLOAT     16 hexadecimal digits of the IEEE 754 bits, turned so that they sort; NaN is "n", after all of them
    INTEGER   16 hexadecimal digits, int64 from its smallest number
    TEXT      the text, then END; a long one is cut and ends in CUT

Keys sort by the bytes of UTF-8, which is the order of code points. In a row's key, hexadecimal digits follow the code,
so END and what follows it must sort before every character of a longer text: the two characters that are not greater
than END are each written as two, of which the second is greater than any digit.
"""

import math
import struct

from chalicelib.search.field import Kind, Value

NAN = "n"
_END = "\x01"
_CUT = "\x01}"
_ESCAPES = str.maketrans({"\x00": "\x01~", "\x01": "\x01\x7f"})

# Of a text: even with four bytes each they stay below the 1,024 bytes of a sort key. Longer texts that begin alike are
# equal in the index, and the run itself decides.
MOST_CHARACTERS = 128

# Sorts after every key that begins with a code, as none goes on with this letter.
AFTER = "g"

_SIGN = 1 << 63
_ALL = (1 << 64) - 1
INT64 = range(-_SIGN, _SIGN)


def code(kind: Kind, value: Value) -> str:
    """The code of a value of a field of this kind."""
    if kind is Kind.TEXT:
        return text(str(value))
    if kind is Kind.FLOAT:
        return number(float(value))
    return integer(int(value))


def number(value: float) -> str:
    """0.0 and -0.0 have one code, and all NaNs have one."""
    if math.isnan(value):
        return NAN
    (bits,) = struct.unpack(">Q", struct.pack(">d", value + 0.0))
    return f"{bits ^ (_ALL if bits & _SIGN else _SIGN):016x}"


def integer(value: int) -> str:
    return f"{value + _SIGN:016x}"


def falling(value: int) -> str:
    """The code of an int64 in the opposite order."""
    return f"{_SIGN - 1 - value:016x}"


def from_falling(digits: str) -> int:
    return _SIGN - 1 - int(digits, 16)


def text(value: str) -> str:
    if len(value) > MOST_CHARACTERS:
        return beginning(value) + _CUT
    return beginning(value) + _END


def beginning(value: str) -> str:
    """The common beginning of the codes of all texts that begin with this one."""
    return value[:MOST_CHARACTERS].translate(_ESCAPES)


def is_cut(code_: str) -> bool:
    """Whether other values may have the same code."""
    return code_.endswith(_CUT)


def after_beginning(value: str) -> str | None:
    """The least text after the codes of all texts that begin with this one, or None."""
    start = beginning(value)
    while start:
        last = ord(start[-1])
        if last < 0x10FFFF:
            # No text has surrogates: they cannot be sent as UTF-8.
            return start[:-1] + chr(0xE000 if last == 0xD7FF else last + 1)
        start = start[:-1]
    return None


def value_of(kind: Kind, code_: str) -> Value | None:
    """The value that has this code; None if several have it."""
    if kind is Kind.TEXT:
        return None if is_cut(code_) else _unescaped(code_[: -len(_END)])
    if code_ == NAN:
        return math.nan
    bits = int(code_, 16)
    if kind is not Kind.FLOAT:
        return bits - _SIGN
    (value,) = struct.unpack(">d", struct.pack(">Q", bits ^ (_SIGN if bits & _SIGN else _ALL)))
    return float(value)


def _unescaped(written: str) -> str:
    return written.replace("\x01~", "\x00").replace("\x01\x7f", "\x01")
