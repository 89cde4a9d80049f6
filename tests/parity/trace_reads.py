"""Random calls that read runs and metrics."""

from typing import Any

from tests.parity.calls import AJAX, Call
from tests.parity.world import METRICS, World

_FILTERS = [
    "",
    "",
    "metrics.loss > 0",
    "metrics.acc <= 1 AND metrics.loss != 0.25",
    "metrics.`val/loss` = 1",
    "metrics.`learning rate` >= -2",
    "metrics.f1.macro < 1e3",
    "params.depth = 'red'",
    "params.`ünï/code` LIKE '%e%'",
    "params.lr ILIKE 'BLUE' and tags.team != 'red'",
    "tags.`a b` IS NULL",
    "tags.team IS NOT NULL AND",
    "attributes.status = 'RUNNING'",
    "status != 'FINISHED'",
    "run_name LIKE 'grid%'",
    "attributes.`Run name` ILIKE 'GRID%'",
    "start_time > 1700000600000",
    "end_time > 0",
    "user_id = 'ann'",
    "dataset.name = 'wine'",
    "dataset.digest IN ('d1', 'd9') AND dataset.context = 'training'",
    "tags.stage NOT LIKE 'x'",
    "metrics.loss = 'red'",
    "params.depth > 3",
    "nothing.here = 1",
    "metrics.loss > 1 OR metrics.acc > 1",
]
# Not run_name: the names that a server invents for nameless runs would be sorted.
_ORDERS: list[list[str]] = [
    [],
    [],
    ["start_time ASC"],
    ["attributes.end_time DESC"],
    ["metrics.loss"],
    ["metrics.acc DESC", "start_time ASC"],
    ["metrics.`val/loss` ASC", "params.depth DESC"],
    ["params.depth"],
    ["tags.team DESC"],
    ["attributes.user_id DESC"],
    ["status ASC", "metrics.loss DESC"],
    ["metrics.loss SIDEWAYS"],
]


def get_run(world: World) -> Call:
    name = "run_uuid" if world.chance(0.1) else "run_id"
    return Call("GET", world.path("runs/get"), query={name: world.run()})


def search_runs(world: World) -> Call:
    """A search in some of the trace's experiments, page by page."""
    body: dict[str, Any] = {
        "experiment_ids": sorted({world.experiment() for _ in range(world.rng.randint(1, 3))}),
        "filter": world.rng.choice(_FILTERS),
        "max_results": world.rng.choice([1, 3, 7, 1000]),
        "run_view_type": world.rng.choice(["ACTIVE_ONLY", "DELETED_ONLY", "ALL", 3]),
    }
    order_by = world.rng.choice(_ORDERS)
    if order_by:
        body["order_by"] = order_by
    return Call("POST", world.path("runs/search"), body=body, pages=30)


def get_history(world: World) -> Call:
    query: dict[str, str] = {"run_id": world.run(), "metric_key": world.rng.choice(METRICS)}
    if world.chance(0.6):
        query["max_results"] = str(world.rng.choice([1, 4, 20]))
    return Call("GET", world.path("metrics/get-history"), query=query, pages=25)


def get_history_bulk(world: World) -> Call:
    # One run: rows of several are ordered by run id, and each server makes its own ids.
    query: dict[str, Any] = {"run_id": [world.run()], "metric_key": world.rng.choice(METRICS)}
    if world.chance(0.4):
        query["max_results"] = str(world.rng.choice([1, 5, 100]))
    return Call("GET", f"{AJAX}/metrics/get-history-bulk", query=query)


def get_history_bulk_interval(world: World) -> Call:
    query: dict[str, Any] = {"run_ids": [world.run()], "metric_key": world.rng.choice(METRICS)}
    if world.chance(0.6):
        query["max_results"] = str(world.rng.choice([1, 3, 10]))
    if world.chance(0.4):
        start = world.rng.randint(-2, 5)
        query |= {"start_step": str(start), "end_step": str(start + world.rng.randint(-1, 6))}
    return Call("GET", world.path("metrics/get-history-bulk-interval"), query=query)


def health(_world: World) -> Call:
    return Call("GET", "/health")


def version(_world: World) -> Call:
    return Call("GET", "/version")
