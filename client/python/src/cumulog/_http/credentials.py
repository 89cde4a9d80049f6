"""Who calls, as a header. Credentials are taken from where MLflow's client takes them; the first of these wins:

1. a user and a password in the server's URL;
2. MLFLOW_TRACKING_USERNAME with MLFLOW_TRACKING_PASSWORD;
3. MLFLOW_TRACKING_TOKEN;
4. what `cumulog login` has kept for this server (`stored.py`), which only whoever sends looks up.

Those in a URL are kept here, in memory, by the URL without them. Everything else sees only that URL: journals, messages
and logs.
"""

import os
from binascii import b2a_base64

from cumulog._http.errors import ApiError

# What a URL of the fluent functions named, still as it stood there: `user:password`.
_of_servers: dict[str, str] = {}


def parted(url: str) -> tuple[str, str]:
    """A server's URL without a user and password, and what stood there: `user:password`, or an empty text."""
    scheme, mark, rest = url.rstrip("/").partition("://")
    host, slash, path = rest.partition("/")
    if "@" in path and ":" in host and not host.rpartition(":")[2].isdigit():
        # That is no port, but a password with a slash in it.
        host, slash, path = rest, "", ""
    named, _, host = host.rpartition("@")
    return f"{scheme.lower() if mark else scheme}{mark}{host}{slash}{path}", named


def note(server: str, named: str) -> None:
    """Calls to a server go with these credentials from now on."""
    _of_servers[server] = named


def are_complete(named: str) -> bool:
    """Whether what stood in a URL has a user and a password. As in MLflow's client, a user alone does not count."""
    return ":" in named and named != ":"


def authorization(server: str = "", named: str = "") -> dict[str, str]:
    """The header for calls to a server, whose URL named these credentials; empty without credentials.

    Raises ApiError, as if the server had refused them, for credentials that no header can hold; it does not say them.
    """
    env = os.environ.get
    named = named or _of_servers.get(server, "")
    if are_complete(named):
        return _basic(_unquoted(named))
    # Files and secret stores leave a line break behind them.
    user, password = env("MLFLOW_TRACKING_USERNAME", "").strip(), env("MLFLOW_TRACKING_PASSWORD", "").strip("\r\n")
    if user and password:
        return _basic(f"{user}:{password}")
    token = env("MLFLOW_TRACKING_TOKEN", "").strip()
    if not (token.isascii() and token.isprintable()):
        raise _refused("MLFLOW_TRACKING_TOKEN holds a line break, or another character that no header can have.")
    return {"Authorization": f"Bearer {token}"} if token else {}


def _basic(credentials: str) -> dict[str, str]:
    try:
        encoded = b2a_base64(credentials.encode(), newline=False).decode()
    except UnicodeEncodeError:
        # The error would hold them.
        raise _refused("The user or the password for the server is no text in UTF-8.") from None
    return {"Authorization": f"Basic {encoded}"}


def _refused(why: str) -> ApiError:
    return ApiError(401, "UNAUTHENTICATED", f"{why} Set it anew.")


def _unquoted(named: str) -> str:
    # Whoever sends has loaded it; `import cumulog` has not.
    from urllib.parse import unquote  # noqa: PLC0415

    return unquote(named)
