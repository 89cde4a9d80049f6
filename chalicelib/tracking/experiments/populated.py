"""Which experiments have open runs, sealed runs or logged models. A search of a thousand experiments asks only those.

Three lists, each a partition of small rows:

    with open runs     put in one batch with a run's OPEN row, by each process once a minute at most;
                       deleted by the sweeper when no run was open for five minutes
    with sealed runs   holds when the last started of them started; put before a run's index rows; stays
    with models        put in one batch with a logged model; stays

A row may be there in vain. None may be missing, so a reader reads the first list and the OPEN rows before the second
list, as sealing writes the second before it takes a run from the first. The runs and models of earlier versions have no
rows: the sweeper puts those (`sweeper/filling.py`), and until it is done every experiment is asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from chalicelib import clock
from chalicelib.access.filled import is_complete
from chalicelib.remembered import Remembered
from chalicelib.storage import keys, tables
from chalicelib.storage.connection import connection
from chalicelib.storage.failures import ConditionFailed
from chalicelib.storage.items import ExperimentWithModels, ExperimentWithOpenRuns, ExperimentWithSealedRuns
from chalicelib.storage.models import RunsItem

# Asking so many experiments directly is no dearer than reading a list.
_FEW = 20
# A process puts a row again after a minute, and a call takes 35 seconds at most: a row this old has no call behind it.
_UNUSED_MS = 300_000

_with_open: Remembered[tuple[object, str], bool] = Remembered(most=1_000, seconds=60)
_with_models: Remembered[tuple[object, str], bool] = Remembered(most=10_000)
# What is remembered here is never more than what is stored, because that only grows.
_newest: Remembered[tuple[object, str], int] = Remembered(most=10_000)
# The last listing of open runs after which there were no sealed ones.
_none_at: Remembered[tuple[object, str], int] = Remembered(most=10_000)


def put_with_open_run(experiment_id: str, items: Sequence[RunsItem]) -> None:
    """Put what opens a run, after the experiment's row."""
    row = ExperimentWithOpenRuns(
        keys.WITH_OPEN_RUNS, keys.experiment(experiment_id), since=clock.now_ms(), token=clock.unique_id()
    )
    _put(_with_open, experiment_id, row, items)


def put_with_model(experiment_id: str, items: Sequence[RunsItem]) -> None:
    """Put a logged model, after the experiment's row."""
    row = ExperimentWithModels(keys.WITH_MODELS, keys.experiment(experiment_id))
    _put(_with_models, experiment_id, row, items)


def note_sealed(experiment_id: str, start_ms: int) -> None:
    """Note that the experiment has a sealed run that started then. Call this before its index rows are put."""
    key = (connection(), experiment_id)
    known = _newest.get(key)
    if known is None or known < start_ms:
        _newest.refresh(key, lambda: _raised(experiment_id, start_ms))


def with_open_runs(experiment_ids: Sequence[str]) -> list[str]:
    """Those of the experiments that may have open runs."""
    return _those_listed(ExperimentWithOpenRuns, keys.WITH_OPEN_RUNS, experiment_ids)


def with_models(experiment_ids: Sequence[str]) -> list[str]:
    """Those of the experiments that may have logged models."""
    return _those_listed(ExperimentWithModels, keys.WITH_MODELS, experiment_ids)


def newest_sealed(experiment_ids: Sequence[str], listings: Mapping[str, int]) -> dict[str, int | None]:
    """Those of the experiments that may have sealed runs; none of them started later than this (ms, None: unknown).

    `listings` says for some of them which listing of open runs the caller holds, with all that are sealed after it. If
    an experiment had no sealed runs after that listing, the caller has all, and the store is not asked again.
    """
    if len(experiment_ids) <= _FEW:
        return dict.fromkeys(_with_sealed_runs(experiment_ids, listings))
    rows = _listed(ExperimentWithSealedRuns, keys.WITH_SEALED_RUNS, experiment_ids)
    if rows is None:
        return dict.fromkeys(experiment_ids)
    found = ((each, rows.get(keys.experiment(each))) for each in experiment_ids)
    return {each: int(row.newest) for each, row in found if row is not None}


