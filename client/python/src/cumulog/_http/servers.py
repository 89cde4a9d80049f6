"""Which server is meant: a URL that was given, or that of MLFLOW_TRACKING_URI."""

import os

from cumulog._http.credentials import parted
from cumulog._http.errors import CumulogError

VARIABLE = "MLFLOW_TRACKING_URI"


def flaw(url: str) -> str:
    """Why a text is no URL of a server, as a sentence; empty if it is one.

    A path or a database, as MLflow takes them, is none.
    """
    scheme, colon, _ = url.partition("://")
    if colon and scheme.lower() in ("http", "https"):
        host, port = _host_and_port(parted(url)[0].partition("://")[2].partition("/")[0])
        if host and (not port or _is_port(port[1:])):
            return ""
    shown = parted(url)[0] if "@" in url else url
    return f"'{shown[:200]}' is no URL of a server, which begins with https://.{_meant(url)}"


def named() -> str:
    """What MLFLOW_TRACKING_URI says, be it a URL or not."""
    return os.environ.get(VARIABLE, "").strip()


def required(url: str = "") -> str:
    """The URL that is given, or without one that of the environment. Raises CumulogError if it names no server."""
    url = url.strip() or named()
    why = flaw(url) if url else "No server is set."
    if why:
        raise CumulogError(f"{why} Set {VARIABLE} to the URL of the server, https://…")
    return url


def _host_and_port(place: str) -> tuple[str, str]:
    """The host of a URL, and its port with the colon before it. An address in brackets has colons of its own."""
    host, bracket, rest = place.rpartition("]")
    name, colon, port = rest.partition(":")
    whole = f"{host}{bracket}{name}"
    return whole if whole.isprintable() and " " not in whole else "", colon + port


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:6]) < 1 << 16


def _meant(url: str) -> str:
    """A question, where only the scheme is missing."""
    _, port = _host_and_port(url.partition("/")[0])
    return f" Did you mean http://{url[:200]}?" if "@" not in url and _is_port(port[1:]) else ""
