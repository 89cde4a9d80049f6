"""Where the parameters of a request are read from, and what a header of a reply may hold, on a small app of its own."""

import json
import re
from typing import Any

import pytest
from chalice.app import Blueprint, Chalice
from pydantic import Field

from chalicelib import config
from chalicelib.access.requires import authenticated
from chalicelib.edge import wire
from chalicelib.edge.http import Mount, Reply
from chalicelib.storage import capacity
from infra.local import gateway

JSON = {"Content-Type": "application/json"}


class Greet(wire.Request):
    name: wire.RequiredText
    times: wire.Int64 | None = None
    others: wire.Repeated[wire.Text] = Field(default_factory=list)


def _app() -> Chalice:
    app = Chalice("reading")
    blueprint = Blueprint("tests.unit.test_reading")
    mount = Mount(blueprint, "")

    @mount.endpoint("GET", "/greet")
    @mount.endpoint("GET", "/greet/{name}")
    @authenticated
    def greet(request: Greet) -> Reply:
        capacity.tell(f"greeted {request.name}")
        return {"name": request.name, "times": request.times, "others": request.others}

    app.register_blueprint(blueprint)
    return app


APP = _app()


def get(path: str, query: str = "", headers: Any = JSON, body: bytes = b"") -> tuple[int, dict[str, str], Any]:
    status, answered, content = gateway.call(APP, "GET", path, query, headers, body)
    return status, answered, json.loads(content)


@pytest.mark.parametrize("headers", [JSON, {}, {"Content-Type": "text/plain"}])
def test_a_get_without_a_query_is_read_from_its_body_whatever_its_content_type(headers: dict[str, str]) -> None:
    status, _, fields = get("/greet", headers=headers, body=b'{"name": "a", "times": 3, "others": ["x"]}')

    assert (status, fields) == (200, {"name": "a", "times": 3, "others": ["x"]})


def test_a_query_makes_the_body_of_a_get_count_for_nothing() -> None:
    status, _, fields = get("/greet", "name=query", body=b'{"name": "body", "times": 3}')

    assert (status, fields) == (200, {"name": "query", "times": None, "others": []})


def test_the_path_of_a_get_counts_before_its_body() -> None:
    assert get("/greet/path", body=b'{"name": "body", "times": 3}')[2] == {"name": "path", "times": 3, "others": []}


def test_a_blank_body_of_a_get_is_none_and_a_malformed_one_is_refused() -> None:
    assert get("/greet", body=b" ")[2]["message"].startswith("Missing value for required parameter 'name'")
    assert get("/greet", body=b"{")[2]["message"].startswith("Malformed JSON")


def test_a_plan_as_long_as_a_filter_can_make_it_is_cut_to_a_header_of_4_kb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUMULOG_SHOW_CAPACITY", "1")
    config.settings.cache_clear()
    lengths = set()

    for length in range(430, 460):
        _, headers, _ = get("/greet", f"name={'%E6%97%A5' * length}")
        assert re.fullmatch(r"greeted (%E6|%97|%A5)+(\.\.\.)?", headers["X-Cumulog-Plan"])
        lengths.add(len(headers["X-Cumulog-Plan"]))

    config.settings.cache_clear()
    assert 3_900 < max(lengths) <= 4_000
