"""Searches beside MLflow's own SQL store: the same ids in the same order, and the same refusals.

By day some of the worlds are asked a few searches each; experiments get a quarter of those that runs get.
Left out of the data, since ours differs on purpose: infinities (clamped there), and ILIKE on letters outside ASCII
that have two cases (SQLite does not fold them).
"""

import sqlite3
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from chalicelib.errors import InvalidParameterValue
from chalicelib.search.record import DatasetRecord, Record
from chalicelib.search.search import Page, Query, search
from chalicelib.tracking.experiments.lifecycle import FOLLOWS
from chalicelib.tracking.experiments.vocabulary import EXPERIMENTS
from chalicelib.tracking.index.index_rows import rows_of
from tests.parity.oracle_store import store as store
from tests.sampling import times
from tests.unit.search.any_search import (
    EDGES,
    LISTS,
    METRIC_KEYS,
    NULLS,
    RELATIONS,
    TEXT_KEYS,
    TEXTS,
    USERS,
    WORDS,
    Field,
    Language,
    any_filter,
    any_order,
    of_runs,
    spellings,
)
from tests.unit.search.fake_index import FakeIndex, FakeTable
from tests.unit.search.index_oracle import page_of
from tests.unit.search.tables import table

with warnings.catch_warnings():
    # On import MLflow's store uses what its newest SQLAlchemy deprecates.
    warnings.simplefilter("ignore", DeprecationWarning)
    from mlflow import entities
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

# Random searches in each world.
CASES = times(50, nightly=2000)
SEEDS = range(10)
EVERYTHING = 1000

VALUES = [float("nan")] * 3 + [0.0, -0.0, 1.0, 1.0, -1.0, 0.5, 5e-324, 1e300, 3.0, 1000.0, 9007199254740993.0]
TIMES = [0, 1000, 1000, 2000, 3000, 1_700_000_000_000]


@dataclass(frozen=True)
class Side:
    """One searched entity on both sides; `ask(filter, order_by, limit)` gives MLflow's ids or raises what it raises.

    `pages` are our ways to a page: by brute force, and for runs through the index.
    """

    language: Language
    records: Sequence[Record]
    pages: Sequence[Callable[[Query], Page]]
    ask: Callable[..., list[str]]


EXPERIMENT_FIELDS = [
    Field(["name", "attribute.name", "`name`"], WORDS, (), [f"{text}!" for text in TEXTS]),
    Field(["experiment_id", "attribute.experiment_id"], [*RELATIONS[:2], *LISTS], (), ["0", "1", "2", "010", " 12 "]),
    Field(["creation_time", "last_update_time"], RELATIONS, ["0", "-1", "1000", "2000", "3000"]),
    *[Field(spellings(["tags", "tag"], key), [*WORDS, *NULLS], (), TEXTS) for key in TEXT_KEYS],
]
EXPERIMENT_ORDERS = ["name", "experiment_id", "attribute.experiment_id", "creation_time", "`last_update_time`"]


@pytest.fixture(scope="module")
def runs(store: SqlAlchemyStore) -> Side:
    rng, experiment = Random(1), store.create_experiment("searched")
    records = [logged_run(store, experiment, rng) for _ in range(60)]

    def ask(text: str, order_by: list[str], limit: int = 1) -> list[str]:
        found = store.search_runs([experiment], text, entities.ViewType.ALL, limit, order_by)
        return [run.info.run_id for run in found]

    return Side(of_runs(records), records, [by_brute_force(records), through_index(records)], ask)


@pytest.fixture(scope="module")
def experiments(store: SqlAlchemyStore) -> Side:
    rng, database = Random(2), Path(store.engine.url.database)
    for text in TEXTS:
        tags = [entities.ExperimentTag(key, rng.choice(TEXTS)) for key in rng.sample(TEXT_KEYS, 3)]
        store.create_experiment(f"{text}!", tags=tags)
    found = store.search_experiments(entities.ViewType.ALL, EVERYTHING)
    records = [dated(experiment, database, rng) for experiment in found]

    def ask(text: str, order_by: list[str], limit: int = 1) -> list[str]:
        found = store.search_experiments(entities.ViewType.ALL, limit, text, order_by)
        return [experiment.experiment_id for experiment in found]

    language = Language(EXPERIMENTS, EXPERIMENT_FIELDS, EXPERIMENT_ORDERS)
    return Side(language, records, [by_brute_force(records)], ask)


def logged_run(store: SqlAlchemyStore, experiment: str, rng: Random) -> Record:
    """A random run in MLflow's store, as a record."""
    metrics = {key: rng.choice(VALUES) for key in METRIC_KEYS if rng.random() < 0.7}
    params, tags = ({key: rng.choice(TEXTS) for key in TEXT_KEYS if rng.random() < 0.6} for _ in "ab")
    name, end, edges = (
        rng.choice([text for text in TEXTS if text]),
        rng.choice([None, *TIMES[1:]]),
        rng.sample(EDGES, 2),
    )
    status = rng.choice(["FINISHED", "FAILED", "RUNNING"])
    run = store.create_run(experiment, rng.choice(USERS), rng.choice(TIMES), [], name)
    store.log_batch(
        run.info.run_id,
        [entities.Metric(key, value, 1, 0) for key, value in metrics.items()],
        [entities.Param(key, value) for key, value in params.items()],
        [entities.RunTag(key, value) for key, value in tags.items()],
    )
    datasets = [DatasetRecord(*edge, rng.choice([None, "training", "eval"])) for edge in edges]
    store.log_inputs(run.info.run_id, [dataset_input(dataset) for dataset in datasets])
    store.update_run_info(run.info.run_id, entities.RunStatus.from_string(status), end, None)
    info = {key: getattr(run.info, key) for key in ("run_id", "user_id", "artifact_uri", "start_time")}
    attributes = {**info, "run_name": name, "status": status, "end_time": end}
    return Record(run.info.run_id, attributes, metrics, params, {**tags, "mlflow.runName": name}, datasets)


