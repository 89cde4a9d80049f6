"""Searches beside MLflow's own SQL store: the same ids in the same order, and the same refusals.

CUMULOG_ORACLE_CASES is the number of random searches of runs (2000 unless told); experiments get a quarter of it.
Left out of the data, since ours differs on purpose: infinities (clamped there), and ILIKE on letters outside ASCII
that have two cases (SQLite does not fold them).
"""

import os
import sqlite3
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from chalicelib.errors import InvalidParameterValue
from chalicelib.search.record import DatasetRecord, Record
from chalicelib.search.search import Query, search
from chalicelib.search.vocabulary import EXPERIMENTS, RUNS, Vocabulary
from tests.unit.search.tables import table

with warnings.catch_warnings():
    # On import MLflow's store uses what its newest SQLAlchemy deprecates.
    warnings.simplefilter("ignore", DeprecationWarning)
    from mlflow import entities
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

CASES = int(os.environ.get("CUMULOG_ORACLE_CASES", "2000"))
SEEDS = range(10)
EVERYTHING = 1000

METRIC_KEYS = ["m", "loss.val", "acc rate", "é", "a/b", "3d", "in"]
TEXT_KEYS = ["p", "opt.lr", "batch size", "日本", "order", "a."]
VALUES = [float("nan")] * 3 + [0.0, -0.0, 1.0, 1.0, -1.0, 0.5, 5e-324, 1e300, 3.0, 1000.0, 9007199254740993.0]
NUMBERS = ["0", "-0", "1", "-1", "1.", ".5", "-.5", "1e3", "5E-324", "1.0e0", "1000", "2000", "3.0", "9007199254740993"]
TEXTS = ["alpha", "Alpha", "ALPHA", "alphabet", "a_b", "a%b", "axb", "it's", 'say "hi"', "日本", "é", "", "x y", " x"]
TEXTS += ["back\\slash", "1", "10", "line\nbreak", "`tick`"]
TIMES = [0, 1000, 1000, 2000, 3000, 1_700_000_000_000]
EDGES = [("train set", "d1"), ("train set", "d2"), ("test", "d1"), ("日本", "d3"), ("it's", "d4")]
RELATIONS = ["=", "!=", "<", "<=", ">", ">="]
PATTERNS = ["LIKE", "ILIKE"]
LISTS = ["IN", "NOT IN"]
NULLS = ["IS NULL", "IS NOT NULL"]


@dataclass(frozen=True)
class Field:
    """Where random clauses are made from: `spellings` of a name, what it may be compared with, and how."""

    spellings: Sequence[str]
    operators: Sequence[str]
    numbers: Sequence[str] = ()
    texts: Sequence[str] = ()


@dataclass(frozen=True)
class Side:
    """One searched entity on both sides; `ask(filter, order_by, limit)` gives MLflow's ids or raises what it raises."""

    vocabulary: Vocabulary
    records: Sequence[Record]
    fields: Sequence[Field]
    orders: Sequence[str]
    ask: Callable[..., list[str]]


def spellings(prefixes: Sequence[str], key: str) -> list[str]:
    bare = [key] * 3 if key.replace(".", "").isalnum() and key != "in" else []
    return [f"{prefix}.{name}" for prefix in prefixes for name in [*bare, f"`{key}`", f'"{key}"', f"'{key}'"]]


def run_fields(records: Sequence[Record]) -> list[Field]:
    words, prefixes = [*RELATIONS[:2], *PATTERNS], ["", "attribute.", "attributes.", "attr.", "run."]
    named = [f"{prefix}{name}" for prefix in prefixes for name in ["run_name", "`run name`", '"Run Name"']]
    fields = [Field(spellings(["metrics", "metric", "`metrics`"], key), RELATIONS, NUMBERS) for key in METRIC_KEYS]
    for prefix in (["params", "param", "parameter"], ["tags", "tag", "`tag`"]):
        fields += [Field(spellings(prefix, key), [*words, *NULLS], (), TEXTS) for key in TEXT_KEYS]
    fields += [Field([f"dataset.{key}", f"datasets.`{key}`"], [*words, *LISTS], (), texts) for key, texts in EDGE_TEXTS]
    fields += [
        Field(named, words, (), TEXTS),
        Field(["tags.mlflow.runName"], [*words, *NULLS], (), TEXTS),
        Field(["status", "attr.status"], words, (), ["FINISHED", "RUNNING", "finished", "FAILED"]),
        Field(["user_id"], words, (), ["ann", "Ann", "日本"]),
        Field(["artifact_uri"], words, (), [str(record.attributes["artifact_uri"]) for record in records]),
        Field(["run_id", "attribute.`run_id`"], [*words, *LISTS], (), [record.id for record in records]),
        Field(["start_time", "created", "attributes.Created"], RELATIONS, NUMBERS),
        Field(["end_time", "run.end_time"], RELATIONS, NUMBERS),
    ]
    return fields


EDGE_TEXTS = [
    ("name", [name for name, _ in EDGES]),
    ("digest", [digest for _, digest in EDGES]),
    ("context", ["training", "Training", "eval"]),
]
EXPERIMENT_FIELDS = [
    Field(["name", "attribute.name", "`name`"], [*RELATIONS[:2], *PATTERNS], (), [f"{text}!" for text in TEXTS]),
    Field(["experiment_id", "attribute.experiment_id"], [*RELATIONS[:2], *LISTS], (), ["0", "1", "2", "010", " 12 "]),
    Field(["creation_time", "last_update_time"], RELATIONS, ["0", "-1", "1000", "2000", "3000"]),
    *[Field(spellings(["tags", "tag"], key), [*RELATIONS[:2], *PATTERNS, *NULLS], (), TEXTS) for key in TEXT_KEYS],
]
RUN_ORDERS = ["start_time", "created", "end_time", "run_id", "attr.run_name", "status", "user_id", "artifact_uri"]
RUN_ORDERS += [f"metrics.`{key}`" for key in METRIC_KEYS] + ['metrics."acc rate"', "metrics.m", "`metrics`.loss.val"]
RUN_ORDERS += [f"{prefix}.`{key}`" for prefix in ("params", "tags") for key in TEXT_KEYS]
EXPERIMENT_ORDERS = ["name", "experiment_id", "attribute.experiment_id", "creation_time", "`last_update_time`"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlAlchemyStore]:
    folder = tmp_path_factory.mktemp("oracle")
    store = SqlAlchemyStore(f"sqlite:///{folder}/mlflow.db", str(folder))
    yield store
    store.engine.dispose()


