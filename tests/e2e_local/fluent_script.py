"""What cumulog's functions answer and store, beside what MLflow's do with the same server: the name of each test, and
whether it held. Usage: fluent_script.py <tracking URI>"""

import json
import re
import sys
from typing import Any

import mlflow
import numpy
import pandas

import cumulog

URI = sys.argv[1]
PIXELS = numpy.linspace(0, 1, 300 * 20 * 3).reshape(300, 20, 3)
TABLE = {"question": ["why?", 'ä, "ö"'], "score": [0.5, float("nan")], "when": [pandas.Timestamp("2026-01-02"), None]}


def logged() -> tuple[str, str]:
    """An experiment with three runs, and the run that has everything."""
    cumulog.set_tracking_uri(URI)
    chosen = cumulog.set_experiment("Fluent")
    with cumulog.start_run(run_name="whole", tags={"kind": "a"}) as run:
        cumulog.log_params({"lr": 0.1, "depth": 3})
        cumulog.log_metrics({"loss": 0.5, "odd": float("nan"), "far": float("-inf")}, step=1)
        with cumulog.start_run(nested=True):
            cumulog.log_metric("loss", 0.25)
    cumulog.start_run(run_name="goes on")
    assert cumulog.last_active_run() is cumulog.active_run()
    return chosen.experiment_id, run.info.run_id


def is_same_frame(experiment: str, run_id: str) -> bool:
    frames = []
    for tool in (cumulog, mlflow):
        filters: list[dict[str, Any]] = [
            {},
            {"filter_string": "metrics.loss < 0.4"},
            {"filter_string": "tags.kind = 'x'"},
        ]
        frames.append([tool.search_runs([experiment], order_by=["attributes.start_time"], **each) for each in filters])
    for ours, theirs in zip(*frames, strict=True):
        # MLflow's own order of columns comes from sets.
        pandas.testing.assert_frame_equal(ours, theirs, check_like=True)
    by_name = cumulog.search_runs(experiment_names=["Fluent", "missing"], max_results=2, output_format="list")
    return [len(each) for each in frames[0]] == [3, 1, 0] and len(by_name) == 2


def is_same_run(experiment: str, run_id: str) -> bool:
    ours, theirs = cumulog.get_run(run_id), mlflow.get_run(run_id)
    names = ("run_id", "experiment_id", "run_name", "status", "start_time", "end_time", "artifact_uri", "user_id")
    assert [getattr(ours.info, each) for each in names] == [getattr(theirs.info, each) for each in names]
    assert (ours.data.params, ours.data.tags) == (theirs.data.params, theirs.data.tags)
    return str(ours.data.metrics) == str(theirs.data.metrics)


def is_same_experiment(experiment: str, run_id: str) -> bool:
    cumulog.set_experiment_tag("purpose", "test")
    ours, theirs = cumulog.get_experiment(experiment), mlflow.get_experiment(experiment)
    names = ("experiment_id", "name", "artifact_location", "lifecycle_stage", "tags", "creation_time")
    assert cumulog.get_experiment_by_name("missing") is None
    assert {each.name for each in cumulog.search_experiments()} == {each.name for each in mlflow.search_experiments()}
    return [getattr(ours, each) for each in names] == [getattr(theirs, each) for each in names]


def is_a_table_of_mlflow(experiment: str, run_id: str) -> bool:
    """Rows by us, by another process of us that goes on with the run, and by MLflow; and the same by MLflow alone."""
    cumulog.end_run()
    cumulog.start_run(run_id=run_id)
    cumulog.log_table(TABLE, "eval/answers.json")
    cumulog.log_table(pandas.DataFrame(TABLE), "eval/answers.json")
    cumulog.end_run()
    cumulog.start_run(run_id=run_id)
    cumulog.log_table({"question": "only one", "more": 1}, "eval/answers.json")
    cumulog.end_run()
    cumulog.flush()
    mlflow.log_table({"question": ["last"], "score": [1.0]}, "eval/answers.json", run_id)
    with mlflow.start_run() as other:
        for rows in (TABLE, TABLE, {"question": "only one", "more": 1}, {"question": ["last"], "score": [1.0]}):
            mlflow.log_table(rows, "eval/answers.json")
    ours, theirs = (mlflow.load_table("eval/answers.json", [each]) for each in (run_id, other.info.run_id))
    pandas.testing.assert_frame_equal(ours.drop(columns="when"), theirs.drop(columns="when"))
    return list(ours["when"].notna()) == list(theirs["when"].notna())


def are_images_of_mlflow(experiment: str, run_id: str) -> bool:
    images = [PIXELS, (PIXELS[:, :, 0] * 255).astype("uint8"), mlflow.Image(PIXELS)]
    found = []
    for tool in (cumulog, mlflow):
        run = tool.start_run()
        for step, image in enumerate(images):
            tool.log_image(image, key="some dogs/small", step=step, timestamp=1_700_000_000_000, synchronous=True)
        tool.log_image(images[0], "one.png")
        tool.log_table({"picture": [mlflow.Image(PIXELS)]}, "pictures.json")
        tool.end_run()
        cumulog.flush()
        found.append(_images(run.info.run_id))
    assert found[0] == found[1], found
    return len(found[0][0]) == 6


def _images(run_id: str) -> tuple[list[Any], Any]:
    """Names without what is random, with the size of each; and the tags by which MLflow's page finds them."""
    client = mlflow.MlflowClient()
    paths = [each.path for each in client.list_artifacts(run_id, "images")]
    names = sorted(re.sub(r"\+[0-9a-f-]{32,36}", "+random", path) for path in paths)
    sizes = sorted(_size(run_id, path) for path in [*paths, "one.png"])
    tags = client.get_run(run_id).data.tags
    return names, [sizes, tags["mlflow.loggedImages"], tags["mlflow.loggedArtifacts"]]


def _size(run_id: str, path: str) -> tuple[int, int]:
    image = mlflow.artifacts.load_image(f"runs:/{run_id}/{path}")
    return image.size


if __name__ == "__main__":
    mlflow.set_tracking_uri(URI)
    everything = logged()
    mlflow.set_experiment(experiment_id=everything[0])
    checks = (is_same_frame, is_same_run, is_same_experiment, is_a_table_of_mlflow, are_images_of_mlflow)
    print(json.dumps({check.__name__: check(*everything) for check in checks}))
