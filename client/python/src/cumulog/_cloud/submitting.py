"""From what was typed to a job: the run is created here, and waits as SCHEDULED for its container."""

import hashlib
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cumulog._client.client import Client
from cumulog._cloud import batch, packing, scheduled
from cumulog._cloud.batch import Service
from cumulog._cloud.packing import Packed
from cumulog._cloud.scheduled import Scheduled
from cumulog._fluent import environment
from cumulog._fluent.runs import new_id
from cumulog._http.errors import CumulogError
from cumulog._projects.environments import choosing
from cumulog._projects.environments.choosing import Choice
from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Source
from cumulog._projects.reading import command, parameters
from cumulog._projects.running import ordering, tags
from cumulog._projects.running.order import Order, Target
from cumulog._projects.running.ordering import Typed
from cumulog._record import code, git
from cumulog._record.confidential import masked, masked_url
from cumulog._transfer.api import Api
from cumulog._transfer.transfer import Options, upload

BACKEND = "aws-batch"
JOB, JOB_QUEUE = "cumulog.batch.job", "cumulog.batch.queue"
_MOST_ENTRIES = 100
_LONGEST_REASON = 4000


class Plan(NamedTuple):
    """What a job will do. `archive` is the zip of a folder, None where the container fetches the source itself."""

    order: Order
    document: Scheduled
    archive: Path | None
    left_out: list[str]


class Desk(NamedTuple):
    """Who is asked: the server, by its two faces, and AWS Batch."""

    client: Client
    api: Api
    batch: Service


def planned(typed: Typed, choice: Choice, scratch: Path) -> Plan:
    """Read a project, check what was typed, and pack it. Nothing is created anywhere. Raises ProjectError."""
    opened = ordering.found(typed, scratch)
    source, project, entry = opened.source, opened.project, opened.entry
    if project.environment.docker:
        raise ProjectError(
            "The project has a docker_env, and a job is in a container already, which can start no other: make a job "
            "definition with that image and the client in it, and leave docker_env out."
        )
    # What a URL names is downloaded where it is needed.
    values = parameters.resolved(entry, typed.parameters, project.folder, scratch, lambda _, folder: folder)
    order = Order(source, project, entry, values, command.built(entry, values), choice)
    document = Scheduled(source.uri, source.commit, entry=entry.name).chosen(choice)
    given = {**values.given, **values.extra}
    if _is_public(source):
        return Plan(order, document._replace(parameters={**given, **_moved(order, None)}), None, [])
    archive = scratch / "source.zip"
    packed = packing.pack(project.folder, archive)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    moved = {**given, **_moved(order, packed)}
    return Plan(order, document._replace(sha256=digest, parameters=moved), archive, packed.left_out)


def submit(plan: Plan, target: Target, job: batch.Wanted, desk: Desk) -> str:
    """Create the run and submit its job; the run's id. Raises CumulogError; if there is a run then, it is FAILED."""
    document = scheduled.written(plan.document._replace(attempts=job.attempts, seconds=job.seconds))
    run_id = _created(plan.order, target, desk.client)
    try:
        _log(desk, f"{target.experiment_id}/{run_id}/artifacts", run_id, plan, document)
        digest = hashlib.sha256(document.encode()).hexdigest()
        asked = batch.request(run_id, target.experiment_id, target.server, digest, job)
        job_id = batch.submitted(desk.batch, asked)
    except BaseException as error:
        failed(desk.client, run_id, str(error) or type(error).__name__)
        raise
    desk.client.runs.log_batch(run_id, tags=entries({JOB: job_id, JOB_QUEUE: job.queue}))
    return run_id


def failed(client: Client, run_id: str, why: str, status: Any = "FAILED") -> None:
    """End a run that its container does not end."""
    client.runs.log_batch(run_id, tags=entries({tags.FAILURE: masked(why)[:_LONGEST_REASON]}))
    client.runs.update(run_id, status=status, end_time=int(time.time() * 1000))


def job_of(client: Client, run_id: str) -> str:
    """The job of a run. Raises CumulogError if it has none."""
    found = client.runs.get(run_id)["run"]["data"].get("tags", [])
    job_id = next((each["value"] for each in found if each["key"] == JOB), "")
    if not job_id:
        raise CumulogError(f"Run {run_id} is no job of AWS Batch: it has no tag {JOB}.")
    return job_id


def _created(order: Order, target: Target, client: Client) -> str:
    manager = choosing.manager(order.project, order.choice.manager)
    first = {"mlflow.user": environment.user(), **tags.first(order), **_dirty(order), **tags.environment(manager)}
    parent = {"mlflow.parentRunId": target.parent} if target.parent else {}
    made = client.runs.create(
        experiment_id=target.experiment_id,
        run_id=new_id(),
        run_name=target.run_name or None,
        user_id=environment.user(),
        start_time=int(time.time() * 1000),
        tags=entries({**first, **parent, "mlflow.project.backend": BACKEND}),
    )
    run_id = made["run"]["info"]["run_id"]
    client.runs.update(run_id, status="SCHEDULED")
    return run_id


def _dirty(order: Order) -> dict[str, str]:
    """Whether the folder differs from its commit: the container, which gets it as it is, cannot tell."""
    state = None if order.source.is_copy else git.state(order.project.folder)[0]
    return {"mlflow.source.git.dirty": str(code.of(state).is_changed).lower()} if state and state.commit else {}


def _log(desk: Desk, root: str, run_id: str, plan: Plan, document: str) -> None:
    given = entries({**plan.order.values.given, **plan.order.values.extra})
    for start in range(0, len(given), _MOST_ENTRIES):
        desk.client.runs.log_batch(run_id, params=given[start : start + _MOST_ENTRIES])
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch, "scheduled.json")
        place.write_bytes(document.encode())
        zipped = {f"{root}/{scheduled.ZIP}": plan.archive} if plan.archive else {}
        upload({**zipped, f"{root}/{scheduled.FILE}": place}, desk.api, Options(progress=bool(plan.archive)))


def entries(texts: Mapping[str, str]) -> list[Any]:
    """Params or tags as the API takes them."""
    return [{"key": key, "value": value} for key, value in texts.items()]


def _is_public(source: Source) -> bool:
    """Whether a container can fetch the source as it was fetched here: by a URL without key or password."""
    url = source.remote
    return source.is_copy and bool(source.commit) and url.startswith("https://") and masked_url(url) == url


def _moved(order: Order, packed: Packed | None) -> dict[str, str]:
    """Parameters of type path as they are in the container, below the project. Raises ProjectError if one is not."""
    root = order.project.folder.resolve()
    moved = {}
    for name, parameter in order.entry.parameters.items():
        given = order.values.given.get(name, "")
        if parameter.kind != "path" or urlsplit(given).scheme not in ("", "file"):
            continue
        local = Path(order.values.declared[name]).resolve()
        inside = local.relative_to(root).as_posix() if local.is_relative_to(root) else ""
        if not inside or (packed and not packed.has(inside)):
            raise ProjectError(
                f"The job would not have '{given}' (parameter '{name}'): it gets the project's folder alone, without "
                "what git ignores. Put the file there, or give a URL."
            )
        moved[name] = inside
    return moved
