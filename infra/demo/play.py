"""The whole demo: a sweep, its best models registered, and what to look at afterwards."""

from typing import NamedTuple

import mlflow

from infra.demo import registry, sweep
from infra.demo.registry import NAME
from infra.demo.sweep import EPOCHS, GRID, Grid, Sweep

EXPERIMENT = "demo: handwritten digits"


class Played(NamedTuple):
    """What was trained, and the version of the registered model in each stage that this filled."""

    sweep: Sweep
    stages: dict[str, str]


def play(url: str, grid: Grid = GRID, epochs: int = EPOCHS) -> Played:
    """Train and register. Raises MlflowException for what the server refuses."""
    mlflow.set_tracking_uri(url)
    found = sweep.run(EXPERIMENT, grid, epochs)
    return Played(found, registry.register(found.trials))


def summary(url: str, played: Played, seconds: float) -> str:
    """What the terminal shows in the end."""
    best, trials = played.sweep.trials[0], len(played.sweep.trials) + played.sweep.failed
    stages = ", ".join(f"version {version} in {stage}" for stage, version in played.stages.items())
    return (
        f"\n{trials + 1} runs in {seconds:.0f} s. To look at:\n\n"
        f"  experiment {EXPERIMENT!r}\n"
        f"    a sweep: {trials} trials, {played.sweep.failed} failed; loss and accuracy per epoch, images, datasets\n"
        f"    the best trial is {best.name!r}, with an accuracy of {best.accuracy:.3f}\n"
        f"  registered model {NAME!r}\n"
        f"    {stages}; the aliases champion and challenger\n\n"
        "From Python:\n\n"
        "    import mlflow\n"
        f'    mlflow.set_tracking_uri("{url}")\n'
        f'    mlflow.search_runs(experiment_names=["{EXPERIMENT}"], filter_string="metrics.test_accuracy > 0.9")\n'
        f'    mlflow.sklearn.load_model("models:/{NAME}@champion")\n'
    )
