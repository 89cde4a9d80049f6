"""A transport of `cumulog.Client` to the application in this process."""

from collections.abc import Mapping
from email.message import Message
from http.client import HTTPMessage

from app import app
from cumulog._http.connections import Answer
from infra.local import gateway


class Gateway:
    """Calls go through the gateway, with these headers."""

    url = "http://here"

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        self._headers = dict(headers or {})

    def ask(self, method: str, target: str, headers: Mapping[str, str], content: bytes | None) -> Answer:
        path, _, query = target.partition("?")
        status, told, body = gateway.call(app, method, path, query, {**self._headers, **headers}, content)
        named: Message = HTTPMessage()
        for name, text in told.items():
            named[name] = text
        return Answer(status, named, body)
