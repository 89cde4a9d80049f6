"""One HTTP call, written once and sent to two servers that invent different ids.

A call is symbolic: `${run1}` in any of its texts stands for what a server said when it was asked to `learn` run1.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import requests

API = "/api/2.0/mlflow"
AJAX = "/ajax-api/2.0/mlflow"

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Call:
    """`path` is whole. `query` belongs to GET, `body` is sent as JSON; `raw` replaces `body` by a text as it stands.

    `learn` maps a name to the place of its value in the reply (`run.info.run_id`). With `pages`, the call is repeated
    with each next_page_token, that many times at most. `difference` names an entry of differences.py.
    """

    method: str
    path: str
    query: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    body: Any = None
    raw: str | None = None
    content_type: str | None = "application/json"
    learn: Mapping[str, str] = field(default_factory=dict)
    pages: int = 0
    difference: str | None = None

    def with_token(self, token: str) -> "Call":
        """The same question, for its next page."""
        if self.method == "GET":
            return replace(self, query={**self.query, "page_token": token})
        return replace(self, body={**self.body, "page_token": token})


@dataclass(frozen=True)
class Reply:
    """What came back. `payload` is the parsed JSON of a 200, or its text; the error fields belong to all else."""

    status: int
    error_code: str | None
    message: str | None
    payload: Any


@dataclass
class Side:
    """One of the two servers, and what it called the things that the calls name."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)
    names: dict[str, str] = field(default_factory=dict)

    def send(self, call: Call) -> Reply:
        """Send the call with this server's own ids, and remember what it is to learn."""
        reply = self._request(call)
        for name, place in call.learn.items():
            value = _at(place, reply.payload)
            if value is not None:
                self.names[name] = value
        return reply

    def _request(self, call: Call) -> Reply:
        data = fill(call.raw, self.names) if call.raw is not None else _as_json(fill(call.body, self.names))
        response = self.session.request(
            call.method,
            self.url + fill(call.path, self.names),
            params=fill(dict(call.query), self.names),
            data=None if data is None else data.encode(),
            headers={"Content-Type": call.content_type} if call.content_type and data is not None else {},
            timeout=_TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        return read(response)


def read(response: requests.Response) -> Reply:
    """The parts of a reply that the protocol speaks about; an error that is no JSON object has no error_code."""
    content = _parsed(response)
    if response.status_code == 200:
        return Reply(200, None, None, content)
    error = content if isinstance(content, dict) else {}
    return Reply(response.status_code, error.get("error_code"), error.get("message"), None)


def fill(value: Any, names: Mapping[str, str]) -> Any:
    """The value with each `${name}` replaced. A name that was never learned stays as it is: an id that nobody knows."""
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: names.get(found[1], found[0]), value)
    if isinstance(value, dict):
        return {key: fill(inner, names) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [fill(inner, names) for inner in value]
    return value


def _as_json(body: Any) -> str | None:
    return None if body is None else json.dumps(body)


def _parsed(response: requests.Response) -> Any:
    try:
        return json.loads(response.content)
    except ValueError:
        return response.text


def _at(place: str, payload: Any) -> Any:
    for key in place.split("."):
        payload = payload.get(key) if isinstance(payload, dict) else None
    return payload
