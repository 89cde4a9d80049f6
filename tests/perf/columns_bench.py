"""What runs cost as columns beside runs/search: `python -m tests.perf.columns_bench 1000`.

Open runs have 60 metrics, which are the columns. Sealed runs have 15 metrics, 20 params and some 10 tags; the columns
are these and the metrics' steps, so both replies say nearly the same. Of each: the median in milliseconds, reading of
the JSON included, of all pages together; the bytes on the wire, in gzip and as text; and read units. `unchanged` sends
the cursor of the reply before. The exit code is 1 if columns take more than a third of the text or half of the time.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from tests import servers
from tests.perf import export, population
from tests.perf.bench import Server, cost_of
from tests.perf.population import GeneratedRun

_TURNS = 9
_WARM_UP = 2
_COLUMNS = 60
_PATH = "../cumulog/runs/columns"


class Measured(NamedTuple):
    ms: float
    gzip_bytes: int
    text_bytes: int
    read: float


def pages(server: Server, path: str, body: dict[str, Any], accepted: str) -> Iterator[Any]:
    """The replies of all pages."""
    server.session.headers["Accept-Encoding"] = accepted
    token = ""
    while True:
        response = server.post(path, {**body, "page_token": token})
        yield response
        token = response.json().get("next_page_token", "")
        if not token:
            return


def measure(server: Server, path: str, body: dict[str, Any]) -> Measured:
    taken = []
    for _ in range(_WARM_UP + _TURNS):
        start = time.perf_counter()
        compressed = list(pages(server, path, body, "gzip"))
        taken.append((time.perf_counter() - start) * 1_000)
    plain = list(pages(server, path, body, "identity"))
    read = sum(cost[0] for response in plain for cost in cost_of(response))
    return Measured(statistics.median(taken[_WARM_UP:]), _bytes(compressed), _bytes(plain), read)


def report(name: str, server: Server, experiment_id: str, columns: list[str], count: int) -> bool:
    """Print the three rows of an experiment, and return whether the limits are kept."""
    question = {"experiment_ids": [experiment_id], "max_results": count}
    asked = {**question, "columns": columns}
    cursor = next(pages(server, _PATH, asked, "gzip")).json()["cursor"]
    search = measure(server, "runs/search", question)
    arrays = measure(server, _PATH, asked)
    unchanged = measure(server, _PATH, {**asked, "since": cursor})
    for label, each in (("runs/search", search), ("columns", arrays), ("unchanged", unchanged)):
        print(
            f"{name:<8}{label:<13}{each.ms:8.0f} ms {each.gzip_bytes:10,} gzip {each.text_bytes:10,} text"
            f"{each.read:8.0f} units",
            flush=True,
        )
    return arrays.ms <= search.ms / 2 and arrays.text_bytes <= search.text_bytes / 3


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        with servers.cumulog(Path(folder) / "open") as url:
            kept = _of_open_runs(Server(url), count)
        kept = _of_sealed_runs(Path(folder) / "sealed", count) and kept
    return 0 if kept else 1


def _of_open_runs(server: Server, count: int) -> bool:
    experiment_id = server.post("experiments/create", {"name": "open"}).json()["experiment_id"]
    chance = Random(1)
    keys = [f"metric_{number}" for number in range(_COLUMNS)]
    for number in range(count):
        body = {"experiment_id": experiment_id, "start_time": number + 1}
        run_id = server.post("runs/create", body).json()["run"]["info"]["run_id"]
        points = [{"key": key, "value": chance.random(), "timestamp": 1, "step": number} for key in keys]
        server.post("runs/log-batch", {"run_id": run_id, "metrics": points})
    return report("open", server, experiment_id, [f"metrics.{key}" for key in keys], count)


def _of_sealed_runs(data: Path, count: int) -> bool:
    spans = population.spans([count])
    export.fill(data, spans)
    with servers.cumulog(data) as url:
        server = Server(url)
        server.post("experiments/create", {"name": "sealed"})
        run = population.generated(next(iter(population.traits(spans[0]))))
        return report("sealed", server, spans[0].experiment_id, _columns(run), count)


def _columns(run: GeneratedRun) -> list[str]:
    body = population.batch_body(run, "")
    named = [f"{kind}.{each['key']}" for kind in ("metrics", "params", "tags") for each in body.get(kind, ())]
    steps = [f"{name}@step" for name in named if name.startswith("metrics.")]
    return [*named, *steps, "attributes.run_name", "attributes.status"][:_COLUMNS]


def _bytes(responses: list[Any]) -> int:
    return sum(int(response.headers["Content-Length"]) for response in responses)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 1_000))
