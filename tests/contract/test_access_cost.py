"""What closed access may add to a request's cost, by the store's own count of units and by our round trips.

remembered   what was read of token and user up to five seconds ago: nothing
cold         token and user in one call, 2 read units, before what the request itself reads
fresh        the same, for whatever changes something; and the experiment's or the registered model's grants
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from chalicelib import config, remembered
from chalicelib.access import authentication, tokens
from chalicelib.errors import Unauthenticated
from chalicelib.storage.capacity import Meter, metered
from tests import principals
from tests.client import Answer
from tests.principals import Principal

MLFLOW = "/api/2.0/mlflow"


@dataclass(frozen=True)
class World:
    ada: Principal
    experiment_id: str
    run_id: str


@pytest.fixture
def world(store: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A user with an experiment and a run, in a process that shows what its requests consume."""
    monkeypatch.setenv("CUMULOG_SHOW_CAPACITY", "1")
    with principals.closed():
        remembered.forget_all()
        ada = principals.user(principals.admin(), "ada")
        experiment_id = ada.done(f"{MLFLOW}/experiments/create", name="e")["experiment_id"]
        run = ada.done(f"{MLFLOW}/runs/create", experiment_id=experiment_id, start_time=1)["run"]
        yield World(ada, experiment_id, run["info"]["run_id"])
    config.settings.cache_clear()


def test_a_warm_log_metric_costs_what_it_costs_with_access_open(world: World) -> None:
    log_metric(world, step=1)

    assert consumed(log_metric(world, step=2)) == Meter(read=0, write=1, trips=1)


def test_a_cold_log_metric_costs_five_read_units(world: World) -> None:
    remembered.forget_all()

    # Token and user, the run to know its experiment, the experiment, and the run once more to know that it is open.
    assert consumed(log_metric(world, step=1)) == Meter(read=5, write=1, trips=5)


def test_a_warm_get_of_a_run_costs_what_it_costs_with_access_open(world: World) -> None:
    get_run(world)

    closed = consumed(get_run(world))

    assert closed == opened(world, lambda: get_run(world))


def test_a_write_reads_token_user_and_grants_anew(world: World) -> None:
    update_run(world)

    closed = consumed(update_run(world))

    free = opened(world, lambda: update_run(world))
    # Token and user in one call, and the experiment, which holds the grants, in another: strongly, as all reads are.
    assert closed == replace(free, read=free.read + 3, trips=free.trips + 2)


def test_creating_an_experiment_reads_token_and_user_anew(world: World) -> None:
    first = consumed(create_experiment(world, "first"))
    second = consumed(create_experiment(world, "second"))

    free = opened(world, lambda: create_experiment(world, "third"))
    # What is granted to its creator is also listed beside the creator, in the same transaction.
    assert first == second == replace(free, read=free.read + 2, write=free.write + 2, trips=free.trips + 1)


def test_the_authorizer_reads_the_token_once_a_minute(world: World) -> None:
    remembered.forget_all()

    with metered() as first:
        get_run(world)
    with metered() as second:
        get_run(world)

    # What the handler reads is on a meter of its own.
    assert first == Meter(read=1, trips=1)
    assert second == Meter()


def test_junk_costs_nothing(world: World) -> None:
    with metered() as meter:
        answer = principals.send("GET", f"{MLFLOW}/runs/get", "Bearer cml_p_" + "x" * 71)

    assert (answer.status, meter) == (401, Meter())


def log_metric(world: World, step: int) -> Answer:
    point = {"key": "loss", "value": 0.5, "timestamp": step, "step": step}
    return world.ada.post(f"{MLFLOW}/runs/log-metric", run_id=world.run_id, **point)


def get_run(world: World) -> Answer:
    return world.ada.get(f"{MLFLOW}/runs/get", run_id=world.run_id)


def update_run(world: World) -> Answer:
    return world.ada.post(f"{MLFLOW}/runs/update", run_id=world.run_id, run_name="renamed")


def create_experiment(world: World, name: str) -> Answer:
    return world.ada.post(f"{MLFLOW}/experiments/create", name=name)


def consumed(answer: Answer) -> Meter:
    """What the handler says that a request consumed."""
    assert answer.status == 200, answer
    told = dict(part.split("=") for part in answer.headers["X-Cumulog-Capacity"].split("; "))
    return Meter(float(told["read"]), float(told["write"]), int(told["trips"]))


def opened(world: World, ask: Callable[[], Answer]) -> Meter:
    """What the same request consumes with access open."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CUMULOG_ACCESS", "open")
        config.settings.cache_clear()
        found = consumed(ask())
    config.settings.cache_clear()
    return found


def test_a_token_that_is_refused_again_costs_no_second_read(world: World) -> None:
    made_up = tokens.new(tokens.PERSON).text
    junk = made_up[:-1] + ("a" if made_up[-1] != "a" else "b")

    def spent(text: str) -> Meter:
        with metered() as meter, pytest.raises(Unauthenticated):
            authentication.check(f"Bearer {text}")
        return meter

    assert [spent(junk).read, spent(made_up).read, spent(made_up).read] == [0, 1, 0]


def test_a_token_is_taken_right_after_another_was_refused(world: World) -> None:
    with pytest.raises(Unauthenticated):
        authentication.check(f"Bearer {tokens.new(tokens.PERSON).text}")

    assert authentication.check(f"Bearer {world.ada.token}").owner == "ada"
