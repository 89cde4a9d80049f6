"""A training script as people write them: `python training_script.py <tracking URI> <file for its DataFrame>`.

A small grid over the wine data that scikit-learn brings along: one nested run per point under a parent run, autologging
for what the estimator says about itself, a few metrics, tags and inputs by hand, and a search for the best at the end.

Autologging also uploads files: plots of the classifier and estimator.html. Models are not logged here.
"""

import sys
from pathlib import Path
from typing import Any

import mlflow
import mlflow.sklearn
import pandas as pd
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

GRID = [{"C": strength, "fit_intercept": intercept} for strength in (0.01, 0.1, 1.0) for intercept in (True, False)]


def main(tracking_uri: str, result: Path) -> None:
    mlflow.set_tracking_uri(tracking_uri)
    experiment = mlflow.set_experiment("wine")
    mlflow.sklearn.autolog(log_models=False)
    train, test = train_test_split(load_wine(as_frame=True).frame, test_size=0.3, random_state=7)
    with mlflow.start_run(run_name="grid"):
        mlflow.set_tags({"purpose": "demonstration", "points": len(GRID)})
        mlflow.log_input(mlflow.data.from_pandas(train, name="wine", targets="target"), context="training")
        for number, point in enumerate(GRID):
            fit(number, point, train, test)
    runs = mlflow.search_runs([experiment.experiment_id], order_by=["metrics.test_loss ASC", "attributes.run_name ASC"])
    result.write_text(runs.to_json(orient="records", double_precision=15), encoding="utf-8")


def fit(number: int, point: dict[str, Any], train: pd.DataFrame, test: pd.DataFrame) -> None:
    """One point of the grid in a run of its own."""
    with mlflow.start_run(run_name=f"point {number}", nested=True):
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=200, random_state=7, **point))
        model.fit(train.drop(columns="target"), train["target"])
        predicted = model.predict_proba(test.drop(columns="target"))
        for step in range(1, 6):
            part = slice(0, len(test) * step // 5)
            mlflow.log_metric("test_loss", log_loss(test["target"][part], predicted[part], labels=[0, 1, 2]), step=step)
        mlflow.log_metric("test_accuracy", accuracy_score(test["target"], predicted.argmax(axis=1)))
        mlflow.set_tag("size", "small" if point["C"] < 1 else "large")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
