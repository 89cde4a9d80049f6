"""Searching runs: filter, order, pages, lifecycle stage. What each filter means is tested in unit/search."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from chalicelib import clock
from tests import client as api
from tests.contract.store import empty
from tests.contract.sweeping import seal


class Scene(NamedTuple):
    experiment_id: str
    run_ids: dict[str, str]


@pytest.fixture(scope="module", autouse=True)
def store(aws: None) -> None:
    """Empty at the start of the file: most tests here only read, and each that writes has its own experiment."""
    empty()


@pytest.fixture
def experiment_id() -> str:
    return api.create_experiment(clock.unique_id())


@pytest.fixture(scope="module", params=["open", "sealed", "half sealed"])
def scene(store: None, request: pytest.FixtureRequest) -> Scene:
    """Four runs by name, the last one deleted; all open, all sealed, or sealed and two of them written again."""
    experiment_id = api.create_experiment(clock.unique_id())
    made = {name: _run(experiment_id, name, start) for start, name in enumerate("abcd")}
    for name, loss in (("a", 1), ("b", 2), ("c", "NaN")):
        api.done("/runs/log-metric", run_id=made[name], key="loss", value=loss, timestamp=1)
    api.done("/runs/delete", run_id=made["d"])
    if request.param != "open":
        for run_id in made.values():
            seal(run_id)
    if request.param == "half sealed":
        api.done("/runs/restore", run_id=made["b"])
        api.done("/runs/delete", run_id=made["d"])
    return Scene(experiment_id, made)


def _run(experiment_id: str, name: str, start_time: int) -> str:
    run_id = api.create_run(experiment_id, run_name=name, start_time=start_time, user_id=f"user of {name}")
    params = [{"key": "depth", "value": str(start_time)}, {"key": "kind", "value": "tree"}]
    api.done("/runs/log-batch", run_id=run_id, params=params, tags=[{"key": "a.b", "value": f"tag of {name}"}])
    return run_id


def found(experiment_ids: list[str], **fields: Any) -> str:
    """The names of the runs that a search answers, in its order."""
    answer = api.post("/runs/search", experiment_ids=experiment_ids, **fields)
    assert answer.status == 200, answer.body
    return "".join(run["info"]["run_name"] for run in answer.body.get("runs", []))


def test_without_a_filter_all_active_runs_come_the_last_started_first(scene: Scene) -> None:
    assert found([scene.experiment_id]) == "cba"


@pytest.mark.parametrize(
    ("view", "names"),
    [("ACTIVE_ONLY", "cba"), ("DELETED_ONLY", "d"), ("ALL", "dcba"), (1, "cba"), (2, "d"), (3, "dcba"), ("2", "d")],
)
def test_a_view_shows_runs_of_its_stage(scene: Scene, view: Any, names: str) -> None:
    assert found([scene.experiment_id], run_view_type=view) == names


def test_all_runs_of_a_deleted_experiment_are_deleted(experiment_id: str) -> None:
    for start, name in enumerate("ab"):
        api.create_run(experiment_id, run_name=name, start_time=start)

    api.done("/experiments/delete", experiment_id=experiment_id)

    assert found([experiment_id]) == ""
    assert found([experiment_id], run_view_type="DELETED_ONLY") == "ba"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("metrics.loss > 1", "b"),
        ("metrics.loss >= 1", "ba"),
        ("metrics.loss != 1", "cb"),
        ("metrics.unknown != 1", ""),
        ("params.depth = '1'", "b"),
        ("params.kind = 'tree' and params.depth != '1'", "ca"),
        ("params.unknown IS NULL", "cba"),
        ("tags.`a.b` LIKE 'tag of %'", "cba"),
        ("tags.a.b = 'tag of a'", "a"),
        ("attributes.run_name ILIKE 'B'", "b"),
        ("status = 'RUNNING'", "cba"),
        ("start_time < 2", "ba"),
        ("user_id = 'user of c'", "c"),
        ("end_time > 0", ""),
    ],
)
def test_a_filter_picks_runs(scene: Scene, text: str, names: str) -> None:
    assert found([scene.experiment_id], filter=text) == names


def test_a_run_is_found_by_its_id(scene: Scene) -> None:
    assert found([scene.experiment_id], filter=f"run_id IN ('{scene.run_ids['a']}', '{scene.run_ids['c']}')") == "ca"
    assert found([scene.experiment_id], filter=f"run_id = '{scene.run_ids['b']}'") == "b"


@pytest.mark.parametrize(
    ("order_by", "names"),
    [
        (["metrics.loss ASC"], "abc"),
        (["metrics.loss DESC"], "bac"),
        (["params.depth"], "abc"),
        (["params.kind", "start_time ASC"], "abc"),
        (["tags.`a.b` DESC"], "cba"),
        (["attributes.run_name ASC"], "abc"),
        ([], "cba"),
    ],
)
def test_runs_come_in_the_order_asked_for_nan_and_absent_values_last(
    scene: Scene, order_by: list[str], names: str
) -> None:
    assert found([scene.experiment_id], order_by=order_by) == names


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pages_together_are_the_whole(scene: Scene, size: int) -> None:
    page = {"max_results": size, "order_by": ["metrics.loss"]}
    fields: dict[str, Any] = {"experiment_ids": [scene.experiment_id], **page}

    pages = all_pages(fields)

    assert "".join(pages) == "abc"
    assert all(len(page) == size for page in pages[:-1])


def test_what_a_search_shows_is_what_get_shows(scene: Scene) -> None:
    answer = api.post("/runs/search", experiment_ids=[scene.experiment_id], run_view_type="ALL")

    assert answer.body["runs"] == [api.get("/runs/get", run_id=scene.run_ids[name]).body["run"] for name in "dcba"]


def test_several_experiments_are_searched_together_each_once(experiment_id: str) -> None:
    other = api.create_experiment("other")
    api.create_run(experiment_id, run_name="a", start_time=1)
    api.create_run(other, run_name="b", start_time=2)
    api.create_run(experiment_id, run_name="c", start_time=3)

    assert found([other, experiment_id, other, "987654321"]) == "cba"
    assert found([other]) == "b"
    assert found([f"0{other}"]) == "b"


@pytest.mark.parametrize("experiment_ids", [[], ["987654321"], ["0"]])
def test_where_there_are_no_runs_the_reply_is_empty(run_id: str, experiment_ids: list[str]) -> None:
    assert api.post("/runs/search", experiment_ids=experiment_ids).body == {}


def test_a_page_stays_where_it_is_while_runs_come_and_go(experiment_id: str) -> None:
    for start, name in enumerate("abcd"):
        api.create_run(experiment_id, run_name=name, start_time=start)
    first = api.post("/runs/search", experiment_ids=[experiment_id], max_results=2).body

    api.create_run(experiment_id, run_name="e", start_time=9)
    api.done("/runs/delete", run_id=first["runs"][1]["info"]["run_id"])

    assert found([experiment_id], max_results=2, page_token=first["next_page_token"]) == "ba"


@pytest.mark.parametrize(
    "other",
    [
        {"filter": "metrics.loss > 1"},
        {"order_by": ["start_time ASC"]},
        {"run_view_type": "ALL"},
        {"experiment_ids": ["0"]},
    ],
    ids=lambda other: str(next(iter(other))),
)
def test_a_token_of_another_question_is_refused(experiment_id: str, other: dict[str, Any]) -> None:
    for start in range(3):
        api.create_run(experiment_id, start_time=start)
    fields: dict[str, Any] = {"experiment_ids": [experiment_id], "max_results": 1}
    token = api.post("/runs/search", **fields).body["next_page_token"]

    answer = api.post("/runs/search", **{**fields, **other, "page_token": token})

    assert (answer.status, answer.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize(
    ("write", "text"),
    [
        (lambda run_id: api.done("/runs/set-tag", run_id=run_id, key="new", value="x"), "tags.new = 'x'"),
        (lambda run_id: api.done("/runs/log-parameter", run_id=run_id, key="new", value="x"), "params.new = 'x'"),
        (
            lambda run_id: api.done("/runs/log-metric", run_id=run_id, key="new", value=1, timestamp=1),
            "metrics.new = 1",
        ),
        (lambda run_id: api.done("/runs/update", run_id=run_id, status="FINISHED"), "status = 'FINISHED'"),
        (lambda run_id: api.done("/runs/update", run_id=run_id, run_name="new"), "run_name = 'new'"),
    ],
    ids=["tag", "param", "metric", "status", "name"],
)
def test_what_was_written_is_found_by_the_next_search(
    experiment_id: str, run_id: str, write: Callable[[str], Any], text: str
) -> None:
    assert found([experiment_id], filter=text) == ""

    write(run_id)

    answer = api.post("/runs/search", experiment_ids=[experiment_id], filter=text)
    assert [run["info"]["run_id"] for run in answer.body["runs"]] == [run_id]


def test_datasets_are_searched_by_name_digest_and_context(experiment_id: str, run_id: str) -> None:
    used = {
        "dataset": {"name": "wine", "digest": "12", "source_type": "local", "source": ""},
        "tags": [{"key": "mlflow.data.context", "value": "train"}],
    }
    api.done("/runs/log-inputs", run_id=run_id, datasets=[used])
    api.create_run(experiment_id, run_name="without")
    name = api.get("/runs/get", run_id=run_id).body["run"]["info"]["run_name"]

    for text in ("dataset.name = 'wine'", "dataset.digest LIKE '1%'", "datasets.context IN ('train', 'test')"):
        assert found([experiment_id], filter=text) == name
    assert found([experiment_id], filter="dataset.name = 'beer'") == ""


def all_pages(fields: dict[str, Any]) -> list[str]:
    """The names on each page of a search."""
    pages = []
    while True:
        body = api.done("/runs/search", **fields)
        pages.append("".join(run["info"]["run_name"] for run in body.get("runs", [])))
        if "next_page_token" not in body:
            return pages
        fields = {**fields, "page_token": body["next_page_token"]}
