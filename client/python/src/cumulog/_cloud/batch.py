"""AWS Batch: the request for a job, and what became of it."""

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from cumulog._http.credentials import parted
from cumulog._projects.errors import ProjectError

QUEUE, DEFINITION = "CUMULOG_BATCH_QUEUE", "CUMULOG_BATCH_DEFINITION"
DIGEST = "CUMULOG_SCHEDULED_SHA256"
MOST_ATTEMPTS = 10
# What our process ends with when it was told to end by SIGTERM.
_TOLD_TO_END = "143"
# At most five. The machine was taken away: again. Anything else is the program's own end.
_RULES = (
    {"onStatusReason": "Host EC2*", "action": "RETRY"},
    {"onStatusReason": "Your Spot Task was interrupted*", "action": "RETRY"},
    {"onExitCode": _TOLD_TO_END, "action": "RETRY"},
    {"onExitCode": "*", "action": "EXIT"},
    {"onReason": "*", "action": "EXIT"},
)


class Wanted(NamedTuple):
    """Where a job goes, and what it gets; empty and 0 for what the job definition says.

    `seconds` is how long one attempt may take, `size` how many children the job has if it is an array.
    """

    queue: str
    definition: str
    vcpus: str = ""
    memory: int = 0
    seconds: int = 0
    attempts: int = 1
    size: int = 0


class Fate(NamedTuple):
    """A job as Batch has it. `code` is the exit code of its container, None if there is none yet.

    `children` says of an array how many of its jobs are how far.
    """

    status: str
    why: str = ""
    code: int | None = None
    children: Mapping[str, int] = MappingProxyType({})

    def __str__(self) -> str:
        counts = [f"{count} {status}" for status, count in self.children.items() if count]
        told = [each for each in (", ".join(counts), self.why) if each]
        return self.status + (f" ({'; '.join(told)})" if told else "")

    @property
    def is_over(self) -> bool:
        return self.status in ("SUCCEEDED", "FAILED")


class Service(Protocol):
    """What we need of boto3's client."""

    def submit_job(self, **request: Any) -> Any: ...

    def describe_jobs(self, *, jobs: list[str]) -> Any: ...

    def terminate_job(self, *, jobId: str, reason: str) -> Any: ...  # noqa: N803 - AWS's name


def wanted(queue: str, definition: str, **more: Any) -> Wanted:
    """What was typed, with what the environment says of queue and definition. Raises ProjectError."""
    queue, definition = queue or os.environ.get(QUEUE, ""), definition or os.environ.get(DEFINITION, "")
    for given, option, variable in ((queue, "--queue", QUEUE), (definition, "--definition", DEFINITION)):
        if not given:
            raise ProjectError(
                f"No {option.lstrip('-')} of AWS Batch is named: use {option}, or set {variable}. `make deploy` prints "
                "both for a stage with BATCH=on."
            )
    return Wanted(queue, definition, **more)


def service() -> Service:
    """Batch, as the settings of the AWS CLI say. Raises ProjectError if boto3 is missing, or no region is set."""
    try:
        # Few submit jobs, and it takes half a second.
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    except ImportError as error:
        raise ProjectError("AWS Batch needs boto3: pip install boto3") from error
    try:
        # A request that is sent again could submit a second job, and both would log to the run.
        found: Service = boto3.client("batch", config=Config(retries={"total_max_attempts": 1}))
    except BotoCoreError as error:
        raise ProjectError(f"AWS Batch cannot be asked: {error}") from error
    return found


def request(run_id: str, experiment_id: str, server: str, digest: str, job: Wanted) -> dict[str, Any]:
    """SubmitJob's request. It has neither a token nor any value that was typed for the project.

    `digest` is that of the document that says what to run: nobody who may write to the run can exchange it.
    """
    told = {
        "MLFLOW_TRACKING_URI": parted(server)[0],
        "MLFLOW_EXPERIMENT_ID": experiment_id,
        "MLFLOW_RUN_ID": run_id,
        DIGEST: digest,
    }
    asked = {"VCPU": job.vcpus, "MEMORY": str(job.memory) if job.memory else ""}
    resources = [{"type": kind, "value": value} for kind, value in asked.items() if value]
    rules = {"evaluateOnExit": [dict(each) for each in _RULES]} if job.attempts > 1 else {}
    return {
        "jobName": f"cumulog-{run_id}",
        "jobQueue": job.queue,
        "jobDefinition": job.definition,
        "containerOverrides": {
            "command": ["cumulog", "run", "--run-id", run_id],
            "environment": [{"name": name, "value": value} for name, value in told.items()],
            **({"resourceRequirements": resources} if resources else {}),
        },
        "retryStrategy": {"attempts": job.attempts, **rules},
        "tags": {"cumulog-run": run_id},
        **({"timeout": {"attemptDurationSeconds": job.seconds}} if job.seconds else {}),
        **({"arrayProperties": {"size": job.size}} if job.size else {}),
    }


def submitted(batch: Service, asked: Mapping[str, Any]) -> str:
    """Submit a job; its id. Raises ProjectError with what AWS says."""
    return str(_asked(lambda: batch.submit_job(**asked))["jobId"])


def fate(batch: Service, job_id: str) -> Fate:
    """What became of a job. One that Batch does not know any more counts as failed. Raises ProjectError."""
    jobs = _asked(lambda: batch.describe_jobs(jobs=[job_id]))["jobs"]
    if not jobs:
        return Fate("FAILED", "AWS Batch does not know the job any more")
    job = jobs[0]
    container = job.get("container", {})
    reasons = dict.fromkeys(each for each in (job.get("statusReason", ""), container.get("reason", "")) if each)
    children = job.get("arrayProperties", {}).get("statusSummary", {})
    return Fate(job["status"], "; ".join(reasons), container.get("exitCode"), children)


def terminate(batch: Service, job_id: str) -> None:
    """End a job, and all jobs of an array. Batch starts none of them again. Raises ProjectError."""
    _asked(lambda: batch.terminate_job(jobId=job_id, reason="cumulog cancel"))


def _asked(call: Any) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as above

    try:
        return call()
    except (BotoCoreError, ClientError) as error:
        raise ProjectError(f"AWS Batch: {error}") from error
