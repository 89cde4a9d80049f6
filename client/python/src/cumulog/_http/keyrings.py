"""Tokens in the system's keyring, by the library keyring where that is installed."""

from typing import Any

from cumulog._http.forks import importing, log

_SERVICE = "cumulog"


def keep(server: str, token: str) -> bool:
    """Put a token there; whether it can be read back."""
    try:
        ring = _library()
        ring.set_password(_SERVICE, server, token)
        return bool(ring.get_password(_SERVICE, server) == token)
    except Exception as error:  # noqa: BLE001 - each keyring has errors of its own, and a file will do
        log.debug("No keyring takes the token: %s", error)
        return False


def kept(server: str) -> str:
    """The token for a server; empty if it cannot be read here."""
    try:
        return _library().get_password(_SERVICE, server) or ""
    except Exception as error:  # noqa: BLE001 - as above; the caller says that there is none
        log.debug("The keyring does not give the token: %s", error)
        return ""


def forget(server: str) -> bool:
    """Take a token away; whether that is done."""
    try:
        _library().delete_password(_SERVICE, server)
    except Exception as error:  # noqa: BLE001 - as above; the caller says it
        log.debug("The keyring does not forget the token: %s", error)
        return False
    return True


def _library() -> Any:
    with importing:
        import keyring  # noqa: PLC0415 - few machines have it

        return keyring
