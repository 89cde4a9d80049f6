"""Many items into a local stack's store at once, in the format in which DynamoDB exports a table to S3.

`dynoxide import` takes in some 50,000 items a second, where puts would take a millisecond each. The stack must not run
meanwhile.
"""

import base64
import gzip
import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path

from chalicelib.access import filled
from chalicelib.storage import keys
from chalicelib.storage.connection import SCHEMA
from chalicelib.storage.items import ExperimentWithSealedRuns
from chalicelib.storage.models import Item, LedgerItem, RunsItem
from infra.local import engines, folder, processes
from tests.perf import population, sealed_items
from tests.perf.population import BLOCK, Span

RUNS = RunsItem.Meta.table_name
LEDGER = LedgerItem.Meta.table_name
_ON_DEMAND = {"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}


def fill(data: Path, spans: Sequence[Span]) -> None:
    """Make a local stack's data folder with sealed runs; their experiments are still to be created, in their order.

    Raises subprocess.CalledProcessError.
    """
    export = data.with_name(f"{data.name}.export")
    files = {table: export / table / "data" for table in (RUNS, LEDGER)}
    for each in files.values():
        each.mkdir(parents=True)
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(_write, files[RUNS]), chain.from_iterable(map(_parts, spans))))
    _put(files[RUNS] / "lists.json.gz", [_listed(span) for span in spans])
    # Else the server would wait for earlier versions to end before it begins feeds.
    _put(files[LEDGER] / "marker.json.gz", [filled.of_new_store()])
    with folder.claimed(data):
        _import(export, list(files), data)
    shutil.rmtree(export)


def _listed(span: Span) -> RunsItem:
    """The experiment in the list of those that have sealed runs."""
    newest = max(traits.start_time for traits in population.traits(span))
    return ExperimentWithSealedRuns(keys.WITH_SEALED_RUNS, keys.experiment(span.experiment_id), newest=newest)


def _parts(span: Span) -> Iterator[Span]:
    """A span in parts of a file each."""
    for at in range(0, span.count, BLOCK):
        yield Span(span.experiment_id, span.first + at, min(BLOCK, span.count - at))


def _write(target: Path, part: Span) -> None:
    path = target / f"{part.first}.json.gz"
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as file:
        # In the order of the keys, which the store takes in twice as fast.
        file.writelines(line for _, line in sorted(_lines(part)))


def _lines(part: Span) -> Iterator[tuple[tuple[str, str], str]]:
    """The items of some runs by their keys."""
    for run in map(population.generated, population.traits(part)):
        for item in sealed_items.items_of(run, part.experiment_id, sealed_items.moments(run)):
            yield (item.pk, item.sk), _line(item)


def _put(path: Path, items: Iterable[Item]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(map(_line, items))


def _line(item: Item) -> str:
    return json.dumps({"Item": item.serialize()}, default=_base64, separators=(",", ":")) + "\n"


def _base64(value: object) -> str:
    """How JSON holds an attribute of bytes."""
    assert isinstance(value, bytes)
    return base64.b64encode(value).decode()


def _import(export: Path, tables: Sequence[str], data: Path) -> None:
    schema = export / "schema.json"
    schema.write_text(json.dumps([{"Table": {"TableName": each, **SCHEMA, **_ON_DEMAND}} for each in tables]))
    # The same binary and file that the stack itself will use.
    binary, *_, database = engines.dynamodb_command(processes.free_address(), data)
    places = ["--source", str(export), "--schema", str(schema), "--output", database]
    subprocess.run([binary, "import", *places], env={"PATH": os.defpath}, check=True, capture_output=True)
