"""Who comes to a run at the same time as the sweeper: no sign of life is missed, and no end."""

import itertools

import pytest

from chalicelib.storage.items import Lease
from chalicelib.sweeper.lapsing import end_silent
from tests import client as api
from tests.contract.at_once import at_once
from tests.contract.faults import injected, meanwhile
from tests.contract.leased import (
    HAS_FINISHED,
    RUNS,
    WAS_KILLED,
    Move,
    Seen,
    finish,
    lease_of,
    leased_run,
    renew,
    seen,
    silent,
    sweep,
)

RACES = 12


def test_a_renewal_and_the_sweeper_at_once_leave_a_run_that_runs() -> None:
    for _ in range(RACES):
        run_id = leased_run()
        silent(run_id)

        at_once(lambda worker, run=run_id: renew(run) if worker % 2 else end_silent(), 4)

        assert seen(run_id) == RUNS
        assert lease_of(run_id) is not None


def test_the_end_of_a_run_and_the_sweeper_at_once_leave_a_run_that_has_finished() -> None:
    for _ in range(RACES):
        run_id = leased_run()
        silent(run_id)

        at_once(lambda worker, run=run_id: finish(run) if worker == 0 else end_silent(), 3)

        assert seen(run_id) == HAS_FINISHED
        end_silent()
        assert lease_of(run_id) is None


def test_several_sweepers_at_once_end_a_run_once() -> None:
    run_id = leased_run()
    before = silent(run_id)

    at_once(lambda _: end_silent(), 6)

    assert seen(run_id) == WAS_KILLED
    assert api.get("/runs/get", run_id=run_id).body["run"]["info"]["end_time"] == before
    assert lease_of(run_id) is None


def test_an_end_on_purpose_and_a_renewal_at_once_leave_the_run_ended() -> None:
    for _ in range(RACES):
        run_id = leased_run()
        sweep()

        def work(worker: int, run: str = run_id) -> object:
            if worker:
                return renew(run)
            return api.done("/runs/update", run_id=run, status="KILLED", end_time=9)

        at_once(work, 3)

        assert seen(run_id) == ("KILLED", True, False)
        assert renew(run_id).keys() <= {"ended", "expires"}


def renew_as_another(run_id: str) -> None:
    assert api.lease(run_id, "you").status == 200


def look_after(_: str) -> None:
    end_silent()


def kill(run_id: str) -> None:
    api.done("/runs/update", run_id=run_id, status="KILLED", end_time=9)


def go_on(run_id: str) -> None:
    api.done("/runs/update", run_id=run_id, status="RUNNING")


# Two who come at the same time to a run that was silent, and what it is afterwards.
OF_A_SILENT_RUN = [
    (renew, look_after, RUNS),
    (renew_as_another, look_after, RUNS),
    (finish, look_after, HAS_FINISHED),
    (look_after, renew, RUNS),
    (look_after, renew_as_another, RUNS),
    (look_after, finish, HAS_FINISHED),
    (look_after, look_after, WAS_KILLED),
]
OF_A_KILLED_RUN = [
    (renew, kill, ("KILLED", True, False)),
    (renew, renew_as_another, RUNS),
    (renew, look_after, RUNS),
    (renew, go_on, RUNS),
    (go_on, renew, RUNS),
    (finish, renew, HAS_FINISHED),
]


def _named(case: object) -> str | None:
    return getattr(case, "__name__", None)


@pytest.mark.parametrize(("one", "other", "expected"), OF_A_SILENT_RUN, ids=_named)
def test_two_who_come_to_a_silent_run_at_the_same_time(
    one: Move, other: Move, expected: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in itertools.count():
        run_id = leased_run()
        silent(run_id)

        if not _both(one, other, run_id, at, monkeypatch):
            break
        assert seen(run_id) == expected, at
        assert _is_fitting(lease_of(run_id), expected), at


@pytest.mark.parametrize(("one", "other", "expected"), OF_A_KILLED_RUN, ids=_named)
def test_two_who_come_to_a_killed_run_at_the_same_time(
    one: Move, other: Move, expected: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in itertools.count():
        run_id = leased_run()
        silent(run_id)
        end_silent()

        if not _both(one, other, run_id, at, monkeypatch):
            break
        assert seen(run_id) == expected, at


def _both(one: Move, other: Move, run_id: str, at: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """One makes its move, the other its own before that write of the first; False if there is no such write."""
    made = []

    def interrupt() -> None:
        made.append(other(run_id))

    with injected(meanwhile(at, interrupt), monkeypatch):
        one(run_id)
    return bool(made)


def _is_fitting(lease: Lease | None, expected: Seen) -> bool:
    """A run that goes on has a lease, one that was killed has none; that of any other is left to the sweeper."""
    return lease is not None if expected == RUNS else lease is None or expected == HAS_FINISHED
