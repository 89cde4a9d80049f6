"""What reproductions and lineage may consume, by the store's own count of units."""

from collections.abc import Callable
from typing import Any, Literal

from chalicelib.access import identity
from chalicelib.access.identity import Identity
from chalicelib.lineage import lineage
from chalicelib.lineage.schemas import GetGraph
from chalicelib.reproductions import reproductions
from chalicelib.reproductions.schemas import CreateReproduction
from chalicelib.storage.capacity import Meter, metered
from chalicelib.tracking.runs import inputs
from chalicelib.tracking.runs.schemas import LogInputs
from tests import client as api

WINES = {"name": "wines", "digest": "abc", "source_type": "local", "source": "{}"}


def cost(call: Callable[[], Any]) -> Meter:
    with metered() as meter:
        call()
    return meter


def walk(kind: Literal["dataset", "run"], node_id: str) -> None:
    """What an administrator's call reads."""
    with identity.acting_as(Identity("root", is_admin=True)):
        lineage.of(GetGraph(kind=kind, id=node_id))


def used() -> str:
    run_id = api.create_run("0")
    api.done("/runs/log-inputs", run_id=run_id, datasets=[{"dataset": WINES}])
    return run_id


def test_each_input_costs_one_more_write_unit() -> None:
    used()
    run_id = api.create_run("0")

    spent = cost(lambda: inputs.log(LogInputs(run_id=run_id, datasets=[{"dataset": WINES}])))

    # One of them is the row in the list of the runs that used the dataset.
    assert spent.write <= 7


def test_recording_a_reproduction_writes_its_two_rows() -> None:
    old = api.create_run("0")
    with identity.in_name_of("bea"):
        new = api.create_run("0", tags=[{"key": "cumulog.reproduces", "value": old}])
        api.done("/runs/update", run_id=new, status="FINISHED")
        asked = {"run_id": old, "reproduced_run_id": new, "verdict": "equal"}

        spent = cost(lambda: reproductions.create(CreateReproduction(**asked)))

    # Each twice, for the transaction.
    assert spent.write == 4


def test_a_walk_reads_a_few_units_for_each_node() -> None:
    runs = [used() for _ in range(10)]

    spent = cost(lambda: walk("dataset", "wines@abc"))

    assert spent.write == 0
    assert spent.read <= 8 * (len(runs) + 5)
