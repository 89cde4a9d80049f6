"""Connections to one server, kept open between requests: by http.client and ssl, as other libraries cost more memory.

Proxies and certificates come from the usual variables: HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, and those of MLflow's
client: MLFLOW_TRACKING_INSECURE_TLS, MLFLOW_TRACKING_SERVER_CERT_PATH, MLFLOW_TRACKING_CLIENT_CERT_PATH.
"""

import encodings.idna  # noqa: F401 - else the first connection would import it, perhaps during a fork
import http.client
import os
import ssl
from collections import deque
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

_SECONDS = 60.0
# Of a reply: the largest that the server sends has 6 MiB.
_MOST_BYTES = 64 << 20
# What says that the server closed a connection that we kept, before it saw the request.
STALE = (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError, http.client.CannotSendRequest)


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Connections:
    """Idle connections to a server. Any number of threads may ask at once; a forked child begins with none."""

    def __init__(self, url: str, verify: bool | str = True, seconds: float = _SECONDS) -> None:
        self._server = urlsplit(url)
        self._proxy = proxy_of(self._server)
        self._verify = verify
        self._seconds = seconds
        self._idle: deque[http.client.HTTPConnection] = deque()
        self._process = os.getpid()

    def ask(self, method: str, target: str, headers: dict[str, str], body: bytes | None) -> Answer:
        """Send a request; reads the whole reply. Raises OSError or HTTPException."""
        kept = self._kept()
        if kept is not None:
            try:
                return self._exchange(kept, method, target, headers, body)
            except STALE:
                kept.close()
        return self._exchange(self.opened(), method, target, headers, body)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def __del__(self) -> None:
        self.close()

    def _kept(self) -> http.client.HTTPConnection | None:
        if self._process != os.getpid():
            # The parent still uses them: two processes on one connection would mix their requests.
            self._idle, self._process = deque(), os.getpid()
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        target: str,
        headers: dict[str, str],
        body: bytes | None,
    ) -> Answer:
        try:
            connection.request(method, self._root() + target, body, headers)
            answer = connection.getresponse()
            content = answer.read(_MOST_BYTES)
            if _is_cut(answer, content):
                raise http.client.IncompleteRead(content, answer.length)
        except BaseException:
            connection.close()
            raise
        if answer.will_close or not answer.isclosed():
            connection.close()
        else:
            self._idle.append(connection)
        return Answer(answer.status, answer.headers, content)

    def _root(self) -> str:
        """What each target begins with: the server's path, or its whole URL for a proxy without a tunnel."""
        path = self._server.path.rstrip("/")
        is_forwarded = self._server.scheme != "https" and self._proxy
        return f"http://{self._server.netloc}{path}" if is_forwarded else path

    def opened(self) -> http.client.HTTPConnection:
        """A connection of its own, to be connected. Raises HTTPException for a proxy that cannot be used, OSError."""
        server, proxy = self._server, self._proxy
        near = proxy or server
        if server.scheme != "https":
            if proxy:
                raise http.client.InvalidURL(
                    "Requests to http:// do not go through a proxy: set NO_PROXY, or use https."
                )
            return http.client.HTTPConnection(*_place(near), timeout=self._seconds)
        secure = http.client.HTTPSConnection(*_place(near), timeout=self._seconds, context=tls(self._verify))
        if proxy:
            secure.set_tunnel(server.hostname or "", server.port or 443)
        return secure


def _is_cut(answer: http.client.HTTPResponse, content: bytes) -> bool:
    """Whether the connection ended within the headers or the body, which http.client takes for a whole reply."""
    if answer.length is not None:
        return answer.length > 0 and len(content) < _MOST_BYTES
    # Of a reply without a length the server says that the connection ends.
    return answer.version == 11 and not (answer.chunked or content or answer.headers.get("Connection"))


def tls(verify: bool | str) -> ssl.SSLContext:
    """How to check the server's certificate: `verify` is a file of authorities, or False for no check."""
    env = os.environ.get
    authorities = verify if isinstance(verify, str) else env("MLFLOW_TRACKING_SERVER_CERT_PATH")
    context = ssl.create_default_context(cafile=authorities or env("REQUESTS_CA_BUNDLE"))
    if verify is False or env("MLFLOW_TRACKING_INSECURE_TLS", "").lower() in ("1", "true"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if own := env("MLFLOW_TRACKING_CLIENT_CERT_PATH"):
        context.load_cert_chain(own)
    return context


def proxy_of(server: SplitResult) -> SplitResult | None:
    """The proxy through which a server is reached, if the environment names one."""
    if not any(name.lower().endswith("_proxy") for name in os.environ):
        return None
    # Only where a proxy is set: it costs some milliseconds.
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415

    proxies = getproxies()
    named = proxies.get(server.scheme) or proxies.get("all")
    if not named or proxy_bypass(server.hostname or ""):
        return None
    return _split(named if "//" in named else f"http://{named}")


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _place(near: SplitResult) -> tuple[str, int | None]:
    """The host and the port to connect to. What is wrong with a proxy's may be a password, so it is not said."""
    with suppress(ValueError):
        if near.hostname:
            return near.hostname, near.port
    raise http.client.InvalidURL("HTTPS_PROXY or its like is no URL, as http://proxy:3128 is one. Set it anew.")
