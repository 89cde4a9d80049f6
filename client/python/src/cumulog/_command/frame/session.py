"""One call of the command: the server that it asks, and how it shows what comes back."""

from functools import cached_property
from typing import Any

import click

from cumulog._client.client import Client
from cumulog._command.shown.looks import Looks
from cumulog._command.shown.results import Result
from cumulog._command.shown.text import printable
from cumulog._http import stored
from cumulog._http.calls import Transport
from cumulog._http.errors import CumulogError
from cumulog._http.retry import Retry
from cumulog._http.servers import named, required
from cumulog._http.transport import Transport as HttpTransport
from cumulog._http.wire import Json, Reply
from cumulog._transfer.api import Api

# Somebody waits: three attempts tell a server that is gone from one that was restarted.
_RETRY = Retry(attempts=3, first=0.3, most=2.0)
_SECONDS = 30.0


class Session:
    """`fails_by_one`: every failure has the exit code 1, as commands of the first version have it."""

    def __init__(self, transport: Transport | None = None) -> None:
        self._given = transport
        self._made: HttpTransport | None = None
        self.looks = Looks()
        self.fails_by_one = False

    @property
    def transport(self) -> Transport:
        """What sends requests. Raises CumulogError if no server is named."""
        if self._given is None and self._made is None:
            self._made = HttpTransport(server(), retry=_RETRY, seconds=_SECONDS)
        return self._given or self._made  # type: ignore[return-value]

    def hasty(self) -> Client:
        """A client that gives up soon: a shell waits for what it offers."""
        return Client(transport=self._given or HttpTransport(server(), retry=Retry(attempts=1), seconds=2.0))

    @cached_property
    def client(self) -> Client:
        return Client(transport=self.transport)

    @cached_property
    def api(self) -> Api:
        """The same server for transfers of files."""
        return Api(self.transport.url, self._send)

    def show(self, result: Result) -> None:
        """Print what a command has found or done."""
        for line in result.lines(self.looks):
            click.echo(line, color=self.looks.has_color)
        for note in () if self.looks.as_json or self.looks.is_quiet else result.notes:
            click.echo(printable(note), err=True)

    def close(self) -> None:
        if self._made:
            self._made.close()

    def _send(self, method: str, path: str, query: Any, body: Json | None) -> Reply:
        # The one for files names the server by its whole URL, credentials and all; it is the same one.
        transport = self.transport
        if isinstance(transport, HttpTransport):
            return transport.send(method, path, query, body)
        return sent(transport, method, path, query, body)


def server() -> str:
    """The URL of MLFLOW_TRACKING_URI, or without one that of `cumulog login`. Raises CumulogError if it names none."""
    url = named() or stored.default()
    if not url:
        raise CumulogError("No server is set. Set MLFLOW_TRACKING_URI to its URL, or sign in: cumulog login https://…")
    return required(url)


def sent(transport: Transport, method: str, path: str, query: Any, body: Json | None) -> Reply:
    """The reply of a transport that knows bytes only."""
    import json  # noqa: PLC0415 - another transport than ours is for tests
    from urllib.parse import urlencode  # noqa: PLC0415

    target = f"{path}?{urlencode(query)}" if query else path
    headers = {} if body is None else {"Content-Type": "application/json"}
    answer = transport.ask(method, target, headers, None if body is None else json.dumps(body).encode())
    return Reply(answer.status, answer.body)
