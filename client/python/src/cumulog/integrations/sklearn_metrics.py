"""What a fitted estimator of scikit-learn makes of its training data, in MLflow's names of metrics."""

import inspect
from collections.abc import Iterator
from typing import Any, NamedTuple


class Data(NamedTuple):
    """What a model was fitted with."""

    features: Any
    labels: Any = None
    weights: Any = None


def data_of(kind: type, given: tuple[Any, ...], named: dict[str, Any]) -> Data | None:
    """The data of a call of fit; None if it had none."""
    names = list(inspect.signature(kind.fit).parameters)[1:]  # type: ignore[attr-defined]
    found = {**dict(zip(names, given, strict=False)), **named}
    features = found.get("X", found.get("raw_documents"))
    if features is None:
        return None
    return Data(features, found.get("y", found.get("Y")), found.get("sample_weight"))


def of_training(model: Any, data: Data) -> dict[str, float]:
    """The metrics of a classifier or a regressor; of others their score alone."""
    from sklearn.base import is_classifier, is_regressor  # noqa: PLC0415 - only who uses it has it

    found: dict[str, float] = {}
    if is_classifier(model):
        found.update(_of_classifier(model, data))
    elif is_regressor(model):
        found.update(_of_regressor(model, data))
    if hasattr(model, "score"):
        found["score"] = model.score(data.features, data.labels)
    return {f"training_{name}": float(value) for name, value in found.items()}


def _of_classifier(model: Any, data: Data) -> Iterator[tuple[str, Any]]:
    from sklearn import metrics  # noqa: PLC0415

    labels, weights = data.labels, data.weights
    predicted = model.predict(data.features)
    for name in ("precision", "recall", "f1"):
        score = getattr(metrics, f"{name}_score")
        yield f"{name}_score", score(labels, predicted, average="weighted", sample_weight=weights, zero_division=0)
    yield "accuracy_score", metrics.accuracy_score(labels, predicted, sample_weight=weights)
    if not hasattr(model, "predict_proba"):
        return
    chances = model.predict_proba(data.features)
    yield "log_loss", metrics.log_loss(labels, chances, sample_weight=weights)
    is_binary = chances.shape[1] == 2
    scores = chances[:, 1] if is_binary else chances
    yield (
        "roc_auc",
        metrics.roc_auc_score(labels, scores, average="weighted", sample_weight=weights, multi_class="ovo"),
    )


def _of_regressor(model: Any, data: Data) -> Iterator[tuple[str, Any]]:
    from sklearn import metrics  # noqa: PLC0415

    predicted = model.predict(data.features)
    squared = metrics.mean_squared_error(data.labels, predicted, sample_weight=data.weights)
    yield "mean_squared_error", squared
    yield "root_mean_squared_error", squared**0.5
    yield "mean_absolute_error", metrics.mean_absolute_error(data.labels, predicted, sample_weight=data.weights)
    yield "r2_score", metrics.r2_score(data.labels, predicted, sample_weight=data.weights)
