"""Calls to the server's API.

Credentials (`credentials.py`) go only to the server at the given URL: a redirect is reported as an error, not followed.
`Transport.once` tries once, for callers that wait by themselves; `Transport.send` tries again what may yet succeed, and
so does `Transport.ask`, which takes any headers and bytes.
"""

import http.client
import json
from collections.abc import Mapping
from urllib.parse import urlencode, urljoin, urlsplit

from cumulog._http import stored
from cumulog._http.connections import Answer, Connections
from cumulog._http.credentials import authorization, parted
from cumulog._http.errors import ApiError, TransferFailed, worded
from cumulog._http.retry import Interrupted, Retry
from cumulog._http.wire import TRANSIENT, Json, Reply

_LONGEST_WAIT = 60.0


class Transport:
    """A server by its URL, which may have a user and a password in it.

    `verify` is False, or a file of certificate authorities, as in the requests library.
    """

    def __init__(self, url: str, verify: bool | str = True, retry: Retry | None = None, seconds: float = 60.0) -> None:
        self.url, self._named = parted(url)
        self._retry = retry or Retry()
        self._connections = Connections(self.url, verify, seconds)

    def once(self, method: str, path: str, query: Mapping[str, str] | None = None, body: Json | None = None) -> Reply:
        """The reply to one attempt, with any status. Raises ApiError with status 0 if the server cannot be reached."""
        target, headers, content = _as_sent(path, query, body)
        try:
            answer = self._connections.ask(method, target, {**self._authorization(), **headers}, content)
        except (OSError, http.client.HTTPException) as error:
            raise _unreachable(self._told(f"{method} {path}", error)) from error
        return self._reply(path, answer)

    def send(self, method: str, path: str, query: Mapping[str, str] | None = None, body: Json | None = None) -> Reply:
        """The reply to the last attempt, with any status. Raises ApiError with status 0 if there was none."""
        target, headers, content = _as_sent(path, query, body)
        return self._reply(path, self.ask(method, target, headers, content))

    def ask(self, method: str, target: str, headers: Mapping[str, str], content: bytes | None) -> Answer:
        """The reply to the last attempt, with any status, a redirect too; `target` is path and query.

        Each attempt has the same headers. Raises ApiError with status 0 if there was no reply.
        """
        path = target.partition("?")[0]

        def attempt(number: int) -> Answer:
            try:
                answer = self._connections.ask(method, target, {**self._authorization(), **headers}, content)
            except (OSError, http.client.HTTPException) as error:
                raise Interrupted(self._told(f"{method} {path}", error)) from error
            if answer.status in TRANSIENT and number + 1 < self._retry.attempts:
                raise Interrupted(f"{method} {path}: {answer.status}", _wait(answer))
            return answer

        try:
            return self._retry.run(attempt)
        except TransferFailed as error:
            raise _unreachable(str(error)) from error

    def close(self) -> None:
        self._connections.close()

    def _authorization(self) -> dict[str, str]:
        return authorization(self.url, self._named) or stored.authorization(self.url)

    def _told(self, what: str, error: Exception) -> str:
        return f"{self.url} does not answer to {what}: {worded(error)}"

    def _reply(self, path: str, answer: Answer) -> Reply:
        if 300 <= answer.status < 400:
            raise redirected(self.url + path, answer)
        return Reply(answer.status, answer.body, _wait(answer))


def _as_sent(
    path: str, query: Mapping[str, str] | None, body: Json | None
) -> tuple[str, Mapping[str, str], bytes | None]:
    """Path and query together, the headers of the body, and the body as bytes."""
    target = f"{path}?{urlencode(query)}" if query else path
    if body is None:
        return target, {}, None
    return target, {"Content-Type": "application/json"}, json.dumps(body, separators=(",", ":")).encode()


def _unreachable(message: str) -> ApiError:
    return ApiError(0, "TEMPORARILY_UNAVAILABLE", message)


def redirected(url: str, answer: Answer) -> ApiError:
    """The error for a reply that sends us to another server, where our credentials must not go."""
    message = f"The server redirects to {_target(url, answer)}; if that is right, set it as MLFLOW_TRACKING_URI."
    return ApiError(answer.status, "BAD_REQUEST", message)


def _target(url: str, answer: Answer) -> str:
    try:
        target = urlsplit(urljoin(url, answer.headers.get("Location", "")))
    except ValueError:
        return "something that is no URL"
    return f"{target.scheme}://{target.netloc}"


def _wait(answer: Answer) -> float:
    seconds = answer.headers.get("Retry-After", "")
    return min(float(seconds), _LONGEST_WAIT) if seconds.isdigit() else 0.0
