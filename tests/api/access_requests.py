"""One request for each view that works for an administrator (`cases/access_requests.json`), and what it should come to.

A view that the file does not know is an error: whoever adds a route says there how to call it. `fields` go into the
query of a GET and into the body of all else, `path` into the URL, `bytes` are an uploaded file. What is expected
follows from what the view declares; where it decides itself, or refuses for reasons that are no permissions, `besides`
says so.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from chalice import Chalice

from chalicelib.access import levels
from chalicelib.access.requires import ADMIN, SELF, Rule
from chalicelib.edge import http
from chalicelib.edge.http import Endpoint
from tests.api.closed import GRANTED, Wish
from tests.api.scenes import filled

REQUESTS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "cases" / "access_requests.json").read_text(encoding="utf-8")
)

OK = (200, None)
UNAUTHENTICATED = (401, "UNAUTHENTICATED")
MISSING = (404, "RESOURCE_DOES_NOT_EXIST")
DENIED = (403, "PERMISSION_DENIED")

Outcome = tuple[int, str | None]

# One path of each pair runs the same function as the other (`test_access_matrix.py` shows it).
TWINS = ("/ajax-api/", "/api/")


def named(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def without_twins(app: Chalice) -> dict[str, Endpoint]:
    """The endpoints by method and path; of twins the one under `/api`."""
    found: dict[str, Endpoint] = {}
    for endpoint in sorted(http.endpoints(app), key=lambda each: each.path.startswith(TWINS[0])):
        found.setdefault(named(endpoint).replace(*TWINS, 1), endpoint)
    return found


def wish(endpoint: Endpoint, names: dict[str, str]) -> Wish:
    """The request for an endpoint, about the things that are named."""
    asked = filled(REQUESTS[endpoint.view], names)
    path = endpoint.path
    for name, value in asked.get("path", {}).items():
        path = path.replace("{" + name + "}", quote(value))
    fields = asked.get("fields", {})
    if endpoint.method == "GET" or endpoint.kind in ("upload", "redirect"):
        body = asked["bytes"].encode() if endpoint.kind == "upload" else None
        return Wish(endpoint.method, path, urlencode(fields, doseq=True), body)
    return Wish(endpoint.method, path, body=json.dumps(fields).encode())


def expected(endpoint: Endpoint, role: str) -> Outcome:
    """Status and error code; a redirect counts as a 200."""
    if role in ("anonymous", "junk"):
        return OK if any(rule.is_public for rule in endpoint.rules) else UNAUTHENTICATED
    said = REQUESTS[endpoint.view].get("besides", {})
    if role in said:
        return MISSING if said[role] == "missing" else (said[role][0], said[role][1])
    assert SELF not in endpoint.rules, f"{endpoint.view} decides itself: 'besides' has to say what {role} gets"
    for rule in endpoint.rules:
        if not _holds(rule, role):
            return MISSING if rule.level and role == "foreign" else DENIED
    return OK


def _holds(rule: Rule, role: str) -> bool:
    if role == "admin":
        return True
    if rule == ADMIN:
        return False
    return rule.level is None or levels.allows(GRANTED.get(role, levels.NO_PERMISSIONS), rule.level)
