"""PyTorch Lightning: a logger of its Trainer.

Trainer(logger=CumulogLogger())
"""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lightning.pytorch.loggers import Logger
from lightning.pytorch.utilities import rank_zero_only

from cumulog._fluent import face
from cumulog._fluent.artifacts import log_artifact
from cumulog._fluent.experiments import set_experiment
from cumulog._fluent.runs import Run
from cumulog.integrations.settings import flat

_STATUS = {"success": "FINISHED", "finished": "FINISHED", "failed": "FAILED"}


class CumulogLogger(Logger):  # type: ignore[misc, unused-ignore]
    """Logs what a LightningModule logs, and its hyperparameters, to the active run or to one of its own.

    Of several processes the first logs. With `log_checkpoints` the best and the last checkpoint become artifacts.
    """

    def __init__(
        self, experiment_name: str | None = None, run_name: str | None = None, *, log_checkpoints: bool = False
    ) -> None:
        super().__init__()
        self._experiment_name = experiment_name
        self._run_name = run_name
        self._log_checkpoints = log_checkpoints
        self._run: Run | None = None
        self._is_own = False
        self._callback: Any = None

    @property
    def name(self) -> str:
        """The experiment, as checkpoints' folders have it."""
        return self._experiment_name or "cumulog"

    @property
    def version(self) -> str:
        """The run's id."""
        return self.run.info.run_id if self._run else ""

    @property
    def run(self) -> Run:
        """The run that is logged to."""
        if self._run is None:
            if self._experiment_name:
                set_experiment(self._experiment_name)
            active = face.active_run()
            self._is_own = active is None
            self._run = active or face.start_run(run_name=self._run_name)
        return self._run

    def log_hyperparams(self, params: Any, *_: Any, **__: Any) -> None:
        found = vars(params) if isinstance(params, Namespace) else params or {}
        if _is_first():
            self.run.params(dict(flat(found, "/")))

    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        if _is_first():
            self.run.metrics(metrics, 0 if step is None else step, None)

    def after_save_checkpoint(self, checkpoint_callback: Any) -> None:
        self._callback = checkpoint_callback

    def finalize(self, status: str) -> None:
        if self._run is None or not _is_first():
            return
        paths = {getattr(self._callback, name, "") for name in ("best_model_path", "last_model_path")}
        for path in sorted(filter(None, paths)) if self._log_checkpoints else ():
            log_artifact(Path(path), "checkpoints", run_id=self._run.info.run_id)
        if self._is_own:
            face.end_run(_STATUS.get(status, "FINISHED"))
        self._run = None


def _is_first() -> bool:
    """Whether this is the first of several processes."""
    return getattr(rank_zero_only, "rank", None) in (None, 0)
