"""How long a Lambda of the package takes from nothing to its first reply: `python -m tests.perf.cold_start`
(`make bench-cold`).

The package is built for the Python that runs this, unpacked, and run as Lambda runs it: a fresh process of Lambda's own
runtime client, which gets one event from a Runtime API on loopback; the store is dynoxide; no process may write, as
none may in Lambda. What is compared takes turns, so that whatever else the machine does meets all alike.

    floor          a process that imports chalice, pydantic and pynamodb of the package and makes one DynamoDB client
    API handler    until `experiments/get` is answered: token, user and experiment were read
    authorizer     until it lets a token through
    uncompiled     the API handler where the package has no compiled modules beside the sources
    import mlflow.server    what `mlflow server` imports before it can listen

Columns: the median of the time by the clock and of the processor time, in milliseconds; and the processor time as a
multiple of the floor's, both in the round that was disturbed least. Absolute times say more about the machine than
about the program. The exit code is 1 when the API handler or the authorizer takes more than 1.3 times the floor
(design §8). It all takes a minute.
"""

import importlib.metadata
import json
import os
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chalicelib.access import filled
from chalicelib.accounts import first_admin
from chalicelib.config import settings
from chalicelib.storage import tables
from chalicelib.tracking.experiments import experiments
from infra.deploy import package
from tests import lambda_events, starting
from tests.servers import dynoxide
from tests.starting import Place, Start

ROUNDS = 7
CEILING = 1.3
EXPERIMENT = "/api/2.0/mlflow/experiments/get"
FLOOR = "floor"
API, AUTHORIZER = "APIHandler", "TokenAuthorizer"
# What Lambda has beside the package.
RUNTIME = ("awslambdaric", "simplejson", "snapshot-restore-py")


@dataclass(frozen=True)
class Case:
    """Something to start. `limit` is what it may take, as a multiple of the floor."""

    name: str
    start: Callable[[], Start]
    limit: float | None = None


@dataclass(frozen=True)
class Function:
    """A Lambda of the template, whose package is unpacked in `folder`."""

    properties: Mapping[str, Any]
    folder: Path
    runtime: Path

    @property
    def place(self) -> Place:
        # What the template computes (names of tables and so on) has defaults that suit us.
        told = self.properties["Environment"]["Variables"].items()
        literal = {name: value for name, value in told if isinstance(value, str)}
        named = starting.lambda_environment("cumulog", self.folder)
        # -S: without the packages that are installed here.
        environment = {**named, **literal, "PYTHONDONTWRITEBYTECODE": "1"}
        return Place([sys.executable, "-S"], self.folder, environment, [self.runtime])

    def answered(self, event: Mapping[str, Any]) -> Start:
        """Raises ValueError for an answer that is not what was asked for."""
        start, answer = starting.answered(self.place, self.properties["Handler"], event)
        if answer.get("statusCode") != 200 and "principalId" not in answer:
            raise ValueError(f"{self.properties['Handler']} answered {answer}")
        return start


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, dynoxide(Path(folder)) as url:
        cases = prepared(Path(folder), url)
        starts = rounds(cases)
    for line in table(starts):
        print(line)
    faults = list(too_slow(starts, {case.name: case.limit for case in cases if case.limit}))
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def prepared(folder: Path, url: str) -> list[Case]:
    """What is compared, the floor first: the package unpacked, a store with an experiment and a token."""
    token = _stocked(url)
    event, asked = lambda_events.get(EXPERIMENT, {"experiment_id": "0"}, token), lambda_events.authorization(token)
    built, runtime = package.build(folder / "build", package.here()), _runtime(folder / "runtime")
    functions = json.loads(built.template.read_text())["Resources"]
    unpacked = _unpacked(built.archive, folder / "package")
    api, authorizer = (Function(functions[name]["Properties"], unpacked, runtime) for name in (API, AUTHORIZER))
    sources = replace(api, folder=_unpacked(built.archive, folder / "sources", but=".pyc"))
    mlflow = Place([sys.executable], folder, {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"})
    return [
        Case(FLOOR, lambda: starting.ran(api.place, starting.FLOOR)),
        Case("API handler", lambda: api.answered(event), CEILING),
        Case("authorizer", lambda: authorizer.answered(asked), CEILING),
        Case("uncompiled", lambda: sources.answered(event)),
        Case("import mlflow.server", lambda: starting.ran(mlflow, "import mlflow.server")),
    ]


def rounds(cases: Sequence[Case], number: int = ROUNDS) -> dict[str, list[Start]]:
    """Each case in turn, round after round; the first one fills the system's file cache and does not count."""
    starts: dict[str, list[Start]] = {case.name: [] for case in cases}
    for turn in range(1 + number):
        for case in cases:
            start = case.start()
            if turn:
                starts[case.name].append(start)
    return starts


def table(starts: Mapping[str, Sequence[Start]]) -> Iterator[str]:
    """A line per case: medians by the clock and of processor time in ms, and the multiple of the floor."""
    yield "| first reply of | clock, ms | processor, ms | of the floor |"
    yield "|---|---|---|---|"
    for name, measured in starts.items():
        clock = statistics.median(start.seconds for start in measured)
        processor = statistics.median(start.processor_seconds for start in measured)
        yield f"| {name} | {1000 * clock:.0f} | {1000 * processor:.0f} | {of_the_floor(starts, name):.2f} |"


def too_slow(starts: Mapping[str, Sequence[Start]], limits: Mapping[str, float]) -> Iterator[str]:
    """What takes longer than it may, in words."""
    for name, limit in limits.items():
        multiple = of_the_floor(starts, name)
        if multiple > limit:
            yield f"{name}: {multiple:.2f} times the floor, may be {limit}"


def of_the_floor(starts: Mapping[str, Sequence[Start]], name: str) -> float:
    """A case's processor time as a multiple of the floor's, both when they were disturbed least."""
    return starting.least_processor_seconds(starts[name]) / starting.least_processor_seconds(starts[FLOOR])


def _stocked(url: str) -> str:
    """Fill the store at this URL, and lead this process and those that it starts there: a token of an administrator."""
    os.environ.update(
        CUMULOG_DYNAMODB_ENDPOINT=url,
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_DEFAULT_REGION="us-east-1",
    )
    settings.cache_clear()
    tables.create_missing()
    filled.mark_as_new()
    experiments.ensure_default()
    return first_admin.create()


def _unpacked(archive: Path, folder: Path, but: str | None = None) -> Path:
    """The files of a zip in a folder, without those whose name ends so."""
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder, [name for name in zipped.namelist() if not (but and name.endswith(but))])
    return folder


def _runtime(folder: Path) -> Path:
    """A folder with Lambda's runtime client alone, so that the package must bring everything else."""
    folder.mkdir()
    for name in RUNTIME:
        distribution = importlib.metadata.distribution(name)
        for top in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
            (folder / top).symlink_to(Path(str(distribution.locate_file(top))))
    return folder


if __name__ == "__main__":
    sys.exit(main())
