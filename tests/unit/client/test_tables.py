"""Tables: rows that are appended to one file of the run, however often it is delivered."""

import datetime
import json
from typing import Any

import pytest

import cumulog
from cumulog._delivery.sync import sync
from cumulog._journal import tables
from cumulog._journal.tables import Table
from tests.unit.client.fake_server import Status, World


@pytest.fixture(autouse=True)
def offline() -> None:
    cumulog.set_tracking_uri("")


class Array:
    """What numpy's arrays, and numbers without a dimension, have in common with the lists that they hold."""

    def __init__(self, content: Any) -> None:
        self.content = content
        self.ndim = 1 if isinstance(content, list) else 0

    def tolist(self) -> Any:
        return self.content


def table(world: World) -> Any:
    """The only table that the server has."""
    (found,) = (body for path, body in world.objects.items() if path.endswith("rows.json"))
    return json.loads(found)


def test_calls_append_and_so_does_the_next_process(world: World) -> None:
    with cumulog.start_run() as run:
        cumulog.log_table({"a": [1, 2]}, "rows.json")
        cumulog.log_table({"b": "x"}, "rows.json")
    sync(world.url, print)
    with cumulog.start_run(run_id=run.info.run_id):
        cumulog.log_table({"a": [3]}, "rows.json")

    assert sync(world.url, print).left == {}

    assert table(world) == {"columns": ["a", "b"], "data": [[1, None], [2, None], [None, "x"], [3, None]]}
    (stored,) = world.tracking.runs.values()
    assert json.loads(stored.tags["mlflow.loggedArtifacts"]) == [{"path": "rows.json", "type": "table"}]


def test_rows_whose_delivery_broke_off_are_not_there_twice(world: World) -> None:
    with cumulog.start_run() as run:
        cumulog.log_table({"a": [1]}, "rows.json")
    sync(world.url, print)
    with cumulog.start_run(run_id=run.info.run_id):
        cumulog.log_table({"a": [2]}, "rows.json")
        cumulog.log_metric("after", 1.0)
    # The rows arrive; what follows does not, so they are sent again.
    world.call_faults.extend([None, None, Status(503)])

    assert sync(world.url, print).left != {}
    assert table(world)["data"] == [[1], [2]]
    assert sync(world.url, print).left == {}

    assert table(world)["data"] == [[1], [2]]


def test_cells_are_what_json_has() -> None:
    day = datetime.date(2026, 1, 2)
    cells = [1.5, float("nan"), None, True, "ä", day, {"k": [Array(0.5)]}, Array(7), {1}]
    with cumulog.start_run() as run:
        cumulog.log_table({"cells": cells, "array": Array(list(range(9))), "same": "x"}, "rows.json")
        (file,) = run.writer().files.glob("table-*")  # type: ignore[union-attr]

        found = tables.read(file)

    assert [row[0] for row in found.rows] == [1.5, None, None, True, "ä", "2026-01-02", {"k": [0.5]}, 7, "{1}"]
    assert [row[1:] for row in found.rows] == [[number, "x"] for number in range(9)]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"a": [1], "b": [1, 2]}, "rows.json"),
        ([1, 2], "rows.json"),
        ({"a": [1]}, "rows.csv"),
        ({"a": [1]}, "../rows.json"),
        ({"a": [1]}, "a:rows.json"),
    ],
)
def test_what_is_no_table_raises_nothing_and_stores_nothing(world: World, data: Any, name: str) -> None:
    with cumulog.start_run():
        cumulog.log_table(data, name)

    assert sync(world.url, print).left == {}
    assert world.objects == {}


def test_a_file_that_is_no_table_is_left_as_it_is(world: World) -> None:
    with cumulog.start_run() as run:
        cumulog.log_text("no table", "rows.json")
    sync(world.url, print)
    with cumulog.start_run(run_id=run.info.run_id):
        cumulog.log_table({"a": [1]}, "rows.json")

    assert sync(world.url, print).refused == 1
    assert list(world.objects.values()) == [b"no table"]


@pytest.mark.parametrize("text", ["[]", '{"columns": ["a"]}', '{"columns": ["a"], "data": [[1, 2]]}', "x"])
def test_what_is_read_is_a_table(text: str) -> None:
    with pytest.raises(ValueError, match=r"columns and data|as many cells|Expecting value"):
        tables.unpacked(text)


def test_tables_are_joined_by_the_names_of_their_columns() -> None:
    joined = tables.joined(Table(["a", "b"], [[1, 2]]), Table(["b", "c"], [[3, 4]]))

    assert joined == Table(["a", "b", "c"], [[1, 2, None], [None, 3, 4]])
