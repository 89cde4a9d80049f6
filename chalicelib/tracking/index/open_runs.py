"""Searching the open runs. There are few, so a search examines all of them, but reads a run's log only if needed.

A few calls read INFO of all open runs, which decides most cases. The log is read, with one query per run, only for the
remaining runs: all of them if the search is about metrics, otherwise those on the page.
"""

from collections.abc import Iterable, Sequence

from chalicelib.search.field import Entity
from chalicelib.search.match import predicate
from chalicelib.search.record import Record
from chalicelib.search.search import Search
from chalicelib.storage import keys, tables
from chalicelib.storage.items import OpenRun, RunInfo
from chalicelib.storage.parallel import Deadline
from chalicelib.tracking.index.run_records import Stages, record
from chalicelib.tracking.runs import reading
from chalicelib.tracking.runs.reading import Run


def ids_of(experiment_ids: Iterable[str], until: Deadline) -> list[str]:
    """Return the ids of the experiments' open runs, including those that are about to be sealed."""
    partitions = [keys.open_runs(experiment_id) for experiment_id in experiment_ids]
    found = until.each(lambda pk: [row.sk for row in tables.query(OpenRun, pk)], partitions)
    return list(dict.fromkeys(run_id for run_ids in found for run_id in run_ids))


def search(question: Search, run_ids: Iterable[str], stages: Stages) -> list[tuple[Record, Run]]:
    """Return the runs that match, in no particular order. Runs that come after the page may be left out."""
    infos = tables.get_each(RunInfo, [(keys.run(run_id), keys.INFO) for run_id in run_ids])
    in_question = _in_question(question, [info for info in infos if stages.include(info)])
    found = [(record(run), run) for run in reading.complete(in_question)]
    return [(each, run) for each, run in found if question.is_answered_by(each)]


def _in_question(question: Search, infos: Iterable[RunInfo]) -> list[RunInfo]:
    """Return the runs that INFO does not rule out."""
    # Without MORE items, INFO holds everything except the metrics.
    may_match = predicate([each for each in question.comparisons if each.field.entity is not Entity.METRIC])
    unknown: list[RunInfo] = []
    known: list[tuple[Record, RunInfo]] = []
    for info in infos:
        if info.more:
            unknown.append(info)
            continue
        each = record(Run(info, params=info.params, tags=info.tags))
        if may_match(each):
            known.append((each, info))
    return [*unknown, *_first(question, known)]


def _first(question: Search, known: Sequence[tuple[Record, RunInfo]]) -> Iterable[RunInfo]:
    """Return the runs that can be on the page; all of them if the search uses metrics."""
    fields = [each.field for each in question.comparisons] + [term.field for term in question.ordering.terms]
    if any(field.entity is Entity.METRIC for field in fields):
        return [info for _, info in known]
    answers = sorted(
        ((question.key(each), info) for each, info in known if question.is_answered_by(each)), key=lambda pair: pair[0]
    )
    return [info for _, info in answers[: question.max_results + 1]]
