"""How a run that was run by a command ended, as the command shows it."""

from cumulog._command.shown.results import Done
from cumulog._projects.running.running import Ended


def shown(ended: Ended) -> Done:
    fields = {
        "run_id": ended.run_id,
        "experiment_id": ended.experiment_id,
        "status": ended.status,
        "exit_code": ended.code,
        "failure": ended.why,
    }
    return Done(fields, "", notes=[f"Run {ended.run_id}: {ended.status}"], code=ended.code)
