"""Hugging Face Transformers: a callback of its Trainer.

    Trainer(model, args, train_dataset=…, callbacks=[CumulogCallback()])

MLflow's own callback is used by itself where mlflow is installed: leave that out by `report_to="none"`.
"""

from typing import Any

from transformers import TrainerCallback

from cumulog._fluent import face
from cumulog._fluent.artifacts import log_artifacts
from cumulog.integrations.settings import flat


class CumulogCallback(TrainerCallback):  # type: ignore[misc, unused-ignore]
    """Logs the arguments and the model's configuration as params, and all numbers that the Trainer logs as metrics.

    It logs to the active run, or to one that it starts and ends with the training. Of several processes the first logs.
    With `log_checkpoints` each checkpoint that is saved becomes artifacts of the run.
    """

    def __init__(self, *, log_checkpoints: bool = False) -> None:
        self._log_checkpoints = log_checkpoints
        self._has_begun = False
        self._run_id = ""

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:  # noqa: ARG002
        if not state.is_world_process_zero or self._run_id:
            return
        active = face.active_run()
        self._has_begun = active is None
        run = active or face.start_run(run_name=getattr(args, "run_name", None))
        self._run_id = run.info.run_id
        config = getattr(model, "config", None)
        settings = {**(config.to_dict() if config is not None else {}), **args.to_dict()}
        run.params(dict(flat(settings, ".")))

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:  # noqa: ARG002
        if self._run_id and logs:
            numbers = {name: value for name, value in logs.items() if isinstance(value, int | float)}
            face.log_metrics(numbers, step=state.global_step, run_id=self._run_id)

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        if self._run_id and self._log_checkpoints:
            name = f"checkpoint-{state.global_step}"
            log_artifacts(f"{args.output_dir}/{name}", f"checkpoints/{name}", run_id=self._run_id)

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002
        if self._has_begun:
            face.end_run()
            self._has_begun = False
        self._run_id = ""
