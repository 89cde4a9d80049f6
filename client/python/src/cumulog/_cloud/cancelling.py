"""The end of a run that is a job, by whoever no longer wants it."""

from typing import Any

from cumulog._client.client import Client
from cumulog._cloud import batch
from cumulog._cloud.batch import Service
from cumulog._cloud.submitting import failed, job_of
from cumulog._sweeps.trials import RUNNING

_WHY = "cancelled"


def cancel(client: Client, service: Service, run_id: str) -> list[str]:
    """End a run and its job, and of a sweep its trials; the runs that it ended. Raises CumulogError."""
    job_id = job_of(client, run_id)
    info = client.runs.get(run_id)["run"]["info"]
    wanted = f"tags.`mlflow.parentRunId` = '{run_id}'"
    pages = client.pages(client.runs.search, experiment_ids=[info["experiment_id"]], filter=wanted)
    found: list[Any] = [info, *(run["info"] for page in pages for run in page.get("runs", []))]
    ended = [each["run_id"] for each in found if each["status"] in RUNNING]
    # First the runs: a container that is told to end asks whether its run is still wanted.
    for each in ended:
        failed(client, each, _WHY, "KILLED")
    batch.terminate(service, job_id)
    return ended


def is_wanted(client: Client, run_id: str) -> bool:
    """Whether a run that was submitted has not been cancelled. Raises CumulogError."""
    return str(client.runs.get(run_id)["run"]["info"]["status"]) != "KILLED"
