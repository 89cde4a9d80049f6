"""The index of an experiment beside its runs: what should be in the table by `runs/get`, and what searches answer."""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.search.record import DatasetRecord, Record
from chalicelib.search.search import Query, search
from chalicelib.storage import keys, tables
from chalicelib.storage.items import OpenRun, RunInfo, SealedRun
from chalicelib.storage.tables import Key
from chalicelib.tracking.experiments import experiments, lifecycle
from chalicelib.tracking.index.index_rows import rows_of
from chalicelib.tracking.index.vocabulary import RUNS
from chalicelib.tracking.runs import runs
from tests import client as api

Json = dict[str, Any]

VIEWS = {"ACTIVE_ONLY": {"active"}, "DELETED_ONLY": {"deleted"}, "ALL": {"active", "deleted"}}

# One for each way in which a search reads the index.
QUESTIONS: Sequence[Json] = (
    {"run_view_type": "ACTIVE_ONLY"},
    {"run_view_type": "DELETED_ONLY"},
    {"run_view_type": "ALL", "order_by": ["metrics.loss DESC"]},
    {"run_view_type": "ALL", "order_by": ["tags.team", "metrics.loss"], "max_results": 2},
    {"run_view_type": "ALL", "filter": "tags.team = 'audio'"},
    {"run_view_type": "ACTIVE_ONLY", "filter": "tags.team != 'audio'", "order_by": ["attributes.end_time"]},
    {"run_view_type": "ACTIVE_ONLY", "filter": "metrics.loss >= 0.5"},
    {"run_view_type": "ALL", "filter": "params.lr = '0.1'", "order_by": ["params.late DESC"], "max_results": 1},
    {"run_view_type": "ALL", "filter": "attributes.status = 'FINISHED' AND attributes.run_name LIKE 'r%'"},
    {"run_view_type": "ACTIVE_ONLY", "filter": "tags.team IS NULL"},
)


def wrong_answers(experiment_id: str, questions: Sequence[Json] = QUESTIONS) -> list[str]:
    """What is wrong with the answers to these questions, whatever is open or sealed or half of both."""
    shown = _runs(experiment_id)
    return [problem for question in questions for problem in _wrong(experiment_id, question, shown)]


def differences(experiment_id: str) -> list[str]:
    """What is wrong in the table, once every run is sealed and nothing is left to do for the sweeper."""
    item = experiments.load(experiment_id)
    shown = _runs(experiment_id)
    there = _scanned()
    rows = {key for key in there if key[0].startswith(keys.index_of(experiment_id))}
    expected = {key for run in shown.values() for key in rows_of(_record(run), experiment_id, _group(item, run))}
    found = [f"missing row {key}" for key in sorted(expected - rows)]
    found += [f"row too many {key}" for key in sorted(rows - expected)]
    found += [f"open row {row.sk}" for row in tables.query(OpenRun, keys.open_runs(experiment_id))]
    if item.settled != item.epoch:
        found.append(f"settled up to {item.settled} of {item.epoch}")
    for run_id, run in shown.items():
        found += [f"{problem}: {run_id}" for problem in _wrongly_sealed(run_id, _group(item, run))]
    return found + wrong_answers(experiment_id)


def _wrongly_sealed(run_id: str, group: str) -> Iterator[str]:
    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    item = tables.get(SealedRun, keys.run(run_id), keys.SEALED)
    assert info is not None
    if info.phase != runs.SEALED or item is None:
        yield f"not sealed but {info.phase}"
        return
    if item.group != group:
        yield f"sealed in group {item.group}, not {group}"
    if item.stale:
        yield f"stale rows left {item.stale}"
    if item.since != info.indexed:
        yield f"sealed {item.since}, indexed {info.indexed}"


def _wrong(experiment_id: str, question: Json, shown: dict[str, Json]) -> Iterator[str]:
    found: list[Json] = []
    for page in _pages(experiment_id, question):
        found += page
    wanted = VIEWS[question["run_view_type"]]
    records = [_record(run) for run in shown.values() if run["info"]["lifecycle_stage"] in wanted]
    query = Query(RUNS, filter=question.get("filter", ""), order_by=question.get("order_by", ()))
    expected = [record.id for record in search(records, query).records]
    ids = [run["info"]["run_id"] for run in found]
    if ids != expected:
        yield f"{question} answers {ids}, not {expected}"
    for run in found:
        if plain(run) != plain(shown.get(run["info"]["run_id"], {})):
            yield f"{question} shows {run}, not {shown.get(run['info']['run_id'])}"


def _pages(experiment_id: str, question: Json) -> Iterator[list[Json]]:
    token = ""
    while True:
        reply = api.done("/runs/search", experiment_ids=[experiment_id], **question, page_token=token)
        yield reply.get("runs", [])
        token = reply.get("next_page_token", "")
        if not token:
            return
        assert len(reply["runs"]) == question.get("max_results", 1000), "a short page that is not the last one"


def plain(message: Any) -> Any:
    """A message whose lists of pairs have an order: maps have none in the store."""
    if isinstance(message, dict):
        return {name: plain(value) for name, value in message.items()}
    if isinstance(message, list):
        return sorted(map(plain, message), key=str)
    return message


def _runs(experiment_id: str) -> dict[str, Json]:
    """Every run of the experiment as runs/get has it, found without any index."""
    run_ids = [pk[len(keys.run("")) :] for pk, sk in _scanned() if sk == keys.INFO and pk.startswith(keys.run(""))]
    found = {run_id: api.get("/runs/get", run_id=run_id).body["run"] for run_id in run_ids}
    return {run_id: run for run_id, run in found.items() if run["info"]["experiment_id"] == experiment_id}


def _scanned() -> list[Key]:
    return [key for page in tables.scan_keys() for key in page.keys]


def _group(item: Any, run: Json) -> str:
    follows = run["info"]["lifecycle_stage"] == item.stage
    return lifecycle.FOLLOWS if follows else lifecycle.differs(int(item.epoch))


def _record(run: Json) -> Record:
    info, data = run["info"], run.get("data", {})
    tags = {each["key"]: each["value"] for each in data.get("tags", ())}
    names = ("run_id", "status", "user_id", "artifact_uri", "start_time", "end_time")
    used = run.get("inputs", {}).get("dataset_inputs", ())
    return Record(
        id=info["run_id"],
        attributes={**{name: info.get(name) for name in names}, "run_name": tags.get("mlflow.runName")},
        metrics={each["key"]: float(each["value"]) for each in data.get("metrics", ())},
        params={each["key"]: each["value"] for each in data.get("params", ())},
        tags=tags,
        datasets=[_dataset(each) for each in used],
    )


def _dataset(used: Json) -> DatasetRecord:
    tags = {tag["key"]: tag["value"] for tag in used.get("tags", ())}
    return DatasetRecord(used["dataset"]["name"], used["dataset"]["digest"], tags.get("mlflow.data.context"))
