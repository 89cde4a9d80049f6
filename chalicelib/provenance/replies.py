"""The wire form of queries on chains. Versions are texts, as in MLflow; times in ms."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.edge.replies import Json, fitting
from chalicelib.provenance.comparing import Difference
from chalicelib.provenance.history import Then
from chalicelib.provenance.replay import State
from chalicelib.provenance.verifying import Report
from chalicelib.registry import stages
from chalicelib.storage.registry_items import AuditEntry, RegisteredModel

# Enough to see what happened.
_MOST_DIFFERENCES = 100
# Of a state's versions; what else is in it takes less than the rest of a reply.
_VERSIONS_BYTES = 2_000_000


def link(entry: AuditEntry) -> Json:
    """A link with all the fields in its digest, under the same names."""
    return {
        "chain": entry.pk,
        "sequence": int(entry.sequence),
        "at": int(entry.at),
        "who": entry.who,
        "action": entry.action,
        "request_id": entry.request_id,
        "version": None if entry.version is None else int(entry.version),
        "details": entry.details,
        "previous": entry.previous,
        "change": entry.change,
        "digest": entry.digest,
    }


def model(item: RegisteredModel) -> Json:
    """A model's id and name."""
    return {"model_id": item.model_id, "name": item.name}


def report(found: Report) -> Json:
    """Whether a chain is valid, and whether the stored state matches it."""
    verdict = found.verdict
    shown = {
        **model(found.model),
        "valid": verdict.bad is None,
        "entries": verdict.entries,
        "head": {"sequence": found.walk.count, "digest": found.walk.digest},
    }
    if verdict.bad is not None:
        shown |= {"first_bad_link": verdict.bad, "reason": verdict.reason}
    if found.differences is not None:
        shown["state_matches"] = not found.differences
        if found.differences:
            shown["differences"] = [_difference(each) for each in found.differences[:_MOST_DIFFERENCES]]
    return shown


def _difference(found: Difference) -> Json:
    shown = {"what": found.what, "chain": found.chain, "store": found.store}
    return shown if found.version is None else {"version": str(found.version), **shown}


def then(item: RegisteredModel, at: int, found: Then) -> Json:
    """A model at a past time, with the last link up to then."""
    state = found.state
    shown: Json = {"model_id": item.model_id, "at": at, "exists": state.exists, "sequence": found.walk.count}
    if found.walk.count:
        shown |= {
            "digest": found.walk.digest,
            "names": [{"name": name, "since": since} for since, name in state.names],
        }
    return {**shown, **_living(state)} if state.exists else shown


def _living(state: State) -> Json:
    held = state.stages()
    return {
        "name": state.name,
        "stages": {stage: _texts(held.get(stage, ())) for stage in stages.ALL},
        "aliases": {alias: str(number) for alias, number in sorted(state.aliases.items())},
        **_versions(state),
    }


def _versions(state: State) -> Json:
    """The latest versions that one reply can carry; `cut` says how many earlier ones are missing."""
    newest_first = (
        _version(str(number), version.stage, version.origin) for number, version in reversed(state.versions.items())
    )
    shown = fitting(newest_first, _VERSIONS_BYTES)[::-1]
    missing = len(state.versions) - len(shown)
    return {"versions": shown, **({"cut": {"versions": missing}} if missing else {})}


def _version(number: str, stage: str, origin: Mapping[str, Any]) -> Json:
    shown = {name: origin.get(name) for name in ("source", "run_id", "logged_model_id", "digest") if origin.get(name)}
    return {"version": number, "current_stage": stage, **shown}


def _texts(numbers: Sequence[int]) -> list[str]:
    return [str(number) for number in numbers]
