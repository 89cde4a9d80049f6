"""Random calls about registered models and versions, on a few names that they keep making, moving and deleting."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.parity.calls import Call
from tests.parity.world import BAD_KEYS, World

STAGES = ["None", "staging", "Production", "ARCHIVED", "Staging", "production", "nobody"]
ACTIVE = ["Staging", "production", "PRODUCTION"]
ALIASES = ["champion", "challenger", "old", "latest", "v1", "a b"]
KEYS = ["team", "kind", "a b"]
VALUES = ["red", "Red", "blue", "", "x_y", "100%"]
NAMES = 4

_FILTERS_OF_MODELS = [
    "tags.team = 'red'",
    "tags.team != 'red'",
    "tag.kind ILIKE 'R%'",
    "name != 'x'",
    "tags.`a b` LIKE '%'",
]
_ORDERS_OF_MODELS = [
    ["name DESC"],
    ["name"],
    ["timestamp DESC"],
    ["last_updated_timestamp ASC", "name DESC"],
    ["nobody"],
]
_FILTERS = [
    "version_number > 2",
    "version_number <= '3'",
    "tags.team = 'red'",
    "source_path LIKE '%m1'",
    "run_id != 'x'",
]
_ORDERS = [["version_number ASC"], ["name DESC", "version_number ASC"], ["creation_timestamp DESC"], ["run_id"]]


@dataclass(frozen=True)
class Names:
    """The few names of one trace; all carry its seed."""

    world: World

    def name(self) -> str:
        return f"trace {self.world.prefix} {self.world.rng.randint(1, NAMES)}"

    def version(self) -> str:
        return "x" if self.world.chance(0.02) else str(self.world.rng.randint(1, 6))

    def tag(self) -> dict[str, str]:
        key = self.world.rng.choice(BAD_KEYS) if self.world.chance(0.03) else self.world.rng.choice(KEYS)
        return {"key": key, "value": self.world.rng.choice(VALUES)}

    def of_version(self) -> dict[str, str]:
        return {"name": self.name(), "version": self.version()}


def trace(seed: int, calls: int) -> Iterator[Call]:
    """A run to register from and a few versions, then as many calls, and a look at all that is left."""
    world = World(seed)
    names = Names(world)
    body = {"experiment_id": "0", "start_time": 1, "run_name": "registered"}
    yield Call("POST", world.path("runs/create"), body=body, learn={"run": "run.info.run_id"})
    for number in range(1, NAMES + 1):
        name = f"trace {world.prefix} {number}"
        yield Call("POST", world.path("registered-models/create"), body={"name": name})
        for _ in range(number):
            version = {"name": name, "source": "runs:/${run}/m1", "run_id": "${run}"}
            yield Call("POST", world.path("model-versions/create"), body=version)
    kinds = [kind for kind, weight in _WEIGHTS for _ in range(weight)]
    for kind in world.rng.choices(kinds, k=calls):
        yield kind(names)
    for number in range(1, NAMES + 1):
        name = f"trace {world.prefix} {number}"
        yield Call("GET", world.path("registered-models/get"), query={"name": name})
        yield Call("GET", world.path("model-versions/search"), query={"filter": f"name = '{name}'"})


def _create(names: Names) -> Call:
    body: dict[str, Any] = {"name": names.name(), "tags": [names.tag()]}
    if names.world.chance(0.5):
        body["description"] = names.world.rng.choice(VALUES)
    return _post(names, "registered-models/create", body)


def _create_version(names: Names) -> Call:
    body: dict[str, Any] = {"name": names.name(), "run_id": "${run}", "tags": [names.tag()]}
    body["source"] = f"runs:/${{run}}/m{names.world.rng.randint(0, 2)}"
    if names.world.chance(0.15):
        suffix = names.world.rng.choice(["/1", "/2", "/7", "@champion", "@nobody"])
        body = {"name": body["name"], "source": f"models:/{names.name()}{suffix}"}
    return _post(names, "model-versions/create", body)


def _rename(names: Names) -> Call:
    return _post(names, "registered-models/rename", {"name": names.name(), "new_name": names.name()})


def _update(names: Names) -> Call:
    thing, path = names.world.rng.choice(
        [({"name": names.name()}, "registered-models/update"), (names.of_version(), "model-versions/update")]
    )
    described = {"description": names.world.rng.choice(VALUES)} if names.world.chance(0.7) else {}
    return Call("PATCH", names.world.path(path), body={**thing, **described})


def _delete(names: Names) -> Call:
    return Call("DELETE", names.world.path("registered-models/delete"), body={"name": names.name()})


def _delete_version(names: Names) -> Call:
    return Call("DELETE", names.world.path("model-versions/delete"), body=names.of_version())


def _transition(names: Names) -> Call:
    archives = names.world.chance(0.4)
    # With any other stage it is a 500 in MLflow, which the cases table looks at.
    stage = names.world.rng.choice(ACTIVE if archives else STAGES)
    body = {**names.of_version(), "stage": stage, "archive_existing_versions": archives}
    return _post(names, "model-versions/transition-stage", body)


def _set_tag(names: Names) -> Call:
    if names.world.chance(0.5):
        return _post(names, "registered-models/set-tag", {"name": names.name(), **names.tag()})
    return _post(names, "model-versions/set-tag", {**names.of_version(), **names.tag()})


def _delete_tag(names: Names) -> Call:
    key = {"key": names.tag()["key"]}
    thing, path = names.world.rng.choice(
        [({"name": names.name()}, "registered-models/delete-tag"), (names.of_version(), "model-versions/delete-tag")]
    )
    return Call("DELETE", names.world.path(path), body={**thing, **key})


def _set_alias(names: Names) -> Call:
    body = {**names.of_version(), "alias": names.world.rng.choice(ALIASES)}
    return _post(names, "registered-models/alias", body)


def _delete_alias(names: Names) -> Call:
    body = {"name": names.name(), "alias": names.world.rng.choice(ALIASES)}
    return Call("DELETE", names.world.path("registered-models/alias"), body=body)


def _get_by_alias(names: Names) -> Call:
    # Of a model without versions `latest` is not there; of one with any it is the highest.
    return _get(names, "registered-models/alias", {"name": names.name(), "alias": names.world.rng.choice(ALIASES)})


def _get_model(names: Names) -> Call:
    return _get(names, "registered-models/get", {"name": names.name()})


def _get_version(names: Names) -> Call:
    return _get(names, "model-versions/get", names.of_version())


def _get_latest(names: Names) -> Call:
    body = {"name": names.name(), "stages": [names.world.rng.choice(STAGES)]}
    return _post(names, "registered-models/get-latest-versions", body)


def _search_models(names: Names) -> Call:
    clauses = [f"name LIKE 'trace {names.world.prefix} %'", names.world.rng.choice(_FILTERS_OF_MODELS)]
    return _search(names, "registered-models/search", " AND ".join(clauses), _ORDERS_OF_MODELS)


def _search_versions(names: Names) -> Call:
    own = names.world.rng.choice(
        [f"name = '{names.name()}'", "run_id = '${run}'", f"name IN ('{names.name()}', 'nobody')"]
    )
    # The default order is by times that two calls may share; MLflow's clock ticks in ms as ours does.
    return _search(names, "model-versions/search", f"{own} AND {names.world.rng.choice(_FILTERS)}", _ORDERS)


def _search(names: Names, path: str, text: str, orders: list[list[str]]) -> Call:
    query: dict[str, Any] = {"filter": text, "max_results": names.world.rng.choice(["1", "3", "1000"])}
    query["order_by"] = names.world.rng.choice(orders)
    return _get(names, path, query, pages=12)


def _get(names: Names, path: str, query: dict[str, Any], pages: int = 0) -> Call:
    return Call("GET", names.world.path(path), query=query, pages=pages)


def _post(names: Names, path: str, body: dict[str, Any]) -> Call:
    return Call("POST", names.world.path(path), body=body)


_WEIGHTS: list[tuple[Callable[[Names], Call], int]] = [
    (_create, 4),
    (_create_version, 20),
    (_rename, 2),
    (_update, 4),
    (_delete, 1),
    (_delete_version, 4),
    (_transition, 8),
    (_set_tag, 5),
    (_delete_tag, 3),
    (_set_alias, 6),
    (_delete_alias, 2),
    (_get_by_alias, 5),
    (_get_model, 6),
    (_get_version, 5),
    (_get_latest, 4),
    (_search_models, 5),
    (_search_versions, 7),
]
