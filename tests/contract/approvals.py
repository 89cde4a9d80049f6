"""A model whose stage Production asks for two approvals, made anew for each attempt, and all that became of it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.access import identity
from chalicelib.access.identity import Identity, acting_as
from chalicelib.approvals import deciding, opening, policies, requests, transitions
from chalicelib.approvals.opening import Wanted
from chalicelib.approvals.rules import Policy
from chalicelib.registry import models, versions
from chalicelib.registry.chain import audit, changes
from chalicelib.registry.versions import NewVersion
from chalicelib.storage import objects
from chalicelib.storage.registry_items import TransitionRequest
from infra.local import forgetful

_numbers = itertools.count()
TWO = Policy(needed=2)
# What a new world's chain has: the model, its versions, the stage of one, the policy.
_MADE = 5


@pytest.fixture(scope="module")
def memory() -> Iterator[None]:
    objects.forget()
    with forgetful.pretending():
        yield
    objects.forget()


@pytest.fixture
def bucket(store: None, memory: None) -> None:
    """A bucket in this process's memory, beside the real table."""
    objects.create_bucket()


@dataclass(frozen=True)
class World:
    """Version 2 is in Production; version 1 wants to take its place. `file` is the key of a file of it."""

    name: str
    model_id: str
    file: str


def make(policy: Policy = TWO) -> World:
    name = f"model {next(_numbers)}"
    folder = f"1/run-{next(_numbers)}/artifacts/model"
    objects.put(f"{folder}/model.bin", b"0123456789")
    with identity.in_name_of("ada"):
        models.create(name, None, {})
        for _ in range(2):
            versions.create(name, NewVersion(source="models:/m", location=f"mlflow-artifacts:/{folder}"))
        transitions.transition(name, 2, "Production", False)
        model = policies.set_policy(name, "Production", policy)
    return World(name, model.model_id, f"{folder}/model.bin")


def opened(world: World, who: str = "ada") -> TransitionRequest:
    with identity.in_name_of(who):
        return opening.open_request(world.name, Wanted(1, "Production", archive_existing=True))


def approved(request_id: str, *names: str) -> TransitionRequest:
    for name in names:
        with acting_as(Identity(name, is_admin=True)):
            request = deciding.approve(request_id, "")
    return request


def rejected(request_id: str, who: str) -> TransitionRequest:
    with acting_as(Identity(who, is_admin=True)):
        return deciding.reject(request_id, "no")


def canceled(request_id: str, who: str = "ada") -> TransitionRequest:
    with acting_as(Identity(who, is_admin=True)):
        return deciding.cancel(request_id, "")


def observe(world: World) -> dict[str, Any]:
    """What is left of a world's requests: links, statuses, stages, and what is still listed. The chain holds."""
    model = changes.load(world.name)
    chain = list(audit.entries(world.model_id))
    assert audit.verify(chain, model).bad is None
    links = [(entry.who, entry.action) for entry in chain if entry.sequence > _MADE]
    ids = dict.fromkeys(entry.details["request"] for entry in chain if entry.action == "request:create")
    return {
        "links": links,
        "statuses": [requests.load(each).status for each in ids],
        "stages": dict(model.stages),
        "versions": [item.stage for item in versions.all_of(world.model_id)],
        "open": len(list(requests.rows(world.model_id))),
    }
