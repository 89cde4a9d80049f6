"""What other libraries train is logged by itself; for scikit-learn, as MLflow's autologging has it."""

import logging
from collections.abc import Iterator
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import cumulog
from cumulog._fluent import runs

pytestmark = pytest.mark.filterwarnings("ignore")

FRAME = pd.DataFrame(np.random.default_rng(0).random((40, 3)), columns=list("abc"))
LABELS = (FRAME["a"] > 0.5).astype(int)


@pytest.fixture(autouse=True)
def _restored(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    # The app, which other tests load, logs errors alone; and what is said once is said once in each test.
    caplog.set_level(logging.WARNING, "cumulog")
    runs._said.clear()
    yield
    cumulog.sklearn.autolog(disable=True)
    mlflow.sklearn.autolog(disable=True)


def last_run() -> Any:
    assert cumulog.flush()
    last = cumulog.last_active_run()
    assert last
    return cumulog.get_run(last.info.run_id)


def children_of(run_id: str) -> list[Any]:
    assert cumulog.flush()
    of_it = f"tags.mlflow.parentRunId = '{run_id}'"
    return list(cumulog.search_runs(filter_string=of_it, order_by=["start_time"], output_format="list"))


@pytest.mark.parametrize(
    ("make", "labels"),
    [
        (LogisticRegression, LABELS),
        (LinearRegression, FRAME["b"]),
        (lambda: KMeans(2, random_state=0), None),
        (lambda: make_pipeline(StandardScaler(), LogisticRegression()), LABELS),
        (lambda: GridSearchCV(LogisticRegression(), {"C": [0.1, 1, 10]}, cv=2), LABELS),
    ],
)
def test_a_fit_is_logged_as_mlflow_logs_it(make: Any, labels: Any, ours: str) -> None:
    data = (FRAME,) if labels is None else (FRAME, labels)
    mlflow.sklearn.autolog(log_models=False, log_datasets=False)
    mlflow.set_experiment("autologging of mlflow")
    with mlflow.start_run() as started:
        make().fit(*data)
    mlflow.sklearn.autolog(disable=True)
    theirs = mlflow.get_run(started.info.run_id).data

    cumulog.set_experiment("autologging of cumulog")
    cumulog.sklearn.autolog(log_models=False)
    make().fit(*data)

    run = last_run()
    mine = cumulog.get_run(run.data.tags.get("mlflow.parentRunId", run.info.run_id)).data
    assert mine.params == theirs.params
    assert mine.metrics == pytest.approx(theirs.metrics)
    for name in ("estimator_name", "estimator_class"):
        assert mine.tags[name] == theirs.tags[name]


def test_a_search_has_its_best_candidates_as_child_runs_and_its_model(ours: str) -> None:
    cumulog.set_experiment("searches")
    cumulog.sklearn.autolog(max_tuning_runs=2, log_input_examples=True)

    with cumulog.start_run() as run:
        search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1, 10]}, cv=2).fit(FRAME, LABELS)

    children = children_of(run.info.run_id)
    ranks = {float(child.data.metrics["rank_test_score"]) for child in children}
    assert (len(children), ranks <= {1.0, 2.0}) == (2, True)
    assert {child.info.status for child in children} == {"FINISHED"}
    loaded = cumulog.load_model(f"runs:/{run.info.run_id}/model", trust=True)
    assert loaded.signature
    assert list(loaded.predict(FRAME)) == list(search.predict(FRAME))


def test_a_fit_goes_on_when_it_cannot_be_logged(ours: str, caplog: pytest.LogCaptureFixture) -> None:
    class Odd(LogisticRegression):
        def get_params(self, deep: bool = True) -> dict[str, Any]:
            if deep:
                raise RuntimeError("no params")
            return dict(super().get_params(deep=False))

    cumulog.set_experiment("odd")
    cumulog.sklearn.autolog(log_models=False)

    assert Odd().fit(FRAME, LABELS).coef_.shape == (1, 3)
    assert "autolog logged nothing: RuntimeError: no params" in caplog.text
    assert last_run().info.status == "FINISHED"


def test_what_is_fitted_after_the_end_of_autologging_is_not_logged(ours: str) -> None:
    before = cumulog.last_active_run()
    cumulog.sklearn.autolog()
    cumulog.sklearn.autolog(disable=True)

    LogisticRegression().fit(FRAME, LABELS)

    assert cumulog.last_active_run() is before


def test_each_trial_of_a_study_is_a_child_run(ours: str) -> None:
    optuna = pytest.importorskip("optuna", reason="optuna is not installed")
    from cumulog.integrations.optuna import CumulogCallback

    def objective(trial: Any) -> float:
        x = float(trial.suggest_float("x", -1, 1))
        trial.report(x, 3)
        if trial.number == 1:
            raise optuna.TrialPruned
        return x * x

    cumulog.set_experiment("studies")
    with cumulog.start_run() as run:
        optuna.create_study().optimize(objective, n_trials=4, n_jobs=2, callbacks=[CumulogCallback("loss")])

    children = {child.info.run_name: child for child in children_of(run.info.run_id)}
    assert children.keys() == {"0", "1", "2", "3"}
    assert {name: child.info.status for name, child in children.items()} == {
        name: "KILLED" if name == "1" else "FINISHED" for name in children
    }
    x = float(children["0"].data.params["x"])
    assert children["0"].data.metrics == pytest.approx({"loss": x * x, "intermediate_value": x})


def test_a_training_by_transformers_is_logged(ours: str, tmp_path: Any) -> None:
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from cumulog.integrations.transformers import CumulogCallback

    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    model = transformers.BertForSequenceClassification(transformers.BertConfig(vocab_size=20, **sizes))
    rows = [{"input_ids": torch.tensor([1, 2]), "labels": torch.tensor(number % 2)} for number in range(8)]
    arguments = transformers.TrainingArguments(
        str(tmp_path), num_train_epochs=1, logging_steps=1, report_to="none", save_steps=1, use_cpu=True
    )
    transformers.Trainer(model, arguments, train_dataset=rows, callbacks=[CumulogCallback()]).train()

    run = last_run()
    assert (run.info.status, run.data.params["hidden_size"]) == ("FINISHED", "8")
    assert {"loss", "learning_rate", "train_loss"} <= run.data.metrics.keys()


def test_a_training_by_lightning_is_logged(ours: str, tmp_path: Any) -> None:
    lightning = pytest.importorskip("lightning", reason="lightning is not installed")
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from cumulog.integrations.lightning import CumulogLogger

    class Line(lightning.LightningModule):  # type: ignore[name-defined, misc]
        def __init__(self, rate: float = 0.1) -> None:
            super().__init__()
            self.save_hyperparameters()
            self.line = torch.nn.Linear(2, 1)

        def training_step(self, batch: Any, _: int) -> Any:
            loss = self.line(batch[0]).pow(2).mean()
            self.log("loss", loss)
            return loss

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), self.hparams.rate)

    rows = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.rand(8, 2)), batch_size=4)
    logger = CumulogLogger("lines", "a line", log_checkpoints=True)
    lightning.Trainer(
        logger=logger, max_epochs=1, log_every_n_steps=1, accelerator="cpu", default_root_dir=tmp_path
    ).fit(Line(), rows)

    run = last_run()
    assert (run.info.run_name, run.info.status, run.data.params) == ("a line", "FINISHED", {"rate": "0.1"})
    assert "loss" in run.data.metrics
