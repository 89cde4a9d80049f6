"""The records of reproductions: each is in the lists of both its runs, and never changes.

What was recorded stays when a run is deleted; readers are told that it is.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from chalicelib import clock
from chalicelib.access import identity
from chalicelib.approvals import reproduced
from chalicelib.reproductions import rules
from chalicelib.reproductions.schemas import CreateReproduction
from chalicelib.storage import keys, tables
from chalicelib.storage.items import RunInfo
from chalicelib.storage.registry_items import Reproduction
from chalicelib.storage.transactions import Refused, Transaction
from chalicelib.tracking.experiments import recent_experiments, resources
from chalicelib.tracking.experiments.lifecycle import ACTIVE
from chalicelib.tracking.runs import reading, runs


class Page(NamedTuple):
    """Records of a run that the caller may read, `hidden` others, the deleted runs among theirs, and where to go on."""

    records: Sequence[Reproduction]
    hidden: int
    deleted: frozenset[str]
    after: str | None


def create(request: CreateReproduction) -> Reproduction:
    """Record how a reproduction came out; of the same two runs, the first record stays.

    Raises ResourceDoesNotExist, InvalidState if the new run is not what a reproduction must be.
    """
    record = _stored(request) or tables.decided(lambda: _put(request))
    # Also if it was recorded before: that call may have stopped here.
    reproduced.arrived(request.run_id)
    return record


def page(run_id: str, after: str, most: int) -> Page:
    """A run's records, in both directions, after the key of one."""
    condition = Reproduction.sk > after if after else None
    found = list(islice(tables.query(Reproduction, keys.reproductions(run_id), condition), most + 1))
    taken = found[:most]
    infos = _infos({each for record in taken for each in (record.run_id, record.reproduced_run_id)})
    readable = set(resources.readable({info.experiment_id for info in infos}))
    known = {info.run_id for info in infos if info.experiment_id in readable}
    shown = [each for each in taken if {each.run_id, each.reproduced_run_id} <= known]
    deleted = frozenset(info.run_id for info in infos if recent_experiments.run_stage(info) != ACTIVE)
    return Page(shown, len(taken) - len(shown), deleted, found[most - 1].sk if len(found) > most else None)


def _stored(request: CreateReproduction) -> Reproduction | None:
    place = keys.reproductions(request.run_id), keys.reproduction("BY", request.reproduced_run_id)
    return tables.get(Reproduction, *place)


def _put(request: CreateReproduction) -> Reproduction | None:
    """The new record; or the stored one if another call was faster, None if it is not there yet."""
    _check(request)
    ours, theirs = _item(request), _item(request)
    theirs.pk, theirs.sk = keys.reproductions(request.reproduced_run_id), keys.reproduction("OF", request.run_id)
    transaction = Transaction()
    transaction.put(ours, Reproduction.pk.does_not_exist())
    transaction.put(theirs)
    try:
        transaction.commit()
    except Refused:
        return _stored(request)
    return ours


def _check(request: CreateReproduction) -> None:
    info = runs.load(request.reproduced_run_id)
    rules.check_run(request.verdict, info.status, info.created_by, identity.current().name)
    (run,) = reading.read_texts([info])
    rules.check_tag(run.tags, request.run_id)


def _item(request: CreateReproduction) -> Reproduction:
    return Reproduction(
        keys.reproductions(request.run_id),
        keys.reproduction("BY", request.reproduced_run_id),
        run_id=request.run_id,
        reproduced_run_id=request.reproduced_run_id,
        verdict=request.verdict,
        tolerance=request.tolerance,
        differences=request.differences.model_dump(),
        report=request.report,
        who=identity.current().name,
        at=clock.now_ms(),
    )


def _infos(run_ids: Iterable[str]) -> list[RunInfo]:
    rows = tables.get_run_rows([(keys.run(each), keys.INFO) for each in run_ids])
    return [row for row in rows.values() if isinstance(row, RunInfo)]