def dataset_input(dataset: DatasetRecord) -> entities.DatasetInput:
    tags = [entities.InputTag("mlflow.data.context", dataset.context)] if dataset.context else []
    return entities.DatasetInput(entities.Dataset(dataset.name, dataset.digest, "local", "x"), tags)


def dated(experiment: entities.Experiment, database: Path, rng: Random) -> Record:
    """The experiment with random times, some of them equal, which MLflow's interface cannot set."""
    created, updated = rng.choice(TIMES), rng.choice(TIMES)
    with sqlite3.connect(database) as connection:
        statement = "update experiments set creation_time = ?, last_update_time = ? where experiment_id = ?"
        connection.execute(statement, (created, updated, int(experiment.experiment_id)))
    names = {"name": experiment.name, "experiment_id": experiment.experiment_id}
    times = {"creation_time": created, "last_update_time": updated}
    return Record(experiment.experiment_id, {**names, **times}, tags=dict(experiment.tags))


def by_brute_force(records: Sequence[Record]) -> Callable[[Query], Page]:
    return lambda query: search(records, query)


def through_index(records: Sequence[Record]) -> Callable[[Query], Page]:
    """The runs as if all of them were sealed."""
    keys = [key for record in records for key in rows_of(record, "1", FOLLOWS)]
    index = FakeIndex(FakeTable(keys), [("1", FOLLOWS)], {record.id: record for record in records})
    return lambda query: page_of(index, query)


def all_pages(side: Side, page: Callable[[Query], Page], query: Query) -> list[str]:
    """The ids of all pages of ours, one after the other; every page but the last is full."""
    ids: list[str] = []
    token: str | None = ""
    while token is not None:
        found = page(query._replace(page_token=token))
        assert len(found.records) == query.max_results or found.next_page_token is None
        ids += [record.id for record in found.records]
        assert len(ids) <= len(side.records), "a page gave rows again"
        token = found.next_page_token
    return ids


def refusal(ask: Callable[[], list[str]], refused: type[Exception]) -> list[str] | None:
    """The answer, None for a refusal. MLflow's refusals include what only fails in its database (a 500)."""
    try:
        return ask()
    except refused:
        return None


def compare(side: Side, seed: int, cases: int) -> None:
    language = side.language
    rng, wrong = Random(seed), table("refused")[language.vocabulary.name]
    for _ in range(cases):
        text, order_by = any_filter(language, wrong["filters"], rng), any_order(language, wrong["order_by"], rng)
        limit = rng.choice([5, 5, 15, EVERYTHING])
        query = Query(language.vocabulary, text, order_by, rng.choice([1, 2, 7, 59, 60, 1000]), scope="searched")

        # MLflow builds its answers slowly, so only some are asked for in full.
        theirs = refusal(lambda: side.ask(text, order_by, limit), Exception)  # noqa: B023
        for page in side.pages:
            ours = refusal(lambda: all_pages(side, page, query)[:limit], InvalidParameterValue)  # noqa: B023
            assert ours == theirs, (seed, query, page)


@pytest.mark.sampled(keep=3)
@pytest.mark.parametrize("seed", SEEDS)
def test_searches_of_runs_agree(runs: Side, seed: int) -> None:
    compare(runs, seed, CASES)


@pytest.mark.sampled(keep=3)
@pytest.mark.parametrize("seed", SEEDS)
def test_searches_of_experiments_agree(experiments: Side, seed: int) -> None:
    compare(experiments, seed, CASES // 4)


@pytest.mark.parametrize("name", ["runs", "experiments"])
def test_mlflow_refuses_what_our_table_of_refusals_holds(name: str, request: pytest.FixtureRequest) -> None:
    side, wrong = request.getfixturevalue(name), table("refused")[name]

    taken = [text for text in wrong["filters"] if refusal(lambda: side.ask(text, []), Exception) is not None]  # noqa: B023
    taken += [text for text in wrong["order_by"] if refusal(lambda: side.ask("", [text]), Exception) is not None]  # noqa: B023

    assert taken == []


@pytest.mark.parametrize("name", ["runs", "experiments"])
def test_mlflow_takes_what_our_table_of_matches_holds(name: str, request: pytest.FixtureRequest) -> None:
    side, right = request.getfixturevalue(name), table(name)

    for text, _ in right["filters"]:
        side.ask(text, [])
    for order_by, _ in right["order_by"]:
        side.ask("", order_by)


def test_mlflow_takes_where_we_are_stricter(runs: Side) -> None:
    for text in table("refused")["stricter"]["filters"]:
        runs.ask(text, [])
    for text in table("refused")["stricter"]["order_by"]:
        runs.ask("", [text])
