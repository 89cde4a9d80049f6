"""Requests about artifacts, and what they leave in the bucket."""

import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from app import app
from infra.local import gateway
from tests import client as api

OURS = "/api/2.0/cumulog/artifacts"
PROXIED = ["/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts"]
FILES = "/api/2.0/mlflow-artifacts/artifacts/"
AJAX = "/ajax-api/2.0/mlflow"

EMPTY = hashlib.sha256(b"").hexdigest()
ABSENT = (404, "RESOURCE_DOES_NOT_EXIST")
INVALID = (400, "INVALID_PARAMETER_VALUE")


def post(endpoint: str, /, **fields: Any) -> api.Answer:
    return api.send("POST", OURS + endpoint, json.dumps(fields).encode())


def put(path: str, body: bytes = b"x") -> api.Answer:
    return api.send("PUT", FILES + quote(path), body, "text/plain")


def stored(bucket: Any) -> dict[str, bytes]:
    return {each.key: each.get()["Body"].read() for each in bucket.objects.all()}


def went_to(path: str, query: Any = None) -> tuple[str, dict[str, list[str]]]:
    """The key and the query of the URL that a GET redirects to."""
    status, headers, _ = gateway.call(app, "GET", path, query)
    assert (status, headers["Cache-Control"]) == (302, "no-store")
    url = urlsplit(headers["Location"])
    return url.path, parse_qs(url.query)


def outcome(answer: api.Answer) -> tuple[int, Any]:
    return answer.status, answer.body.get("error_code")


def as_json(reply: tuple[int, dict[str, str], bytes]) -> tuple[int, Any, dict[str, str]]:
    """What the gateway answered, with its body parsed."""
    status, headers, body = reply
    return status, json.loads(body), headers
