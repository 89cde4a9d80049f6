"""The files of the dashboard, once it is built."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parents[2] / "client" / "dashboard"
BUILT = FOLDER / "dist"
INDEX = "index.html"
# Not as the machine's own table has it, where a script may be text.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


class File(NamedTuple):
    """A file as a server sends it; `path` is below the site's root."""

    path: str
    kind: str
    content: bytes


def files(folder: Path = BUILT) -> Iterator[File]:
    """All files; none if the dashboard is not built."""
    for place in sorted(folder.rglob("*")):
        if place.is_file():
            kind = _TYPES.get(place.suffix) or mimetypes.guess_type(place.name)[0] or "application/octet-stream"
            yield File(place.relative_to(folder).as_posix(), kind, place.read_bytes())
