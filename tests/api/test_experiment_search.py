"""Searching experiments, by POST as MLflow's client does and by GET as its user interface does."""

from itertools import chain
from typing import Any

import pytest

from chalicelib import clock
from tests import client as api

DAY_MS = 86_400_000


@pytest.fixture(autouse=True)
def experiments() -> dict[str, str]:
    """Three active experiments and a deleted one by name, each a day older than the next."""
    made = {}
    for day, name in enumerate(("wine", "Beer", "tea", "old")):
        with clock.frozen((day + 1) * DAY_MS):
            made[name] = api.create_experiment(name, tags=[{"key": "first letter", "value": name[0]}])
    api.done("/experiments/delete", experiment_id=made["old"])
    # It would stand first in the default order: it was made when the first of these was.
    api.done("/experiments/delete", experiment_id="0")
    return made


def found(method: str = "POST", **fields: Any) -> list[str]:
    fields = {"max_results": 1000, **fields}
    answer = api.get("/experiments/search", **fields) if method == "GET" else api.post("/experiments/search", **fields)
    assert answer.status == 200, answer.body
    return [each["name"] for each in answer.body.get("experiments", [])]


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_without_a_filter_the_active_ones_come_the_latest_first(method: str) -> None:
    assert found(method) == ["tea", "Beer", "wine"]


@pytest.mark.parametrize(
    ("view", "names"),
    [
        ("ACTIVE_ONLY", {"wine", "Beer", "tea"}),
        ("DELETED_ONLY", {"old", "Default"}),
        ("ALL", {"wine", "Beer", "tea", "old", "Default"}),
        (2, {"old", "Default"}),
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_view_shows_experiments_of_its_stage(method: str, view: Any, names: set[str]) -> None:
    assert set(found(method, view_type=view)) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("name = 'tea'", ["tea"]),
        ("name != 'tea'", ["Beer", "wine"]),
        ("name LIKE '%e%'", ["tea", "Beer", "wine"]),
        ("attribute.name ILIKE 'b%'", ["Beer"]),
        ("tags.`first letter` = 'w'", ["wine"]),
        ("tags.unknown IS NULL AND name LIKE 't%'", ["tea"]),
        (f"creation_time < {2 * DAY_MS}", ["wine"]),
        (f"creation_time >= {2 * DAY_MS} and name != 'tea'", ["Beer"]),
        ("name = 'old'", []),
    ],
)
def test_a_filter_picks_experiments(text: str, names: list[str]) -> None:
    assert found(filter=text) == names


def test_experiments_are_found_by_their_ids(experiments: dict[str, str]) -> None:
    chosen = f"experiment_id IN ('{experiments['wine']}', '{experiments['tea']}')"

    assert found(filter=chosen) == ["tea", "wine"]


@pytest.mark.parametrize(
    ("order_by", "names"),
    [
        (["name"], ["Beer", "tea", "wine"]),
        (["name DESC"], ["wine", "tea", "Beer"]),
        (["creation_time ASC"], ["wine", "Beer", "tea"]),
        (["experiment_id DESC", "name"], ["tea", "Beer", "wine"]),
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_experiments_come_in_the_order_asked_for(method: str, order_by: list[str], names: list[str]) -> None:
    assert found(method, order_by=order_by) == names


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pages_together_are_the_whole(size: int) -> None:
    fields: dict[str, Any] = {"max_results": size}
    pages = []
    while True:
        body = api.done("/experiments/search", **fields)
        pages.append([each["name"] for each in body["experiments"]])
        if "next_page_token" not in body:
            break
        fields["page_token"] = body["next_page_token"]

    assert list(chain.from_iterable(pages)) == ["tea", "Beer", "wine"]
    assert all(len(page) == size for page in pages[:-1])


def test_a_token_of_another_question_is_refused() -> None:
    token = api.done("/experiments/search", max_results=1)["next_page_token"]

    answer = api.post("/experiments/search", max_results=1, view_type="ALL", page_token=token)

    assert (answer.status, answer.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_what_a_search_shows_is_what_get_shows(experiments: dict[str, str]) -> None:
    shown = api.done("/experiments/search", max_results=10, order_by=["name"])["experiments"]

    ids = [experiments[name] for name in ("Beer", "tea", "wine")]
    assert shown == [api.get("/experiments/get", experiment_id=each).body["experiment"] for each in ids]


def test_where_nothing_matches_the_reply_is_empty() -> None:
    assert api.done("/experiments/search", max_results=10, filter="name = 'nobody'") == {}
