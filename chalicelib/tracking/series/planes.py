"""Numbers of 8 bytes as planes: all lowest bytes, then all second-lowest bytes, and so on.

Neighbours are alike in the same bytes, so planes deflate better than numbers.
"""


def split(words: bytes) -> bytes:
    """The planes of numbers."""
    return b"".join(words[plane::8] for plane in range(8))


def joined(planes: bytes) -> bytes:
    """The numbers that `split` was given."""
    count = len(planes) // 8
    words = bytearray(len(planes))
    for plane in range(8):
        words[plane::8] = planes[plane * count : (plane + 1) * count]
    return bytes(words)
