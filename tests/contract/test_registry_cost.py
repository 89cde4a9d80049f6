"""What calls to the registry may consume, by the store's own count of units and by our round trips."""

from collections.abc import Callable
from typing import Any

from chalicelib import clock, remembered
from chalicelib.registry import versions
from chalicelib.registry.chain import changes
from chalicelib.registry.versions import NewVersion
from chalicelib.storage.capacity import Meter, metered
from tests import client as api


def test_getting_a_registered_model_with_150_versions_costs_three_read_units() -> None:
    source = _registered(count=150)

    warm = _cost(lambda: read(source["name"]))
    remembered.forget_all()
    cold = _cost(lambda: read(source["name"]))

    assert (warm.trips, cold.trips) == (2, 3)
    assert warm.read <= 2
    assert cold.read <= 3


def test_each_further_stage_costs_one_read_unit() -> None:
    source = _registered(count=5)
    for number, stage in ((2, "Production"), (3, "Staging")):
        api.done("/model-versions/transition-stage", name=source["name"], version=str(number), stage=stage)

    cost = _cost(lambda: read(source["name"]))

    assert cost.trips == 2
    assert cost.read <= 4


def test_creating_a_version_of_a_known_model_takes_two_trips() -> None:
    source = _registered(count=1)
    new = NewVersion(source=source["source"], location="mlflow-artifacts:/0/r/artifacts/model", run_id=source["run_id"])

    cost = _cost(lambda: versions.create(source["name"], new))

    assert cost.trips == 2
    # The model, its version, the link of the chain and the run's row, twice each for the transaction.
    assert cost.write <= 8


def read(name: str) -> list[Any]:
    """What a get of a registered model reads."""
    return versions.latest(changes.load(name))


def _cost(call: Callable[[], Any]) -> Meter:
    with metered() as meter:
        call()
    return meter


def _registered(count: int) -> dict[str, str]:
    """A registered model with so many versions; what made the last one of them."""
    run_id = api.create_run(api.create_experiment(clock.unique_id()))
    source = {"name": clock.unique_id(), "source": f"runs:/{run_id}/model", "run_id": run_id}
    api.done("/registered-models/create", name=source["name"])
    for _ in range(count):
        api.done("/model-versions/create", **source)
    return source
