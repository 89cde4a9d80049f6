"""With which credentials the client calls, and what else could win over them."""

import netrc
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from cumulog._command.health.findings import Finding, fault, ok, warning
from cumulog._http import stored
from cumulog._http.credentials import are_complete, authorization, parted
from cumulog._http.errors import ApiError

_USER, _PASSWORD = "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"
_TOKEN = "MLFLOW_TRACKING_TOKEN"  # noqa: S105 - as above


class Source(NamedTuple):
    """Credentials, and where they stood; an empty header is none. `is_kept`: `cumulog login` keeps them."""

    header: Mapping[str, str]
    name: str = ""
    expires: int = 0
    is_kept: bool = False


def of(url: str) -> Source:
    """The credentials for a server. Raises ApiError for those that cannot be used."""
    server, named = parted(url)
    if header := authorization(server, named):
        return Source(header, _name(named))
    kept = stored.token(server)
    if kept is None:
        return Source({})
    return Source(stored.authorization(server), "the token of cumulog login", kept.expires, True)


def checks(url: str) -> Iterator[Finding]:
    """What is kept by `cumulog login`, and what overrides what."""
    yield _login()
    if url:
        yield from _several(url)
        yield from _netrc(urlsplit(parted(url)[0]).hostname or "")


def _login() -> Finding:
    try:
        known = stored.servers()
    except ApiError as error:
        return fault("login", error.message, f"As it says, or delete {stored.file()} and sign in again.")
    return ok("login", f"signed in to {', '.join(known)}" if known else "signed in to no server")


def _several(url: str) -> Iterator[Finding]:
    named = parted(url)[1]
    if named and not are_complete(named):
        yield warning("url", "The URL names a user without a password, so it is not used.", "Write user:password@…")
    elif os.environ.get(_USER) and not os.environ.get(_PASSWORD):
        yield warning("variables", f"{_USER} is set without {_PASSWORD}, so it is not used.", f"Set both, or {_TOKEN}.")
    elif os.environ.get(_TOKEN) and (named or os.environ.get(_USER)):
        yield warning("variables", f"{_name(named)} wins over {_TOKEN}.", "Unset what is not meant.")


def _netrc(host: str) -> Iterator[Finding]:
    """`~/.netrc`, by which the library requests, and so MLflow's client, replaces other credentials."""
    for path in _places():
        try:
            found = netrc.netrc(path).authenticators(host) if path.is_file() else None
        except (netrc.NetrcParseError, OSError) as error:
            yield warning("netrc", f"{path} cannot be read: {error}", "Correct it; until then nobody uses it.")
        else:
            if found:
                told = (
                    f"{path} has an entry for {host}: MLflow's client sends it instead of a token. Cumulog's does not."
                )
                yield warning("netrc", told, "Delete the entry if you use mlflow with this server.")
            elif path.is_file():
                yield ok("netrc", f"{path} has no entry for {host}")
        if path.is_file():
            return


def _places() -> list[Path]:
    named = os.environ.get("NETRC")
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - which raises nothing for a user without a home
    return [Path(named)] if named else [home / ".netrc", home / "_netrc"]


def _name(named: str) -> str:
    if are_complete(named):
        return "the password in the URL"
    return _PASSWORD if os.environ.get(_USER) and os.environ.get(_PASSWORD) else _TOKEN
