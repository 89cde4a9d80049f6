"""What a process remembers of sealed runs holds until one is opened, whoever opens, seals and reads meanwhile."""

from collections.abc import Iterable

import pytest

from chalicelib import remembered
from chalicelib.tracking.experiments import populated
from chalicelib.tracking.index import sealed_runs
from chalicelib.tracking.runs.reading import Run
from tests import client as api
from tests import feeds
from tests.contract.sweeping import seal
from tests.feeds import log, searched


@pytest.fixture
def experiment_id() -> str:
    return api.create_experiment()


def test_the_first_run_that_another_process_seals_is_found(experiment_id: str) -> None:
    run_id = api.create_run(experiment_id)
    log(run_id, 1)
    searched(experiment_id)
    # The experiment and its feed: that nothing was sealed is known.
    assert searched(experiment_id)[1].trips == 2

    seal(run_id)
    feeds.moved(run_id)
    populated._newest.forget_all()

    assert searched(experiment_id)[0] == [run_id]


def test_a_sealed_run_is_read_again_once_it_was_opened(experiment_id: str) -> None:
    run_id = api.create_run(experiment_id)
    log(run_id, 1)
    seal(run_id)
    _, first = searched(experiment_id)
    _, second = searched(experiment_id)
    # The experiment, its feed and the rows of the index; at first the run, and whether any is sealed.
    assert (first.trips, second.trips) == (5, 3)

    api.done("/runs/set-tag", run_id=run_id, key="seen", value="twice")
    assert searched(experiment_id, filter="tags.seen = 'twice'")[0] == [run_id]
    seal(run_id)
    # Until then the process knows the run by its feed.
    feeds.moved(run_id)

    assert searched(experiment_id, filter="tags.seen = 'twice'")[0] == [run_id]


def test_a_run_that_is_opened_while_a_search_reads_it_is_not_remembered_as_it_was(
    experiment_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = api.create_run(experiment_id)
    log(run_id, 1)
    seal(run_id)
    searched(experiment_id)
    remembered.forget_all()
    read = sealed_runs.read

    def opened_before(run_ids: Iterable[str]) -> dict[str, Run]:
        monkeypatch.setattr(sealed_runs, "read", read)
        api.done("/runs/set-tag", run_id=run_id, key="seen", value="late")
        searched(experiment_id)
        return read(run_ids)

    monkeypatch.setattr(sealed_runs, "read", opened_before)
    searched(experiment_id)
    seal(run_id)
    feeds.moved(run_id)

    assert searched(experiment_id, filter="tags.seen = 'late'")[0] == [run_id]


BOTH = "tags.team = 'a' AND tags.kind = 'a'"


def sealed(experiment_id: str, **tags: str) -> str:
    run_id = api.create_run(experiment_id, tags=[{"key": key, "value": value} for key, value in tags.items()])
    log(run_id, 1)
    seal(run_id)
    feeds.moved(run_id)
    return run_id


def test_rows_that_were_read_to_their_end_are_not_read_again(experiment_id: str) -> None:
    sealed(experiment_id, team="a", kind="b")
    run_id = sealed(experiment_id, team="b", kind="a")
    _, first = searched(experiment_id, filter=BOTH)
    _, second = searched(experiment_id, filter=BOTH)
    # The experiment and its feed; at first whether any run is sealed, the rows of a tag, and the run that has it.
    assert (first.trips, second.trips) == (5, 2)

    api.done("/runs/set-tag", run_id=run_id, key="team", value="a")
    assert searched(experiment_id, filter=BOTH)[0] == [run_id]
    seal(run_id)
    assert searched(experiment_id, filter=BOTH)[0] == [run_id]
    # Until then the process knows the run by its feed.
    feeds.moved(run_id)
    assert searched(experiment_id, filter=BOTH)[0] == [run_id]


def test_a_run_that_is_created_and_sealed_meanwhile_is_found_beside_known_rows(experiment_id: str) -> None:
    sealed(experiment_id, team="a", kind="b")
    assert searched(experiment_id, filter=BOTH)[0] == []

    run_id = sealed(experiment_id, team="a", kind="a")

    assert searched(experiment_id, filter=BOTH)[0] == [run_id]
