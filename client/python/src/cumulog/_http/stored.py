"""Tokens that `cumulog login` has kept, each for one server, in a file that nobody else can read:

    $XDG_CONFIG_HOME/cumulog/credentials.json (~/.config/cumulog/credentials.json)

    {"version": 1, "default": <server>, "servers": {<server>: {"token": …, "expires": <ms>}}}

A token that the system's keyring has is not there; `"keyring": true` says so. The file is read again when it has
changed, so a job goes on with the token of a later login. `default` is for the command line only: no script sends
anything to a server because somebody signed in to it.
"""

import contextlib
import json
import os
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cumulog._http import keyrings
from cumulog._http.errors import ApiError, CumulogError

_PORTS = {"http": ":80", "https": ":443"}
Stamp = tuple[int, int, int]


class Token(NamedTuple):
    """`expires` is in ms; 0 if that is not known."""

    text: str
    expires: int = 0


class _Remembered(NamedTuple):
    stamp: Stamp | None
    fields: dict[str, Any]
    of_keyring: dict[str, str]


_remembered = _Remembered(None, {}, {})


def file() -> Path | None:
    """Where the tokens are; None for a user without a home."""
    with contextlib.suppress(RuntimeError):
        named = os.environ.get("XDG_CONFIG_HOME")
        return (Path(named) if named else Path("~/.config").expanduser()) / "cumulog" / "credentials.json"
    return None


def name_of(server: str) -> str:
    """A server's URL in the one spelling in which tokens are kept."""
    split = urlsplit(server)
    scheme, place = split.scheme.lower(), split.netloc.lower()
    return f"{scheme}://{place.removesuffix(_PORTS.get(scheme, ' '))}{split.path.rstrip('/')}"


def authorization(server: str) -> dict[str, str]:
    """The header with the token for a server; empty without one. Raises ApiError if it cannot be read."""
    found = token(server)
    return {"Authorization": f"Bearer {found.text}"} if found else {}


def of_request(url: str) -> dict[str, str]:
    """The header for a URL of the API, by the server to which it belongs. Raises ApiError as `token` does."""
    name = f"{name_of(url)}/"
    return authorization(max((each for each in servers() if name.startswith(f"{each}/")), key=len, default=""))


def token(server: str) -> Token | None:
    """The token for a server. Raises ApiError if the file, or the keyring, cannot be read."""
    entry = (_load().get("servers") or {}).get(name_of(server))
    if not isinstance(entry, dict):
        return None
    text = _of_keyring(name_of(server)) if entry.get("keyring") else str(entry.get("token", ""))
    return Token(text, int(entry.get("expires") or 0)) if text else None


def default() -> str:
    """The server that the command line uses when none is named; may be empty. Raises ApiError as `token` does."""
    return str(_load().get("default") or "")


def servers() -> list[str]:
    """The servers that somebody signed in to. Raises ApiError as `token` does."""
    return sorted(_load().get("servers") or ())


def keep(server: str, kept: Token | None, *, is_default: bool, with_keyring: bool = True) -> str:
    """Keep a token, or of an open server the address alone; returns where. Raises ApiError, OSError, CumulogError."""
    fields, name = dict(_load()), name_of(server)
    entry: dict[str, Any] = {}
    if kept:
        in_keyring = with_keyring and keyrings.keep(name, kept.text)
        entry = {"keyring": True} if in_keyring else {"token": kept.text}
        entry |= {"expires": kept.expires} if kept.expires else {}
    fields["servers"] = {**(fields.get("servers") or {}), name: entry}
    if is_default or not fields.get("default"):
        fields["default"] = server
    place = _write(fields)
    return "the keyring" if entry.get("keyring") else str(place)


def forget(server: str) -> bool:
    """Drop what is kept for a server; whether there was anything. Raises ApiError, OSError, CumulogError."""
    fields, name = dict(_load()), name_of(server)
    kept = dict(fields.get("servers") or {})
    if name not in kept:
        return False
    entry = kept.pop(name)
    if entry.get("keyring") and not keyrings.forget(name) and keyrings.kept(name):
        raise CumulogError(f"The keyring does not forget the token for {name}. Delete it there: it is named 'cumulog'.")
    fields["servers"] = kept
    if name_of(fields.get("default") or "") == name:
        del fields["default"]
    _write(fields)
    return True


def _of_keyring(name: str) -> str:
    # A keyring takes milliseconds, and this is asked for with each request.
    text = _remembered.of_keyring.get(name) or keyrings.kept(name)
    if not text:
        raise _refused(
            f"The token for {name} is in a keyring that cannot be read here. Set MLFLOW_TRACKING_TOKEN, or sign in "
            "by `cumulog login --no-keyring`."
        )
    _remembered.of_keyring[name] = text
    return text


def _load() -> dict[str, Any]:
    """The fields of the file; none if there is no file."""
    global _remembered
    path = file()
    try:
        if path is None:
            return {}
        stamp = _stamp(path.stat())
        if stamp != _remembered.stamp:
            _remembered = _read(path)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise _refused(f"{path} cannot be read: {error}. Delete it, and sign in again by `cumulog login`.") from None
    return _remembered.fields


def _read(path: Path) -> _Remembered:
    with path.open("rb") as opened:
        found = os.fstat(opened.fileno())
        if hasattr(os, "getuid") and (found.st_mode & 0o077 or found.st_uid not in (os.getuid(), 0)):
            raise _refused(
                f"{path} can be read or written by others, so the tokens in it are not used. If it is yours: "
                f"chmod 600 {path}"
            )
        fields = json.load(opened)
    if not isinstance(fields, dict):
        raise ValueError("it holds no object")
    return _Remembered(_stamp(found), fields, {})


def _stamp(found: os.stat_result) -> Stamp:
    # The time of a change of permissions as well.
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns


def _write(fields: dict[str, Any]) -> Path:
    path = file()
    if path is None:
        raise CumulogError("There is no folder to keep a token in: set XDG_CONFIG_HOME, or HOME.")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if hasattr(os, "getuid"):
        path.parent.chmod(0o700)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        json.dump({"version": 1, **fields}, opened, indent=2)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(path)
    return path


def _refused(why: str) -> ApiError:
    return ApiError(401, "UNAUTHENTICATED", why)
