"""Random calls about experiments."""

from typing import Any

from tests.parity.calls import Call
from tests.parity.world import TAGS, World

_FILTERS = ["", "tags.team = 'red'", "tags.stage != 'red'", "tags.`a b` ILIKE '%BLUE%'", "tags.team IS NULL"]
_ORDERS = [["name"], ["name DESC"], ["creation_time ASC"], ["last_update_time DESC"], ["attribute.name ASC"]]


def create(world: World) -> Call:
    """A new experiment, one time in seven under a name that is taken."""
    symbol = f"experiment{len(world.experiments)}"
    if world.experiments and world.chance(0.15):
        taken = world.rng.choice(world.experiments)
        # It succeeds once when the first experiment was renamed before.
        body = {"name": f"{world.prefix} {taken}"}
        return Call("POST", world.path("experiments/create"), body=body, learn={f"{taken}_again": "experiment_id"})
    world.experiments.append(symbol)
    return Call("POST", world.path("experiments/create"), body=_new(world, symbol), learn={symbol: "experiment_id"})


def get(world: World) -> Call:
    return Call("GET", world.path("experiments/get"), query={"experiment_id": world.experiment()})


def get_by_name(world: World) -> Call:
    name = f"{world.prefix} experiment{world.rng.randint(0, len(world.experiments) + 1)}"
    return Call("GET", world.path("experiments/get-by-name"), query={"experiment_name": name})


def search(world: World) -> Call:
    """A search in this trace's own experiments, by either method, page by page."""
    clauses = [f"name LIKE '{world.prefix} %'", world.rng.choice(_FILTERS)]
    question: dict[str, Any] = {
        "filter": " AND ".join(clause for clause in clauses if clause),
        "max_results": world.rng.choice([1, 2, 5, 1000]),
        "view_type": world.rng.choice(["ACTIVE_ONLY", "DELETED_ONLY", "ALL"]),
    }
    if world.chance(0.6):
        question["order_by"] = world.rng.choice(_ORDERS)
    path = world.path("experiments/search")
    if world.chance(0.5):
        return Call("POST", path, body=question, pages=12)
    return Call("GET", path, query={**question, "max_results": str(question["max_results"])}, pages=12)


def rename(world: World) -> Call:
    # Only a new name: MLflow answers a rename of a deleted experiment with a 500, which the cases table looks at.
    experiment = world.experiments[0] if world.experiments else "none"
    name = f"{world.prefix} experiment0 renamed {world.rng.randint(0, 9)}"
    body = {"experiment_id": f"${{{experiment}}}", "new_name": name}
    return Call("POST", world.path("experiments/update"), body=body)


def delete(world: World) -> Call:
    return _by_id(world, "experiments/delete", world.experiments[1:])


def restore(world: World) -> Call:
    return _by_id(world, "experiments/restore", world.experiments[1:])


def set_tag(world: World) -> Call:
    body = {"experiment_id": world.experiment(), "key": world.key(TAGS), "value": world.text()}
    return Call("POST", world.path("experiments/set-experiment-tag"), body=body)


def delete_tag(world: World) -> Call:
    body = {"experiment_id": world.experiment(), "key": world.key(TAGS)}
    return Call("POST", world.path("experiments/delete-experiment-tag"), body=body)


def _by_id(world: World, end: str, experiments: list[str]) -> Call:
    # The first experiment of a trace stays active, so that there is always somewhere to write.
    chosen = f"${{{world.rng.choice(experiments)}}}" if experiments else "0x"
    return Call("POST", world.path(end), body={"experiment_id": chosen})


def _new(world: World, symbol: str) -> dict[str, Any]:
    body: dict[str, Any] = {"name": f"{world.prefix} {symbol}"}
    if world.chance(0.3):
        body["tags"] = [{"key": key, "value": world.text()} for key in world.rng.sample(TAGS, 2)]
    if world.chance(0.1):
        body["artifact_location"] = "s3://somewhere/else"
    return body
