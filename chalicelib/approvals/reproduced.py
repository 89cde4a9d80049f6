"""The part of reproductions in approvals: a stage may ask that the version's run was reproduced (`reproductions/`).

The record of a reproduction is written before anybody looks which requests wait for it, and a request before anybody
looks which records there are. So one of the two sees the other, and the sweeper looks again if both have stopped.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from chalicelib import errors
from chalicelib.approvals import driving, requests, rules
from chalicelib.approvals.rules import APPROVED, PENDING
from chalicelib.registry.chain import announcing, changes
from chalicelib.registry.chain.changes import Change
from chalicelib.storage import keys, tables
from chalicelib.storage.items import RunInfo
from chalicelib.storage.registry_items import AuditEntry, ModelVersion, RegisteredModel, Reproduction, RunVersion
from chalicelib.storage.registry_items import TransitionRequest as Asked

# Of one run. What lies beyond is left to the sweeper, and to the records before.
_MOST_VERSIONS = 100
_MOST_RECORDS = 1000


def ask(request: Asked, item: ModelVersion) -> None:
    """Have a new request ask for a reproduction of its version's run. Raises InvalidState if it has none."""
    if not item.run_id:
        raise errors.InvalidState(
            f"Stage {request.to_stage} of model {request.name!r} asks for a reproduction of the version's run, and "
            f"version {int(item.version)} was made without a run."
        )
    request.run_id = item.run_id
    request.makers = sorted(_makers(request.model_id, item, item.run_id))


def look(request: Asked) -> Asked:
    """The request as it is after it looked for the reproduction that it waits for; it goes on if there is one."""
    if not _waits(request) or _found(request) is None:
        return request

    def decide(_model: RegisteredModel) -> tuple[Asked, Change | None]:
        now = requests.load(request.request_id)
        found = _found(now) if _waits(now) else None
        if found is None:
            return now, None
        now.reproduction = found
        now.status = rules.outcome(rules.from_json(now.policy), now.requester, now.decisions, found)
        return now, requests.change_of(now, "reproduce", reproduction=found)

    with requests.by_machine(request.request_id):
        looked = changes.outcome_by_id(request.model_id, decide)
    if looked.is_changed:
        announcing.try_to_announce(looked.model)
    return looked.answer


def arrived(run_id: str) -> None:
    """Have the open requests about versions made from a run look for its reproduction."""
    for request in _asking(run_id):
        # The model, or the request with it, may be deleted by now.
        with suppress(errors.ResourceDoesNotExist):
            after = look(request)
            if after.status == APPROVED:
                driving.go_on(after)


def _asking(run_id: str) -> Iterator[Asked]:
    rows = islice(tables.query(RunVersion, keys.run_versions(run_id)), _MOST_VERSIONS)
    made = {keys.split_run_version(row.sk) for row in rows}
    for model_id in sorted({model_id for model_id, _ in made}):
        for row in list(requests.rows(model_id)):
            request = requests.find(row.sk) if (model_id, int(row.version)) in made else None
            if request is not None and _waits(request):
                yield request


def _waits(request: Asked) -> bool:
    is_open = request.status == PENDING and not requests.is_over(request)
    return is_open and request.run_id is not None and request.reproduction is None


def _found(request: Asked) -> dict[str, Any] | None:
    """The first record that counts for a request, in the form in which the request keeps it."""
    policy, makers = rules.from_json(request.policy), request.makers or ()
    by = Reproduction.sk.startswith(keys.reproduction("BY"))
    records = tables.query(Reproduction, keys.reproductions(request.run_id or ""), by)
    for each in islice(records, _MOST_RECORDS):
        if rules.is_reproduction(policy, makers, each.verdict, each.who):
            return {"run_id": each.reproduced_run_id, "who": each.who, "verdict": each.verdict, "at": int(each.at)}
    return None


def _makers(model_id: str, item: ModelVersion, run_id: str) -> set[str]:
    """Who made the run and the version. Of a run whose creator was not noted, the user that the run names."""
    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    link = tables.get(AuditEntry, keys.audit(model_id), keys.audit_entry(int(item.link)))
    names = {(info.created_by or info.user_id) if info else "", link.who if link else ""}
    return {name for name in names if name}
