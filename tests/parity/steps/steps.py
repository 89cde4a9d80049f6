"""A project of three steps: the first starts the others by MLflow's own client, and hands on what they log."""

import sys
from pathlib import Path

import mlflow


def main(alpha: str, rows: str, note: str) -> None:
    """Prepare the data, and train on it."""
    with mlflow.start_run():
        prepared = _step("prepare", rows=rows)
        data = mlflow.artifacts.download_artifacts(run_id=prepared, artifact_path="data.csv")
        trained = _step("train", alpha=alpha, data=data)
        mlflow.log_metric("loss", mlflow.get_run(trained).data.metrics["loss"])
        mlflow.set_tag("note", note)


def _step(name: str, **parameters: str) -> str:
    done = mlflow.run(str(Path(__file__).parent), name, parameters=parameters, env_manager="local")
    return str(done.run_id)


def prepare(rows: str) -> None:
    with mlflow.start_run():
        mlflow.log_text("".join(f"{number}\n" for number in range(int(rows))), "data.csv")
        mlflow.log_metric("rows", int(rows))


def train(alpha: str, data: str) -> None:
    values = [float(line) for line in Path(data).read_text().split()]
    with mlflow.start_run():
        for step, value in enumerate(values):
            mlflow.log_metric("loss", float(alpha) / (1 + value), step=step)


if __name__ == "__main__":
    {"main": main, "prepare": prepare, "train": train}[sys.argv[1]](*sys.argv[2:])