def tidy(open_in: Iterable[str], since_ms: int) -> None:
    """Take all experiments from the first list but those with open runs, as all were looked at since that time."""
    kept = set(map(keys.experiment, open_in))
    for row in list(tables.query(ExperimentWithOpenRuns, keys.WITH_OPEN_RUNS)):
        if row.sk not in kept and row.since < since_ms - _UNUSED_MS:
            # Another call may be about to open a run, and has put the row again.
            with suppress(ConditionFailed):
                tables.delete(row, ExperimentWithOpenRuns.token == row.token)


def _with_sealed_runs(experiment_ids: Sequence[str], listings: Mapping[str, int]) -> list[str]:
    """Those of a few experiments that may have sealed runs. One that has some keeps them, so it is remembered."""
    if not is_complete():
        return list(experiment_ids)
    known = {each for each in experiment_ids if _newest.get((connection(), each)) is not None}
    without = {each for each, listing in listings.items() if _none_at.get((connection(), each)) == listing}
    unknown = [each for each in experiment_ids if each not in known | without]
    found = _found_with_sealed_runs(unknown, listings) if unknown else set()
    return [each for each in experiment_ids if each in known | found]


def _found_with_sealed_runs(unknown: Sequence[str], listings: Mapping[str, int]) -> set[str]:
    """Those of the unknown experiments that have some. What is learned of each is remembered."""
    begun, none_begun = _newest.begin(), _none_at.begin()
    rows = tables.get_many(ExperimentWithSealedRuns, keys.WITH_SEALED_RUNS, list(map(keys.experiment, unknown)))
    found = {row.sk: int(row.newest) for row in rows}
    for each in unknown:
        if (newest := found.get(keys.experiment(each))) is not None:
            _newest.keep(begun, (connection(), each), newest)
        elif each in listings:
            _none_at.keep(none_begun, (connection(), each), listings[each])
    return {each for each in unknown if keys.experiment(each) in found}


def _put(
    remembered: Remembered[tuple[object, str], bool], experiment_id: str, row: RunsItem, items: Sequence[RunsItem]
) -> None:
    begun, key = remembered.begin(), (connection(), experiment_id)
    if remembered.get(key):
        tables.put_all(items)
        return
    tables.put_all([row, *items])
    remembered.keep(begun, key, True)


def _raised(experiment_id: str, start_ms: int) -> int:
    """Store a later start, and return what is stored."""
    row = ExperimentWithSealedRuns(keys.WITH_SEALED_RUNS, keys.experiment(experiment_id))
    newest = ExperimentWithSealedRuns.newest
    try:
        tables.update(row, [newest.set(start_ms)], newest.does_not_exist() | (newest < start_ms))
    except ConditionFailed:
        stored = tables.get(ExperimentWithSealedRuns, row.pk, row.sk)
        return int(stored.newest) if stored else start_ms
    return start_ms


def _those_listed(kind: type[tables.AnyItem], pk: str, experiment_ids: Sequence[str]) -> list[str]:
    """Those of the experiments that a list has; all of them if it is not read."""
    rows = _listed(kind, pk, experiment_ids)
    return [each for each in experiment_ids if rows is None or keys.experiment(each) in rows]


def _listed(kind: type[tables.AnyItem], pk: str, experiment_ids: Sequence[str]) -> dict[str, tables.AnyItem] | None:
    """The rows of a list for at least these experiments, by sort key; None if asking each of them is as good."""
    if len(experiment_ids) <= _FEW or not is_complete():
        return None
    wanted = sorted(map(keys.experiment, experiment_ids))
    return {row.sk: row for row in tables.query(kind, pk, kind.sk.between(wanted[0], wanted[-1]))}
