"""The stock client notices no difference: what it reads back from ours is what it reads back from MLflow."""

from typing import Any

import mlflow
import pandas as pd
import pytest
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException

from tests.parity.compare import Pair
from tests.parity.stock_client import described, on_both

# mlflow's digest of a DataFrame calls pandas in a way that pandas will no longer take in version 4.
pytestmark = pytest.mark.filterwarnings("ignore:Starting with pandas version 4.0")

# The columns of a DataFrame of runs that hold ids and times of the very server.
OWN_COLUMNS = ["run_id", "experiment_id", "artifact_uri", "start_time", "end_time", "tags.mlflow.parentRunId"]


def test_nested_runs_come_back_whole(pair: Pair) -> None:
    def scenario() -> list[dict[str, Any]]:
        mlflow.set_experiment("stock: nested")
        with mlflow.start_run(run_name="parent", tags={"kind": "search"}, description="a note") as parent:
            mlflow.log_params({"grid": "small", "seed": 7})
            with mlflow.start_run(run_name="child", nested=True) as child:
                mlflow.log_metrics({"loss": 0.5, "acc": 0.75}, step=1)
                mlflow.log_metric("loss", 0.25, step=2)
                mlflow.set_tags({"stage": "draft", "other": "x"})
                mlflow.delete_tag("other")
        runs = [mlflow.get_run(parent.info.run_id), mlflow.get_run(child.info.run_id)]
        return [described(runs[0]), described(runs[1], parent=runs[0])]

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours[1]["metrics"] == {"loss": 0.25, "acc": 0.75}


def test_an_experiment_that_exists_is_taken_up_again(pair: Pair) -> None:
    def scenario() -> tuple[bool, str, dict[str, str]]:
        first = mlflow.set_experiment("stock: again")
        mlflow.set_experiment_tag("team", "red")
        second = mlflow.set_experiment("stock: again")
        return first.experiment_id == second.experiment_id, second.lifecycle_stage, second.tags

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs == (True, "active", {"team": "red"})


def test_a_batch_keeps_every_entry(pair: Pair) -> None:
    def scenario() -> dict[str, Any]:
        client = mlflow.MlflowClient()
        run = client.create_run("0", start_time=1_000, run_name="batch", tags={"kind": "batch"})
        metrics = [Metric("m", step / 3, timestamp=step, step=step) for step in range(1_000)]
        client.log_batch(run.info.run_id, metrics=metrics)
        params = [Param(f"p{n}", str(n)) for n in range(100)]
        client.log_batch(run.info.run_id, params=params, tags=[RunTag("t", "1"), RunTag("t", "2")])
        client.set_terminated(run.info.run_id, "FAILED", end_time=2_000)
        return described(client.get_run(run.info.run_id))

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert len(ours["params"]) == 100


def test_a_changed_param_is_refused_with_the_same_sentence(pair: Pair) -> None:
    def scenario() -> str:
        client = mlflow.MlflowClient()
        run_id = client.create_run("0", start_time=1_001, run_name="params").info.run_id
        client.log_param(run_id, "p", 1)
        with pytest.raises(MlflowException) as refusal:
            client.log_param(run_id, "p", 2)
        return str(refusal.value.error_code)

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs == "INVALID_PARAMETER_VALUE"


@pytest.mark.sampled(keep=1, of="pages of the stock client")
def test_a_search_over_more_runs_than_a_page_holds_comes_in_pages(pair: Pair) -> None:
    def scenario() -> list[list[str]]:
        client = mlflow.MlflowClient()
        experiment = client.create_experiment("stock: pages")
        for number in range(90):
            client.create_run(experiment, start_time=1 + number, run_name=f"run {number:03}")
        pages, token = [], None
        while token is not None or not pages:
            page = client.search_runs([experiment], "run_name LIKE 'run%'", max_results=40, page_token=token)
            pages.append([run.info.run_name for run in page])
            token = page.token or None
        return pages

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert [len(page) for page in ours] == [40, 40, 10]
    assert ours[0][0] == "run 089"


