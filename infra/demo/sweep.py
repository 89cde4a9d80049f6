"""A sweep over the settings of a small neural network: a run for the sweep, and below it a run for each trial."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import matplotlib as mpl
import mlflow
from matplotlib import pyplot
from mlflow.models import infer_signature
from sklearn.metrics import ConfusionMatrixDisplay, log_loss
from sklearn.neural_network import MLPClassifier

from infra.demo.data import Digits, digits

_EPOCHS = 12
_KEPT = 3
_GRID: Mapping[str, tuple[Any, ...]] = {
    "hidden_units": (8, 16, 32),
    "learning_rate": (0.001, 0.003, 0.01, 0.03),
    "alpha": (0.0001, 0.01, 1.0),
}


class Trial(NamedTuple):
    """A run of the sweep. `model_uri` is that of its logged model, or empty: only the best are kept."""

    run_id: str
    accuracy: float
    params: dict[str, Any]
    model_uri: str = ""


class Sweep(NamedTuple):
    """The trials, the best first."""

    run_id: str
    trials: list[Trial]


def run(url: str, experiment: str) -> Sweep:
    """Train all trials into the experiment, and log the models of the best ones."""
    # Figures are written to files here, never shown.
    mpl.use("Agg")
    mlflow.set_tracking_uri(url)
    mlflow.set_experiment(experiment)
    data = digits()
    with mlflow.start_run(
        run_name="sweep", tags={"kind": "sweep"}, description="A grid over a small network."
    ) as parent:
        mlflow.log_input(
            mlflow.data.from_numpy(data.train_images, targets=data.train_digits, name="digits"), "training"
        )
        trained = sorted(_trained(data), key=lambda pair: -pair[0].accuracy)
        kept = [_with_model(trial, model, data) for trial, model in trained[:_KEPT]]
        mlflow.log_metric("best_test_accuracy", kept[0].accuracy)
        mlflow.log_table({"run": [trial.run_id for trial in kept], "accuracy": [t.accuracy for t in kept]}, "best.json")
    return Sweep(parent.info.run_id, [*kept, *(trial for trial, _ in trained[_KEPT:])])


def _trained(data: Digits) -> Iterator[tuple[Trial, MLPClassifier]]:
    combinations = [dict(zip(_GRID, values, strict=True)) for values in product(*_GRID.values())]
    for number, params in enumerate(combinations, 1):
        print(f"\rTraining run {number} of {len(combinations)} ", end="", flush=True)
        name = "-".join(f"{key[0]}{value}" for key, value in params.items())
        with mlflow.start_run(run_name=name, nested=True, tags={"kind": "trial"}) as run:
            mlflow.log_params({**params, "epochs": _EPOCHS})
            model, accuracy = _fit(params, data)
            _log_confusion(model, data)
        yield Trial(run.info.run_id, accuracy, params), model


def _fit(params: Mapping[str, Any], data: Digits) -> tuple[MLPClassifier, float]:
    model = MLPClassifier(
        (params["hidden_units"],), learning_rate_init=params["learning_rate"], alpha=params["alpha"], random_state=0
    )
    accuracy = 0.0
    for epoch in range(_EPOCHS):
        model.partial_fit(data.train_images, data.train_digits, classes=range(10))
        accuracy = float(model.score(data.test_images, data.test_digits))
        loss = float(log_loss(data.test_digits, model.predict_proba(data.test_images)))
        mlflow.log_metrics({"train_loss": float(model.loss_), "test_loss": loss, "test_accuracy": accuracy}, step=epoch)
    return model, accuracy


def _log_confusion(model: MLPClassifier, data: Digits) -> None:
    display = ConfusionMatrixDisplay.from_estimator(model, data.test_images, data.test_digits, colorbar=False)
    mlflow.log_figure(display.figure_, "confusion.png")
    pyplot.close(display.figure_)


def _with_model(trial: Trial, model: MLPClassifier, data: Digits) -> Trial:
    with mlflow.start_run(run_id=trial.run_id, nested=True):
        signature = infer_signature(data.test_images, model.predict(data.test_images))
        logged = mlflow.sklearn.log_model(
            model,
            name="model",
            signature=signature,
            serialization_format="cloudpickle",
            pip_requirements=["scikit-learn"],
        )
    return trial._replace(model_uri=logged.model_uri)
