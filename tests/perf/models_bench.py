"""What a job that fits and logs a model costs, beside the same with mlflow: `python -m tests.perf.models_bench`.

    start       from the start of the process to its first logged line, without what scikit-learn takes
    log_model   until it returns; and until the server has the model
    memory      resident, at the end
    load        a process of its own loads the model and predicts

Each figure is the median of three processes, with the cache of compiled modules on. Both log the same pipeline with an
Each figure is the median of three processes, with the cache of compiled modules on. Both log the same pipeline with an
"""

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from subprocess import run

from tests import servers

_ROUNDS = 3

# What both fit; imported before the clock starts.
_FIT = """
import json, os, resource, sys, time
import numpy, pandas
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
frame = pandas.DataFrame(numpy.random.default_rng(0).random((200, 4)), columns=list("abcd"))
model = make_pipeline(StandardScaler(), LogisticRegression()).fit(frame, frame["a"] > 0.5)
begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
def now(): return round(1000 * (time.perf_counter() - start))
def resident(): return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - begin) // 1024
"""

_LOG = {
    "cumulog": """
import cumulog
cumulog.start_run(); cumulog.log_metric("loss", 1.0); first = now()
before = now(); info = cumulog.log_model(model, "m", input_example=frame[:2]); logged = now() - before
cumulog.end_run(); assert cumulog.flush(); stored = now() - before
""",
    "mlflow": """
import mlflow
mlflow.set_tracking_uri(os.environ["MLFLOW_TRACKING_URI"])
mlflow.start_run(); mlflow.log_metric("loss", 1.0); first = now()
before = now(); info = mlflow.sklearn.log_model(model, name="m", input_example=frame[:2]); logged = now() - before
mlflow.end_run(); stored = now() - before
""",
}
_TELL = """
print(json.dumps({"start ms": first, "log_model ms": logged, "stored ms": stored, "memory MB": resident(),
                  "uri": info.model_uri}))
"""
_LOAD = {
    "cumulog": "import cumulog; loaded = cumulog.load_model(sys.argv[1])\n",
    "mlflow": "import mlflow; loaded = mlflow.pyfunc.load_model(sys.argv[1])\n",
}
_PREDICT = """
assert (loaded.predict(frame) == model.predict(frame)).all()
print(json.dumps({"load ms": now(), "memory of load MB": resident()}))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with servers.mlflow(folder / "mlflow") as theirs, servers.ours()(folder / "ours") as ours:
            for row, (peer, url) in enumerate((("cumulog", ours), ("mlflow", theirs))):
                figures = _measured(peer, url)
                medians = {key: statistics.median(each[key] for each in figures) for key in figures[0]}
                if row == 0:
                    print(f"{'':<10}" + "".join(f"{key:>20}" for key in medians))
                print(f"{peer:<10}" + "".join(f"{value:>20.0f}" for value in medians.values()))


def _measured(name: str, url: str) -> list[dict[str, float]]:
    return [_once(name, url) for _ in range(_ROUNDS)]


def _once(name: str, url: str) -> dict[str, float]:
    logged = _ran(_FIT + _LOG[name] + _TELL, url)
    uri = str(logged.pop("uri"))
    return {**logged, **_ran(_FIT + _LOAD[name] + _PREDICT, url, uri)}


def _ran(script: str, url: str, *arguments: str) -> dict[str, float]:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env.update(MLFLOW_TRACKING_URI=url, MLFLOW_DISABLE_TELEMETRY="true", DO_NOT_TRACK="true")
    done = run([sys.executable, "-c", script, *arguments], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
