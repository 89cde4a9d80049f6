"""What S3 says of a file that a browser downloads: its name, and a type under which nothing in it runs.

The files are whatever anyone has logged. So a browser saves them instead of showing them, and even if it shows one, it
gets HTML, SVG and any other text as plain text. Nothing else has a type but pictures, sound, video and PDF.
"""

from urllib.parse import quote

_PLAIN = "text/plain; charset=utf-8"
_BINARY = "application/octet-stream"

_SHOWN = {
    "bmp": "image/bmp",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
# Those that MLflow shows as text (mlflow/utils/mime_type_utils.py), and the languages of web pages.
_TEXT = frozenset(
    {
        *("cf", "cfg", "cnf", "conf", "csv", "err", "hocon", "ini", "ipynb", "js", "json", "log", "md", "mlmodel"),
        *("mlproject", "prop", "properties", "py", "py3", "rst", "toml", "tsv", "txt", "xml", "yaml", "yml"),
        *("css", "htm", "html", "jsonl", "mjs", "r", "sh", "sql", "svg", "xhtml"),
    }
)
# RFC 5987, attr-char. Letters and digits are never quoted.
_ATTRIBUTE = "!#$&+-.^_`|~"


def content_type(name: str) -> str:
    """Return the type to send for a file of this name."""
    ending = name.rpartition(".")[2].lower()
    return _PLAIN if ending in _TEXT else _SHOWN.get(ending, _BINARY)


def disposition(name: str) -> str:
    """Return the Content-Disposition that makes a browser save a file under this name (RFC 6266)."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "_" for letter in name)
    quoted = plain.replace("\\", "\\\\").replace('"', '\\"')
    ascii_only = f'attachment; filename="{quoted}"'
    if plain == name:
        return ascii_only
    return f"{ascii_only}; filename*=UTF-8''{quote(name, safe=_ATTRIBUTE)}"
