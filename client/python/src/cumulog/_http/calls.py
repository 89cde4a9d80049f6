"""What every method of `Client` has in common: a call to the server, whose reply is read and whose errors raised."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from cumulog._http.connections import Answer
from cumulog._http.header_provider import IdempotencyKey
from cumulog._http.reading import read
from cumulog._http.transport import redirected
from cumulog._http.wire import Json, Reply, double


class Transport(Protocol):
    """What sends requests: `cumulog._http.transport.Transport`, or another in tests."""

    @property
    def url(self) -> str: ...

    def ask(self, method: str, target: str, headers: Mapping[str, str], content: bytes | None) -> Answer: ...


class Namespace:
    """Some methods of `Client`. Each takes the fields of its request, without those that are None."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _json(
        self,
        method: str,
        path: str,
        *,
        query: Json | None = None,
        body: Json | None = None,
        content: bytes | None = None,
    ) -> Any:
        """The fields of a reply in JSON, of which the caller knows the types. Raises ApiError."""
        answer = self._answer(method, path, query, body, content)
        return read(Reply(answer.status, answer.body))

    def _text(self, method: str, path: str) -> str:
        """A reply in plain text. Raises ApiError."""
        answer = self._answer(method, path, None, None, None)
        if answer.status != HTTPStatus.OK:
            read(Reply(answer.status, answer.body))
        return answer.body.decode()

    def _url(self, method: str, path: str, *, query: Json | None = None) -> str:
        """Where a reply says that the bytes are. Raises ApiError."""
        answer = self._asked(method, path, query, None, None)
        if answer.status != HTTPStatus.FOUND:
            read(Reply(answer.status, answer.body))
        return str(answer.headers["Location"])

    def _answer(self, method: str, path: str, query: Json | None, body: Json | None, content: bytes | None) -> Answer:
        answer = self._asked(method, path, query, body, content)
        if 300 <= answer.status < 400:
            raise redirected(self._transport.url + path, answer)
        return answer

    def _asked(self, method: str, path: str, query: Json | None, body: Json | None, content: bytes | None) -> Answer:
        # Of a request that is sent again because its reply was lost, the server makes one.
        headers = IdempotencyKey().request_headers() if method == "POST" else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(_plain(body), allow_nan=False).encode()
        return self._transport.ask(method, path + _query(query or {}), headers, content)


def in_path(text: str, *, greedy: bool = False) -> str:
    """A text as part of a path; a greedy one keeps its slashes."""
    return quote(text, safe="/" if greedy else "")


def _query(fields: Json) -> str:
    pairs = [(name, _spelled(each)) for name, value in fields.items() for each in _listed(value)]
    return "?" + urlencode(pairs) if pairs else ""


def _listed(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) or not isinstance(value, Sequence) else value


def _spelled(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(value: Any) -> Any:
    """A value as the protocol's JSON has it: no None in objects, and text for what is no finite number."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items() if each is not None}
    if isinstance(value, float):
        return double(value)
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
