"""The files of the dashboard, once it is built."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path, PurePath
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
    """All files that are served; none if the dashboard is not built."""
    for place in sorted(folder.rglob("*")):
        if place.is_file() and not place.name.startswith("."):
            path = place.relative_to(folder).as_posix()
            yield File(path, kind_of(path), place.read_bytes())


def kind_of(path: str) -> str:
    """The content type of a file."""
    return _TYPES.get(PurePath(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
