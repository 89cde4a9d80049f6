"""A sweep over the settings of a small neural network: a run for the sweep, and below it a run for each trial."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import mlflow
import sklearn
from mlflow.models import infer_signature
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from infra.demo import pictures
from infra.demo.data import Digits, datasets, digits

Grid = Mapping[str, tuple[Any, ...]]

EPOCHS = 10
GRID: Grid = {"hidden_units": (8, 16, 32), "learning_rate": (0.001, 0.003, 0.01, 0.03), "alpha": (0.0001, 0.01, 1.0)}
# This one fails after some epochs, as real ones do: its weights become infinite.
_TOO_FAST = {"hidden_units": 16, "learning_rate": 1e9, "alpha": 0.0001, "solver": "sgd"}
_KEPT = 3


class Trial(NamedTuple):
    """A run of the sweep that ended well. `model_uri` is empty, but for the best ones, whose models are logged."""

    run_id: str
    name: str
    accuracy: float
    model: MLPClassifier
    model_uri: str = ""


class Sweep(NamedTuple):
    """The trials that ended well, the best first, and how many failed."""

    trials: list[Trial]
    failed: int


def run(experiment: str, grid: Grid, epochs: int) -> Sweep:
    """Train all trials into the experiment, and log the models of the best ones."""
    mlflow.set_experiment(experiment)
    data = digits()
    tags, description = {"kind": "sweep"}, "A grid over a small neural network. Made by `make demo`."
    points = [_TOO_FAST, *(dict(zip(grid, values, strict=True)) for values in product(*grid.values()))]
    with mlflow.start_run(run_name="sweep", tags=tags, description=description):
        mlflow.log_image(pictures.sheet(data.train_images), "digits.png")
        trained = sorted(_trained(data, points, epochs), key=lambda trial: -trial.accuracy)
        kept = [_with_model(trial, data, epochs - 1) for trial in trained[:_KEPT]]
        mlflow.log_metric("best_test_accuracy", kept[0].accuracy)
        mlflow.log_table({"run": [trial.name for trial in kept], "accuracy": [t.accuracy for t in kept]}, "best.json")
    return Sweep([*kept, *trained[_KEPT:]], len(points) - len(trained))


def _trained(data: Digits, points: Sequence[Mapping[str, Any]], epochs: int) -> Iterator[Trial]:
    for number, params in enumerate(points, 1):
        _show_progress(number, len(points))
        name = " ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in params.values())
        try:
            with mlflow.start_run(run_name=name, nested=True, tags={"kind": "trial"}) as run:
                model, accuracy = _fit(params, data, epochs)
        except ValueError:
            # scikit-learn's answer to infinite weights. MLflow has marked the run as failed.
            continue
        yield Trial(run.info.run_id, name, accuracy, model)


def _fit(params: Mapping[str, Any], data: Digits, epochs: int) -> tuple[MLPClassifier, float]:
    mlflow.log_params({**params, "epochs": epochs})
    mlflow.log_inputs(datasets(), ["training", "test"], [{}, {}])
    model = MLPClassifier(
        (params["hidden_units"],),
        learning_rate_init=params["learning_rate"],
        alpha=params["alpha"],
        solver=params.get("solver", "adam"),
        random_state=0,
    )
    accuracy = [_trained_once(model, data, epoch) for epoch in range(epochs)][-1]
    mlflow.log_figure(pictures.confusion(model, data.test_images, data.test_digits), "confusion.png")
    return model, accuracy


def _trained_once(model: MLPClassifier, data: Digits, epoch: int) -> float:
    """One epoch more; the accuracy after it."""
    model.partial_fit(data.train_images, data.train_digits, classes=range(10))
    probabilities = model.predict_proba(data.test_images)
    accuracy = float((probabilities.argmax(axis=1) == data.test_digits).mean())
    loss = float(log_loss(data.test_digits, probabilities))
    mlflow.log_metrics({"train_loss": float(model.loss_), "test_loss": loss, "test_accuracy": accuracy}, step=epoch)
    return accuracy


def _with_model(trial: Trial, data: Digits, step: int) -> Trial:
    """The trial with its model, whose metrics are those of this step."""
    with mlflow.start_run(run_id=trial.run_id, nested=True):
        logged = mlflow.sklearn.log_model(
            trial.model,
            name="model",
            step=step,
            signature=infer_signature(data.test_images, trial.model.predict(data.test_images)),
            serialization_format="cloudpickle",
            # MLflow would find them out by loading the model in a process of its own.
            pip_requirements=[f"scikit-learn=={sklearn.__version__}"],
        )
    return trial._replace(model_uri=logged.model_uri)


def _show_progress(number: int, count: int) -> None:
    if sys.stdout.isatty():
        print(f"\rTraining {number} of {count} ", end="" if number < count else "\n", flush=True)
    elif number == 1:
        print(f"Training {count} runs ...", flush=True)
