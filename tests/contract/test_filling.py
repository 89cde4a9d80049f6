"""What earlier versions stored without rows gets them from the sweeper; only then do searches rely on them."""

from collections.abc import Callable
from typing import Any

from chalicelib import remembered
from chalicelib.access import filled, granted, levels
from chalicelib.access.identity import Identity, acting_as
from chalicelib.registry import grants as registered
from chalicelib.registry import models
from chalicelib.storage import keys, tables
from chalicelib.storage.items import ExperimentWithOpenRuns, ExperimentWithSealedRuns, Filled
from chalicelib.storage.models import RunsItem
from chalicelib.tracking.experiments import grants, populated
from tests import client as api
from tests.contract.store import of_the_version_before
from tests.contract.timeline import Timeline

ADA, BOB = Identity("ada"), Identity("bob")
LISTS = (keys.WITH_OPEN_RUNS, keys.WITH_SEALED_RUNS, keys.WITH_MODELS)


def lists() -> dict[str, list[str]]:
    return {pk: list(tables.query_keys(pk)) for pk in LISTS}


def granted_to(user: str) -> list[str]:
    return sorted(row.sk for row in tables.query(type(granted.row("", "", "")), keys.granted(user)))


def test_runs_and_models_of_an_earlier_version_are_listed() -> None:
    time = Timeline()
    sealed, opened, model, deleted = (api.create_experiment(name) for name in ("sealed", "open", "model", "deleted"))
    for experiment_id in (sealed, deleted):
        run_id = time.do(lambda: api.create_run(experiment_id, start_time=77))  # noqa: B023
        time.do(lambda: api.done("/runs/update", run_id=run_id, status="FINISHED"))  # noqa: B023
    api.create_model(model)
    time.sweep(3)
    time.do(lambda: api.done("/experiments/delete", experiment_id=deleted))
    time.do(lambda: api.create_run(opened))
    before = lists()
    _forgotten()

    time.sweep(1)

    assert lists() == before
    newest = tables.get(ExperimentWithSealedRuns, keys.WITH_SEALED_RUNS, keys.experiment(sealed))
    assert newest is not None
    assert newest.newest == 77
    assert {keys.experiment(each) for each in (sealed, deleted)} == set(before[keys.WITH_SEALED_RUNS])


def test_grants_of_an_earlier_version_are_listed() -> None:
    with acting_as(ADA):
        experiment_id = api.create_experiment("hers")
        model = models.create("wine", None, {})
        registered.set_grant("wine", "bob", levels.READ)
    grants.set_grant(experiment_id, "bob", levels.DENY)
    before = granted_to("ada"), granted_to("bob")
    _forgotten()

    Timeline().sweep(1)

    assert (granted_to("ada"), granted_to("bob")) == before
    assert before[1] == [
        keys.granted_thing("experiment", experiment_id),
        keys.granted_thing("registered_model", model.model_id),
    ]


def test_rows_count_as_complete_a_quarter_of_an_hour_after_the_first_round() -> None:
    of_the_version_before()
    time = Timeline()

    time.sweep(1)
    first = _are_complete()
    time.wait(60_000)
    time.sweep_now()
    soon = _are_complete()
    time.sweep(1)

    assert (first, soon, _are_complete()) == (False, False, True)


def test_rows_are_filled_in_again_when_an_earlier_version_may_have_been_back() -> None:
    time = Timeline()
    time.sweep(2)
    time.wait(1_600_000)

    time.sweep_now()

    assert not _are_complete()


def test_a_grant_and_its_row_come_and_go_together() -> None:
    experiment_id = api.create_experiment()
    models.create("wine", None, {})
    for set_grant, name in ((grants.set_grant, experiment_id), (registered.set_grant, "wine")):
        _grant(set_grant, name, levels.READ)
        _grant(set_grant, name, levels.MANAGE)
    both = granted_to("ada")
    for set_grant, name in ((grants.set_grant, experiment_id), (registered.set_grant, "wine")):
        _grant(set_grant, name, None)

    assert [each.partition("#")[0] for each in both] == ["experiment", "registered_model"]
    assert granted_to("ada") == []


def test_a_deleted_model_takes_the_rows_of_its_grants_along() -> None:
    with acting_as(ADA):
        models.create("wine", None, {})
    registered.set_grant("wine", "bob", levels.READ)

    models.delete("wine")

    assert granted_to("ada") == granted_to("bob") == []


def test_an_experiment_leaves_the_list_when_no_run_was_open_for_five_minutes() -> None:
    time, experiment_id = Timeline(), api.create_experiment()
    run_id = time.do(lambda: api.create_run(experiment_id))
    time.do(lambda: api.done("/runs/update", run_id=run_id, status="FINISHED"))
    listed = [keys.experiment(experiment_id)]

    time.wait(61_000)
    time.sweep_now()
    assert lists()[keys.WITH_OPEN_RUNS] == listed
    time.sweep(2)
    assert lists()[keys.WITH_OPEN_RUNS] == []

    time.do(lambda: api.done("/runs/set-tag", run_id=run_id, key="k", value="v"))
    assert lists()[keys.WITH_OPEN_RUNS] == listed


def test_a_row_that_was_put_again_meanwhile_stays() -> None:
    time, experiment_id = Timeline(), api.create_experiment()
    populated.put_with_open_run(experiment_id, [])
    began = time.now_ms + 400_000
    remembered.forget_all()
    time.wait(400_000)
    time.do(lambda: populated.put_with_open_run(experiment_id, []))

    populated.tidy([], began)

    assert lists()[keys.WITH_OPEN_RUNS] == [keys.experiment(experiment_id)]


def _grant(set_grant: Callable[[str, str, str | None], Any], name: str, level: str | None) -> None:
    set_grant(name, "ada", level)


def _are_complete() -> bool:
    remembered.forget_all()
    return filled.is_complete()


def _forgotten() -> None:
    """Take away all that an earlier version did not write."""
    rows: list[RunsItem] = [ExperimentWithOpenRuns(pk, sort_key) for pk, found in lists().items() for sort_key in found]
    tables.delete_all(rows)
    for user in ("ada", "bob"):
        tables.delete_all(type(granted.row("", "", ""))(keys.granted(user), each) for each in granted_to(user))
    tables.delete(Filled(keys.FILLED, keys.COMPLETE))
    remembered.forget_all()
