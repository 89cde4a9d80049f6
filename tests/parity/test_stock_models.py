"""The stock client's logged models: what it reads back from ours is what it reads back from MLflow."""

from typing import Any

import mlflow
import pandas as pd
import pytest
from mlflow.entities import LoggedModel
from mlflow.exceptions import MlflowException

from tests.parity.compare import Pair
from tests.parity.stock_client import described, on_both

# The columns of a DataFrame of models that hold ids and times of the very server.
OWN_COLUMNS = [
    "model_id",
    "experiment_id",
    "artifact_location",
    "creation_timestamp",
    "last_updated_timestamp",
    "source_run_id",
    "metrics",
]


def seen(model: LoggedModel) -> dict[str, Any]:
    """Everything of a model but its ids and times."""
    return {
        "name": model.name,
        "type": model.model_type,
        "status": str(model.status),
        "params": model.params,
        "tags": model.tags,
        "root": model.artifact_location.replace(model.model_id, "model").replace(f"/{model.experiment_id}/", "/id/"),
        "uri": model.model_uri.replace(model.model_id, "model"),
        "metrics": points(model),
        "changed": model.last_updated_timestamp > model.creation_timestamp,
    }


def points(model: LoggedModel) -> list[Any]:
    return sorted(
        (point.key, point.value, point.step, point.dataset_name or "", point.model_id == model.model_id)
        for point in model.metrics or []
    )


def test_a_model_is_initialized_finalized_and_tagged(pair: Pair) -> None:
    def scenario() -> list[dict[str, Any]]:
        mlflow.set_experiment("stock models: one")
        model = mlflow.initialize_logged_model(name="one", params={"depth": "3"}, tags={"t": "1"}, model_type="agent")
        first = seen(model)
        mlflow.set_logged_model_tags(model.model_id, {"t": "2", "u": "3"})
        mlflow.delete_logged_model_tag(model.model_id, "u")
        mlflow.log_model_params({"lr": "0.1"}, model_id=model.model_id)
        finalized = mlflow.finalize_logged_model(model.model_id, "READY")
        return [first, seen(finalized), seen(mlflow.get_logged_model(model.model_id))]

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours[-1]["status"] == "READY"
    assert ours[-1]["params"] == {"depth": "3", "lr": "0.1"}


def test_an_external_model_with_many_params(pair: Pair) -> None:
    def scenario() -> dict[str, Any]:
        mlflow.set_experiment("stock models: external")
        params = {f"param {number}": str(number) for number in range(250)}
        model = mlflow.create_external_model(name="external", params=params, model_type="llm")
        return seen(mlflow.get_logged_model(model.model_id))

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert len(ours["params"]) == 250


def test_metrics_are_linked_to_a_model_and_to_a_dataset(pair: Pair) -> None:
    def scenario() -> list[Any]:
        mlflow.set_experiment("stock models: metrics")
        # Its digest is given: to compute one would call pandas as pandas 4 will not have it.
        wine = mlflow.data.from_pandas(pd.DataFrame({"x": [1.0]}), name="wine", digest="d1")
        model = mlflow.initialize_logged_model(name="measured")
        with mlflow.start_run(run_name="measuring") as run:
            mlflow.log_metric("acc", 0.5, step=1, model_id=model.model_id)
            mlflow.log_metrics({"acc": 0.75, "loss": 2.0}, step=2, model_id=model.model_id, dataset=wine)
        return [seen(mlflow.get_logged_model(model.model_id)), mlflow.get_run(run.info.run_id).data.metrics]

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours[0]["metrics"][1] == ("acc", 0.75, 2, "wine", True)


def test_a_search_over_models_gives_the_same_frame(pair: Pair) -> None:
    def scenario() -> list[Any]:
        mlflow.set_experiment("stock models: frame")
        with mlflow.start_run(run_name="maker"):
            for number in range(5):
                name = f"model {number}"
                model = mlflow.initialize_logged_model(name=name, params={"n": str(number)}, tags={"t": "x"})
                mlflow.log_metric("acc", number / 4, step=number, model_id=model.model_id)
        order = [{"field_name": "metrics.acc", "ascending": False}]
        found = "metrics.acc > 0.2 AND params.n != '3'"
        frame = mlflow.search_logged_models(filter_string=found, order_by=order)
        listed = mlflow.search_logged_models(order_by=order, max_results=2, output_format="list")
        paged = mlflow.search_logged_models(filter_string="name LIKE 'model%'", output_format="list")
        metrics = [[(point.key, point.value, point.step) for point in cell] for cell in frame["metrics"]]
        names = [[model.name for model in models] for models in (listed, paged)]
        return [frame.drop(columns=OWN_COLUMNS), metrics, names]

    theirs, ours = on_both(pair, scenario)

    pd.testing.assert_frame_equal(ours[0], theirs[0])
    assert ours[1:] == theirs[1:]
    assert list(ours[0]["name"]) == ["model 4", "model 2", "model 1"]


def test_a_model_that_a_run_put_out_is_its_output(pair: Pair) -> None:
    def scenario() -> list[Any]:
        mlflow.set_experiment("stock models: outputs")
        with mlflow.start_run(run_name="maker") as run:
            model = mlflow.initialize_logged_model(name="output")
            mlflow.log_outputs(models=[mlflow.entities.LoggedModelOutput(model.model_id, step=4)])
        read = mlflow.get_run(run.info.run_id)
        outputs = [(item.model_id == model.model_id, item.step) for item in read.outputs.model_outputs]
        return [described(read), outputs, model.source_run_id == run.info.run_id]

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours[1:] == [[(True, 4)], True]


def test_a_deleted_model_is_gone(pair: Pair) -> None:
    def scenario() -> list[Any]:
        mlflow.set_experiment("stock models: deleted")
        model = mlflow.initialize_logged_model(name="deleted")
        mlflow.MlflowClient().delete_logged_model(model.model_id)
        with pytest.raises(MlflowException) as refusal:
            mlflow.get_logged_model(model.model_id)
        return [refusal.value.error_code, mlflow.search_logged_models(output_format="list")]

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs == ["RESOURCE_DOES_NOT_EXIST", []]
