"""What cumulog writes of a model MLflow loads, and the other way round, with the same predictions."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
import mlflow.lightgbm
import mlflow.onnx
import mlflow.sklearn
import mlflow.xgboost
import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import cumulog

pytestmark = pytest.mark.filterwarnings("ignore")

FRAME = pd.DataFrame(np.random.default_rng(0).random((30, 3)), columns=list("abc"))
LABELS = (FRAME["a"] > 0.5).astype(int)

Make = Callable[[], Any]


def pipeline() -> Any:
    columns = ColumnTransformer([("scaled", StandardScaler(), ["a", "b"])], remainder="passthrough")
    return make_pipeline(columns, LogisticRegression()).fit(FRAME, LABELS)


def forest() -> Any:
    return RandomForestRegressor(3, random_state=0).fit(FRAME, LABELS)


def xgboost_classifier() -> Any:
    xgboost = pytest.importorskip("xgboost", reason="xgboost is not installed")
    return xgboost.XGBClassifier(n_estimators=2).fit(FRAME, LABELS)


def xgboost_booster() -> Any:
    return xgboost_classifier().get_booster()


def lightgbm_classifier() -> Any:
    lightgbm = pytest.importorskip("lightgbm", reason="lightgbm is not installed")
    return lightgbm.LGBMClassifier(n_estimators=2, min_child_samples=1, verbose=-1).fit(FRAME, LABELS)


def lightgbm_booster() -> Any:
    return lightgbm_classifier().booster_


def onnx_model() -> Any:
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    shapes = [helper.make_tensor_value_info(name, kind, [None, 3]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Exp", ["x"], ["y"])], "exp", shapes[:1], shapes[1:])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def torch_module() -> Any:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    return torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU())


def sums(model_input: Any) -> Any:
    return np.asarray(model_input).sum(axis=1)


def scaled(model_input: Any, params: Any = None) -> Any:
    return sums(model_input) * (params or {}).get("by", 1)


class Weighted:
    """A model in the manner of MLflow's, without its base class."""

    def predict(self, context: Any, model_input: Any) -> Any:
        return sums(model_input) * context.model_config["weight"]


class Plain:
    def predict(self, model_input: Any) -> Any:
        return model_input["a"] * 2


SINGLE = FRAME.to_numpy(dtype="float32")

# How a model is made, what is said when it is saved, what it predicts, and whether it has to be trusted.
SAVED: dict[str, tuple[Make, dict[str, Any], Any, bool]] = {
    "pipeline": (pipeline, {"input_example": FRAME[:2]}, FRAME, False),
    "pipeline by cloudpickle": (pipeline, {"serialization_format": "cloudpickle"}, FRAME, True),
    "forest": (forest, {"input_example": FRAME[:2]}, FRAME, True),
    "xgboost's classifier": (xgboost_classifier, {"input_example": FRAME[:2]}, FRAME, False),
    "xgboost's booster": (xgboost_booster, {"serialization_format": "json"}, FRAME, False),
    "lightgbm's classifier": (lightgbm_classifier, {"input_example": FRAME[:2]}, FRAME, False),
    "lightgbm's booster": (lightgbm_booster, {}, FRAME, False),
    "onnx": (onnx_model, {"input_example": SINGLE[:2]}, SINGLE, False),
    "onnx of doubles": (onnx_model, {}, FRAME.to_numpy(), False),
    "torch": (torch_module, {"input_example": SINGLE[:2]}, SINGLE, True),
    "torch of a frame": (torch_module, {}, FRAME, True),
    "torch exported": (torch_module, {"input_example": SINGLE[:2], "serialization_format": "pt2"}, SINGLE, True),
    "function": (lambda: sums, {"input_example": FRAME[:2]}, FRAME, True),
    "lambda": (lambda: lambda model_input: model_input["a"], {}, FRAME, True),
    "function with params": (lambda: scaled, {"input_example": (FRAME[:2], {"by": 3})}, FRAME, True),
    "object": (Plain, {"input_example": FRAME[:2]}, FRAME, True),
    "object with context": (Weighted, {"model_config": {"weight": 2}}, FRAME, True),
}


def equal(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dict):
        return bool(ours.keys() == theirs.keys() and all(equal(ours[name], theirs[name]) for name in ours))
    return bool(np.array_equal(np.asarray(ours), np.asarray(theirs)))


@pytest.mark.parametrize("kind", SAVED)
def test_mlflow_loads_what_cumulog_saved_with_the_same_predictions(kind: str, tmp_path: Path) -> None:
    make, said, data, needs_trust = SAVED[kind]

    cumulog.save_model(make(), tmp_path / "model", **said)

    ours = cumulog.load_model(tmp_path / "model", trust=needs_trust)
    theirs = mlflow.pyfunc.load_model(str(tmp_path / "model"))
    assert equal(ours.predict(data), theirs.predict(data))
    if needs_trust:
        with pytest.raises(cumulog.CumulogError, match="trust=True"):
            cumulog.load_model(tmp_path / "model")


def test_each_framework_of_mlflows_loads_its_own_again(tmp_path: Path) -> None:
    cases: dict[str, tuple[Make, Any]] = {
        "sklearn": (pipeline, mlflow.sklearn),
        "xgboost": (xgboost_classifier, mlflow.xgboost),
        "lightgbm": (lightgbm_classifier, mlflow.lightgbm),
        "onnx": (onnx_model, mlflow.onnx),
    }
    for name, (make, module) in cases.items():
        model = make()
        cumulog.save_model(model, tmp_path / name)

        assert type(module.load_model(str(tmp_path / name))) is type(model)