@pytest.fixture(scope="module")
def runs(store: SqlAlchemyStore) -> Side:
    rng, experiment = Random(1), store.create_experiment("searched")
    records = [logged_run(store, experiment, rng) for _ in range(60)]

    def ask(text: str, order_by: list[str], limit: int = 1) -> list[str]:
        found = store.search_runs([experiment], text, entities.ViewType.ALL, limit, order_by)
        return [run.info.run_id for run in found]

    return Side(RUNS, records, run_fields(records), RUN_ORDERS, ask)


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

    return Side(EXPERIMENTS, records, EXPERIMENT_FIELDS, EXPERIMENT_ORDERS, ask)


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
    run = store.create_run(experiment, rng.choice(["ann", "Ann", "日本"]), rng.choice(TIMES), [], name)
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


def any_filter(side: Side, wrong: Sequence[str], rng: Random) -> str:
    clauses = [clause(rng.choice(side.fields), rng, side) for _ in range(rng.choice([0, 1, 1, 1, 2, 2, 3]))]
    if rng.random() < 0.15:
        clauses.insert(rng.randint(0, len(clauses)), rng.choice(wrong))
    text = rng.choice([" AND ", " and ", "\nAND  ", " AND AND "]).join(clauses)
    return f"{text}{rng.choice(['', '', ' ', ' AND'])}" if clauses else ""


def clause(field: Field, rng: Random, side: Side) -> str:
    """One clause that MLflow takes."""
    operator = rng.choice(field.operators)
    spelled = rng.choice([operator, operator.lower()]) if side.vocabulary.lower_case_operators else operator
    blank = rng.choice([" ", " ", "\t ", "" if operator in RELATIONS else " "])
    return f"{rng.choice(field.spellings)}{blank}{spelled}{blank}{literal(field, operator, rng)}"


def literal(field: Field, operator: str, rng: Random) -> str:
    if operator in NULLS:
        return ""
    if operator in LISTS:
        texts = [quoted(rng.choice(field.texts), rng) for _ in range(rng.randint(1, 4))]
        return f"({','.join(texts)}{rng.choice(['', ','])})"
    if field.numbers:
        return rng.choice(field.numbers)
    text = rng.choice(field.texts)
    return quoted(pattern(text, rng) if operator in PATTERNS else text, rng)


def pattern(text: str, rng: Random) -> str:
    at = rng.randint(0, len(text))
    return rng.choice([f"{text[:at]}%", f"%{text[at:]}", f"%{text[at:]}%", text[:at] + "_" + text[at + 1 :], text])


def quoted(text: str, rng: Random) -> str:
    quote = rng.choice([quote for quote in "'\"" if quote not in text])
    return f"{quote}{text}{quote}"


def any_order(side: Side, wrong: Sequence[str], rng: Random) -> list[str]:
    chosen = [rng.choice(side.orders) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
    entries = [entry + rng.choice(["", " ASC", " DESC", "  desc", " Asc"]) for entry in chosen]
    return [*entries, rng.choice(wrong)] if rng.random() < 0.05 else entries


def all_pages(side: Side, text: str, order_by: list[str], page_size: int) -> list[str]:
    """The ids of all pages of ours, one after the other; every page but the last is full."""
    ids: list[str] = []
    token: str | None = ""
    while token is not None:
        page = search(side.records, Query(side.vocabulary, text, order_by, page_size, token, "searched"))
        assert len(page.records) == page_size or page.next_page_token is None
        ids += [record.id for record in page.records]
        assert len(ids) <= len(side.records), "a page gave rows again"
        token = page.next_page_token
    return ids


def refusal(ask: Callable[[], list[str]], refused: type[Exception]) -> list[str] | None:
    """The answer, None for a refusal. MLflow's refusals include what only fails in its database (a 500)."""
    try:
        return ask()
    except refused:
        return None


def compare(side: Side, seed: int, cases: int) -> None:
    rng, wrong = Random(seed), table("refused")[side.vocabulary.name]
    for _ in range(cases):
        text, order_by = any_filter(side, wrong["filters"], rng), any_order(side, wrong["order_by"], rng)
        page_size, limit = rng.choice([1, 2, 7, 59, 60, 1000]), rng.choice([5, 5, 15, EVERYTHING])

        # MLflow builds its answers slowly, so only some are asked for in full.
        theirs = refusal(lambda: side.ask(text, order_by, limit), Exception)  # noqa: B023
        ours = refusal(lambda: all_pages(side, text, order_by, page_size)[:limit], InvalidParameterValue)  # noqa: B023

        assert ours == theirs, (seed, text, order_by, page_size)


@pytest.mark.parametrize("seed", SEEDS)
def test_searches_of_runs_agree(runs: Side, seed: int) -> None:
    compare(runs, seed, CASES // len(SEEDS))


@pytest.mark.parametrize("seed", SEEDS)
def test_searches_of_experiments_agree(experiments: Side, seed: int) -> None:
    compare(experiments, seed, CASES // len(SEEDS) // 4)


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
