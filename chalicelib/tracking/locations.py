"""What a storage URI is to this server. Its text alone decides: nothing is opened.

    ours        mlflow-artifacts:/<path>                  files that we list, serve and sign URLs for
                s3://<our bucket>/<path>
    external    s3://<another bucket>/…, gs://…, dbfs:/…  storage that is not ours: the text is kept as it came, and
                                                          what it names is never opened, listed or served
    refused     a path, file:, http(s):, runs:, models:   a client's own disk, a server, what is no storage
                S3://<our bucket>, s3://key@<our bucket>  what could be ours in another spelling

One rule for experiments and for model versions (infra/decisions/0016-storage-that-is-not-ours.md). Both have limits on
the length of a URI.
"""

import re
from typing import NamedTuple

from chalicelib.edge.encoded import innermost
from chalicelib.storage import bucket

# Under this scheme MLflow's clients transfer artifacts through the server.
PROXIED = "mlflow-artifacts:/"

OURS = "ours"
EXTERNAL = "external"
REFUSED = "refused"

# One letter before a colon is a drive of Windows.
_URI = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]+):(?P<rest>/.*)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SERVERS = frozenset({"http", "https", "ws", "wss", "ftp", "sftp", "gopher"})
_NO_STORAGE = frozenset({"runs", "models", "javascript", "vbscript", "data", "blob", "about"})
# Schemes whose clients speak S3's protocol, so that the name of our bucket means our bucket.
_LIKE_S3 = frozenset({"s3", "s3a", "s3n", "r2", "b2"})
# The bucket's name as part of a host name of S3.
_S3_HOST = re.compile(r"\.s3[.\-].*", re.DOTALL)

_LOCAL = "It is a path on one machine's own disk, where nobody else can read it."
_ANOTHER_SPELLING = "It could mean this server's own storage in another spelling."


class Location(NamedTuple):
    """What a URI is: OURS with its `path` below the root of the bucket, EXTERNAL, or REFUSED with a sentence `why`."""

    kind: str
    path: str = ""
    why: str = ""


def locate(uri: str) -> Location:
    """Return what a storage URI is to this server."""
    if _CONTROL.search(uri) or uri != uri.strip():
        return _refused("It contains control characters, or begins or ends with a blank.")
    found = _URI.fullmatch(uri)
    if found is None:
        return _refused(_LOCAL if _is_path(uri) else "It is no URI of a storage.")
    return _named(uri, found["scheme"], found["rest"])


def root_of(uri: str) -> str:
    """Return the root of our storage under the scheme of a URI that is ours; it ends in a slash."""
    return PROXIED if uri.startswith(PROXIED) else f"s3://{bucket.name()}/"


def _named(uri: str, scheme: str, rest: str) -> Location:
    if uri.startswith(PROXIED):
        return _proxied(rest)
    ours = f"//{bucket.name()}"
    if scheme == "s3" and (rest == ours or rest.startswith(f"{ours}/")):
        return _ours(rest.removeprefix(ours))
    why = _why_not(scheme.lower(), rest)
    return _refused(why) if why else Location(EXTERNAL)


def _proxied(rest: str) -> Location:
    if rest.startswith("//") and not rest.startswith("///"):
        return _refused("It names another host than this server.")
    return _ours(rest)


def _ours(rest: str) -> Location:
    # MLflow's client drops what follows these, and so would open another folder than the one that we check.
    if "?" in rest or "#" in rest:
        return _refused(_ANOTHER_SPELLING)
    return Location(OURS, path=rest.strip("/"))


def _why_not(scheme: str, rest: str) -> str:
    """Say why a URI with this scheme is refused; "" if it is external. The scheme is in lower case."""
    if scheme == "file":
        return _LOCAL
    if scheme in _SERVERS:
        return "It names a server, not a storage."
    if scheme in _NO_STORAGE:
        return f"{scheme}: names no storage."
    if scheme == "mlflow-artifacts" or (scheme in _LIKE_S3 and _mentions_our_bucket(rest)):
        return _ANOTHER_SPELLING
    if scheme in _LIKE_S3 and not rest.startswith("//"):
        return "It names no bucket."
    return ""


def _mentions_our_bucket(rest: str) -> bool:
    """Whether the part of a URI that names a bucket holds our bucket's name, beside credentials, a port or a host."""
    authority = re.split(r"[/?#\\]", innermost(rest).lstrip("/"), maxsplit=1)[0].lower()
    names = {_S3_HOST.sub("", name).rstrip(".") for name in re.split("[@:]", authority)}
    return bucket.name().lower() in names


def _is_path(text: str) -> bool:
    scheme, colon, _ = text.partition(":")
    return not colon or len(scheme) < 2 or "/" in scheme or "\\" in scheme or scheme.lower() == "file"


def _refused(why: str) -> Location:
    return Location(REFUSED, why=why)