@pytest.mark.parametrize(
    ("make", "module", "said"),
    [
        (pipeline, mlflow.sklearn, {}),
        (pipeline, mlflow.sklearn, {"serialization_format": "cloudpickle"}),
        (xgboost_booster, mlflow.xgboost, {}),
        (lightgbm_classifier, mlflow.lightgbm, {}),
    ],
)
def test_cumulog_loads_what_mlflow_saved_with_the_same_predictions(
    make: Make, module: Any, said: dict[str, Any], tmp_path: Path
) -> None:
    module.save_model(make(), str(tmp_path / "model"), pip_requirements=[], **said)

    ours = cumulog.load_model(tmp_path / "model", trust=True)

    assert equal(ours.predict(FRAME), mlflow.pyfunc.load_model(str(tmp_path / "model")).predict(FRAME))


def test_an_mlmodel_has_the_fields_that_mlflow_writes(tmp_path: Path) -> None:
    example, metadata = FRAME[:2], {"team": "wine"}
    cumulog.save_model(pipeline(), tmp_path / "ours", input_example=example, metadata=metadata)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mlflow.sklearn.save_model(
            pipeline(), str(tmp_path / "theirs"), input_example=example, metadata=metadata, pip_requirements=[]
        )

    ours, theirs = (mlflow.models.Model.load(str(tmp_path / name)) for name in ("ours", "theirs"))

    assert ours.flavors == theirs.flavors
    assert ours.signature == theirs.signature
    assert ours.saved_input_example_info == theirs.saved_input_example_info
    assert ours.metadata == theirs.metadata
    for name in ("input_example.json", "serving_input_example.json"):
        assert (tmp_path / "ours" / name).read_text() == (tmp_path / "theirs" / name).read_text()


def test_a_model_that_cumulog_logs_is_a_logged_model_and_a_version_for_mlflow(ours: str) -> None:
    cumulog.set_experiment("models of cumulog")
    with cumulog.start_run() as run:
        cumulog.log_params({"depth": 3})
        cumulog.log_metric("accuracy", 0.9)
        info = cumulog.log_model(
            pipeline(), "wine", input_example=FRAME[:2], registered_model_name="wine of cumulog", tags={"team": "red"}
        )
    assert cumulog.flush()

    logged = mlflow.get_logged_model(info.model_id)
    version = mlflow.MlflowClient().get_model_version("wine of cumulog", "1")
    uris = (info.model_uri, f"runs:/{run.info.run_id}/wine", "models:/wine of cumulog/1")
    predictions = [mlflow.pyfunc.load_model(uri).predict(FRAME) for uri in uris]
    assert (logged.name, logged.status, logged.source_run_id) == ("wine", "READY", run.info.run_id)
    assert (logged.params, logged.tags["team"]) == ({"depth": "3"}, "red")
    assert [(metric.key, metric.value) for metric in logged.metrics or []] == [("accuracy", 0.9)]
    assert (version.source, version.run_id) == (info.model_uri, run.info.run_id)
    assert all(equal(each, pipeline().predict(FRAME)) for each in predictions)
    made = mlflow.get_run(run.info.run_id).outputs.model_outputs
    assert [(each.model_id, each.step) for each in made] == [(info.model_id, 0)]


def test_cumulog_loads_by_every_kind_of_uri_what_mlflow_logged(ours: str, tmp_path: Path) -> None:
    mlflow.set_experiment("models of mlflow")
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(pipeline(), name="wine", pip_requirements=[])
        path = str(tmp_path / "saved")
        mlflow.sklearn.save_model(pipeline(), path, pip_requirements=[])
        mlflow.log_artifacts(path, "plain")
    version = cumulog.register_model(f"runs:/{run.info.run_id}/wine", "wine of mlflow", tags={"team": "red"})
    mlflow.MlflowClient().set_registered_model_alias("wine of mlflow", "best", version["version"])

    plain = cumulog.register_model(f"runs:/{run.info.run_id}/plain", "plain of mlflow")
    assert plain["run_id"] == run.info.run_id

    for uri in (
        info.model_uri,
        f"runs:/{run.info.run_id}/wine",
        f"runs:/{run.info.run_id}/plain",
        "models:/wine of mlflow/1",
        "models:/wine of mlflow/latest",
        "models:/wine of mlflow@best",
        f"{run.info.artifact_uri}/plain",
    ):
        assert equal(cumulog.load_model(uri).predict(FRAME), pipeline().predict(FRAME)), uri


def test_a_uri_that_names_no_model_is_refused_with_a_sentence(ours: str) -> None:
    with mlflow.start_run() as run:
        mlflow.log_text("x", "notes/a.txt")

    for uri, said in (
        ("models:/", "names no model"),
        ("models:/nobody/3", "not found"),
        (f"models:/m-{'0' * 32}", "not found"),
        (f"runs:/{run.info.run_id}/notes", "no file MLmodel"),
        (f"runs:/{'0' * 32}/model", "not found"),
        ("here/is/nothing", "no file MLmodel"),
    ):
        with pytest.raises(cumulog.CumulogError, match=said):
            cumulog.load_model(uri)


def test_a_script_of_mlflows_quick_start_logs_and_loads_its_model(ours: str) -> None:
    quick: Any = cumulog
    quick.set_experiment("quick start of models")
    with quick.start_run():
        signature = quick.models.infer_signature(FRAME, pipeline().predict(FRAME))
        info = quick.sklearn.log_model(
            sk_model=pipeline(), name="iris_model", signature=signature, input_example=FRAME[:2]
        )
    loaded = quick.pyfunc.load_model(info.model_uri)

    assert equal(loaded.predict(FRAME), pipeline().predict(FRAME))
    assert type(quick.sklearn.load_model(info.model_uri)) is type(pipeline())
    with pytest.raises(cumulog.CumulogError, match="sk_model is missing"):
        quick.sklearn.log_model(name="iris_model")
