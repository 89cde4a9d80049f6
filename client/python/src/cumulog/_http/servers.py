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
        place, _, path = parted(url)[0].partition("://")[2].partition("/")
        host, port = _host_and_port(place)
        if _is_host(host) and (not port or _is_port(port[1:])) and path.isascii() and _is_whole(path):
            return ""
    # What stands before an @ may be a password, whatever else is wrong.
    shown = f"…{url[url.rindex('@') :]}" if "@" in url else url
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


def is_private(url: str) -> bool:
    """Whether nobody on the way to a server can read what is sent: by TLS, or as it stays on this machine."""
    scheme, _, rest = url.partition("://")
    name = _host_and_port(rest.partition("/")[0])[0].lower().rstrip(".")
    return scheme.lower() == "https" or name in ("localhost", "[::1]") or name.startswith("127.")


def _host_and_port(place: str) -> tuple[str, str]:
    """The host of a URL, and its port with the colon before it. An address in brackets has colons of its own."""
    host, bracket, rest = place.rpartition("]")
    name, colon, port = rest.partition(":")
    return f"{host}{bracket}{name}", colon + port


def _is_host(text: str) -> bool:
    if text.startswith("["):
        return _is_address(text[1:-1]) and text.endswith("]")
    # As names of hosts have it; a dot may end one.
    return _is_whole(text) and all(0 < len(part) < 64 for part in text.removesuffix(".").split("."))


def _is_address(text: str) -> bool:
    # Most URLs have a name.
    from ipaddress import IPv6Address  # noqa: PLC0415

    try:
        return bool(IPv6Address(text))
    except ValueError:
        return False


def _is_whole(text: str) -> bool:
    """Whether a part of a URL has neither a blank nor what would end it or cannot be printed."""
    return text.isprintable() and not set(" ?#\\") & set(text)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:6]) < 1 << 16


def _meant(url: str) -> str:
    """A question, where only the scheme is missing."""
    _, port = _host_and_port(url.partition("/")[0])
    return f" Did you mean http://{url[:200]}?" if "@" not in url and _is_port(port[1:]) else ""