@pytest.mark.sampled(keep=1, of="pages of the stock client")
def test_a_history_longer_than_the_clients_page_comes_whole(pair: Pair) -> None:
    points = 25_100  # The client asks for pages of 25,000.

    def scenario() -> list[tuple[float, int, int]]:
        client = mlflow.MlflowClient()
        run_id = client.create_run("0", start_time=1_002, run_name="history").info.run_id
        metrics = [Metric("m", step * 0.5, timestamp=step // 7, step=step) for step in range(points)]
        for start in range(0, points, 1_000):
            client.log_batch(run_id, metrics=metrics[start : start + 1_000])
        return [(point.value, point.timestamp, point.step) for point in client.get_metric_history(run_id, "m")]

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert len(ours) == points


def test_deleted_things_hide_and_come_back(pair: Pair) -> None:
    def scenario() -> list[Any]:
        client = mlflow.MlflowClient()
        experiment = client.create_experiment("stock: deleted")
        run_id = client.create_run(experiment, start_time=1, run_name="one").info.run_id
        seen: list[Any] = []

        def look() -> None:
            found = client.search_experiments(ViewType.ALL, filter_string="name LIKE 'stock: deleted%'")
            runs = client.search_runs([experiment], run_view_type=ViewType.ACTIVE_ONLY)
            seen.append([(item.name, item.lifecycle_stage) for item in found])
            seen.append([run.info.run_name for run in runs])

        for change in (client.delete_run, client.restore_run):
            change(run_id)
            look()
        client.rename_experiment(experiment, "stock: deleted, renamed")
        for change in (client.delete_experiment, client.restore_experiment):
            change(experiment)
            look()
        return seen

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours[-1] == ["one"]


def test_a_data_frame_of_runs_has_the_same_columns_and_cells(pair: Pair) -> None:
    def scenario() -> pd.DataFrame:
        experiment = mlflow.set_experiment("stock: frame")
        for number in range(6):
            with mlflow.start_run(run_name=f"run {number}"):
                mlflow.log_param("depth", number)
                mlflow.log_metrics({"loss": 1 / (number + 1), **({"rare": float("nan")} if number % 2 else {})})
        order = ["metrics.loss ASC"]
        frame = mlflow.search_runs([experiment.experiment_id], "metrics.loss < 0.9", order_by=order)
        return frame.drop(columns=OWN_COLUMNS, errors="ignore")

    theirs, ours = on_both(pair, scenario)

    pd.testing.assert_frame_equal(ours, theirs, check_like=True)
    assert list(ours["params.depth"]) == ["5", "4", "3", "2", "1"]


def test_a_pandas_dataset_is_an_input(pair: Pair) -> None:
    def scenario() -> dict[str, Any]:
        frame = pd.DataFrame({"x": [1.5, 2.5], "label": ["a", "b"]})
        dataset = mlflow.data.from_pandas(frame, source="https://example.com/wine.csv", name="wine", targets="label")
        mlflow.set_experiment("stock: inputs")
        with mlflow.start_run(run_name="with input") as run:
            mlflow.log_input(dataset, context="training", tags={"split": "first"})
        return described(mlflow.get_run(run.info.run_id))

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours["inputs"][0][0]["name"] == "wine"


def test_metrics_logged_asynchronously_are_there_after_a_flush(pair: Pair) -> None:
    def scenario() -> list[tuple[float, int]]:
        mlflow.set_experiment("stock: asynchronous")
        with mlflow.start_run(run_name="asynchronous") as run:
            for step in range(150):
                mlflow.log_metric("m", step * 2, step=step, synchronous=False)
            mlflow.log_params({"p": 1}, synchronous=False)
            mlflow.flush_async_logging()
        history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "m")
        return sorted((point.value, point.step) for point in history)

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert len(ours) == 150
