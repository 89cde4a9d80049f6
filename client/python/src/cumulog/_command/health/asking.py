"""Calls with certain credentials, whatever the environment has, or with none."""

from collections.abc import Mapping
from typing import Any

from cumulog._http.connections import Answer
from cumulog._http.reading import read
from cumulog._http.retry import Retry
from cumulog._http.transport import Transport

ME = "/api/2.0/cumulog/access/me"
# Somebody waits.
_SECONDS = 10.0


class Asking(Transport):
    """A server that is asked with one header of credentials; an empty one is none."""

    def __init__(self, url: str, header: Mapping[str, str] | None = None) -> None:
        super().__init__(url, retry=Retry(attempts=2, first=0.2, most=0.5), seconds=_SECONDS)
        self._header = dict(header or {})

    def get(self, path: str) -> Answer:
        """The reply, with any status. Raises ApiError with status 0 if there was none."""
        return self.ask("GET", path, {}, None)

    def me(self) -> dict[str, Any]:
        """Who calls. Raises ApiError."""
        return read(self.send("GET", ME))

    def _authorization(self) -> dict[str, str]:
        return self._header


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
