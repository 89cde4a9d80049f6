"""Whoever asks with a token: the application as it is deployed, where nobody gets in without one."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from app import app
from chalicelib import config
from chalicelib.accounts import first_admin
from infra.local import gateway
from tests.client import PREFIX, Answer

ACCESS = "/api/2.0/cumulog/access"
USERS = PREFIX + "/users"
PERMISSIONS = "/api/3.0/mlflow/users"


@dataclass(frozen=True)
class Principal:
    """Who sends requests with the text of a token."""

    name: str
    token: str

    def post(self, path: str, /, **fields: Any) -> Answer:
        return self.send("POST", path, **fields)

    def get(self, path: str, /, **query: Any) -> Answer:
        return send("GET", path, bearer(self.token), query=query)

    def send(self, method: str, path: str, /, **fields: Any) -> Answer:
        return send(method, path, bearer(self.token), body=fields)

    def done(self, path: str, /, **fields: Any) -> dict[str, Any]:
        """POST what has to work, and the reply."""
        return worked(self.post(path, **fields))

    def another(self, **fields: Any) -> "Principal":
        """The same one with a token that they make with theirs."""
        return Principal(self.name, self.done(ACCESS + "/tokens/create", **fields)["text"])

    def tokens(self, **query: Any) -> list[dict[str, Any]]:
        """The tokens that this one is shown."""
        return list(worked(self.get(ACCESS + "/tokens/list", **query))["tokens"])

    @property
    def token_id(self) -> str:
        return self.token[6:28]


@contextmanager
def closed() -> Iterator[None]:
    """Inside the block nobody gets in without a token."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CUMULOG_ACCESS", "closed")
        config.settings.cache_clear()
        try:
            yield
        finally:
            environment.undo()
            config.settings.cache_clear()


def admin() -> Principal:
    """The user `admin`, with a new token."""
    return Principal(first_admin.NAME, first_admin.create())


def user(asked: Principal, name: str, /, kind: str = "person", **token: Any) -> Principal:
    """A new user, whom an administrator makes, with a token of theirs."""
    asked.done(USERS + "/create", username=name, kind=kind)
    return Principal(name, asked.done(ACCESS + "/tokens/create", owner=name, **token)["text"])


def send(method: str, path: str, authorization: str, query: Any = None, body: Any = None, key: str = "") -> Answer:
    """A request with this Authorization header and this Idempotency-Key, if they are not empty."""
    told = {"Authorization": authorization, "Idempotency-Key": key}
    headers = {name: text for name, text in told.items() if text}
    content = None
    if body is not None:
        headers["content-type"] = "application/json"
        content = json.dumps(body).encode()
    status, answered, text = gateway.call(app, method, path, query, headers, content)
    return Answer(status, json.loads(text), answered)


def bearer(text: str) -> str:
    return f"Bearer {text}"


def basic(user_name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user_name}:{password}".encode()).decode()


def worked(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.body
    return answer.body
