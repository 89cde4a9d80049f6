"""Which server is meant: a URL that was given, or that of MLFLOW_TRACKING_URI."""

import os

from cumulog._http.credentials import parted
from cumulog._http.errors import CumulogError

VARIABLE = "MLFLOW_TRACKING_URI"


def flaw(url: str) -> str:
    """Why a text is no URL of a server; empty if it is one. A path or a database, as MLflow takes them, is none."""
    scheme, colon, rest = url.partition("://")
    if colon and scheme.lower() in ("http", "https") and rest.partition("/")[0]:
        return ""
    shown = parted(url)[0] if "@" in url else url
    return f"'{shown[:200]}' is no URL of a server, which begins with https://"


def named() -> str:
    """What MLFLOW_TRACKING_URI says, be it a URL or not."""
    return os.environ.get(VARIABLE, "")


def required(url: str = "") -> str:
    """The URL that is given, or without one that of the environment. Raises CumulogError if it names no server."""
    url = url or named()
    why = flaw(url) if url else "No server is set"
    if why:
        raise CumulogError(f"{why}. Set {VARIABLE} to the URL of the server, https://…")
    return url
