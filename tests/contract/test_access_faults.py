"""Each change of users, tokens and grants with each of its writes failing in the ways that a write can.

That reads are tried again is shown in `test_faults.py`. What was carried out is acknowledged, also when the store's
reply to it was lost; what was not leaves nothing behind that opens something.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib import remembered
from chalicelib.access import authentication
from chalicelib.accounts import token_list, users
from chalicelib.registry.chain import changes
from chalicelib.tracking.experiments import experiments
from tests import principals
from tests.client import PREFIX, Answer
from tests.closed_access import closed as closed
from tests.contract import store
from tests.contract.faults import Crash, Fault, injected, once, writes
from tests.principals import ACCESS, PERMISSIONS, USERS, Principal
from tests.sampling import some

_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})
_BATCHES = frozenset({"BatchGetItem", "BatchWriteItem"})
FAULTS = {Fault.CONFLICT: _WRITES, Fault.LEFT_UNDONE: _BATCHES, Fault.LOST: _WRITES}


@dataclass(frozen=True)
class World:
    """An administrator; ada with a limited token and one derived from it; bea, who is deleted; ada's things."""

    admin: Principal
    ada: Principal
    limited: Principal
    child: Principal
    bea: str
    cid: str
    experiment_id: str

    @property
    def model(self) -> str:
        return f"model of {self.ada.name}"


Operation = Callable[[World], Answer]


def make(admin: Principal) -> World:
    ada = principals.user(admin, "ada", label="first")
    bea, cid = "bea", "cid"
    principals.user(admin, bea)
    principals.user(admin, cid)
    admin.send("PATCH", USERS + "/update-admin", username=cid, is_admin=True)
    admin.send("DELETE", USERS + "/delete", username=bea)
    limited = ada.another(scopes=["experiment:EDIT:*"], label="limited")
    created = ada.done(PREFIX + "/experiments/create", name=f"experiment of {ada.name}")
    world = World(admin, ada, limited, limited.another(label="child"), bea, cid, created["experiment_id"])
    ada.done(PREFIX + "/registered-models/create", name=world.model)
    for thing in _things(world):
        admin.done(PERMISSIONS + "/permissions/grant", username=cid, permission="READ", **thing)
    return world


made = store.kept(lambda: make(principals.admin()))


def observe(world: World) -> dict[str, Any]:
    """What is stored of a world's users, tokens and grants, without what differs from one to the next."""
    names = {world.ada.name: "ada", world.bea: "bea", world.cid: "cid", "admin": "admin"}
    grants = [experiments.load(world.experiment_id).grants, changes.load(world.model).grants]
    return {
        "users": {short: _user(name) for name, short in names.items() if short != "admin"},
        "new": users.find(world.ada.name + ".new") is not None,
        "tokens": {short: _tokens(name) for name, short in names.items() if short != "admin"},
        "grants": [{names[name]: level for name, level in each.items()} for each in grants],
    }


def _user(name: str) -> tuple[Any, ...]:
    found = users.find(name)
    return (found.is_admin, bool(found.deleted), dict(found.everywhere)) if found else ()


def _tokens(owner: str) -> list[tuple[str, bool]]:
    return sorted((token.label, authentication.is_valid(token)) for token in token_list.of(owner))


def _things(world: World) -> list[dict[str, str]]:
    return [
        {"resource_type": "experiment", "resource_id": world.experiment_id},
        {"resource_type": "registered_model", "resource_id": world.model},
        {"resource_type": "experiment", "resource_id": "*"},
    ]


def _grant(at: int, permission: str) -> Operation:
    path = PERMISSIONS + "/permissions/grant"
    return lambda world: world.admin.post(path, username=world.cid, permission=permission, **_things(world)[at])


def _take(at: int) -> Operation:
    path = PERMISSIONS + "/permissions/revoke"
    return lambda world: world.admin.post(path, username=world.cid, **_things(world)[at])


OPERATIONS: dict[str, Operation] = {
    "create user": lambda world: world.admin.post(USERS + "/create", username=world.ada.name + ".new"),
    "make administrator": lambda world: world.admin.send(
        "PATCH", USERS + "/update-admin", username=world.ada.name, is_admin=True
    ),
    "dismiss administrator": lambda world: world.admin.send(
        "PATCH", USERS + "/update-admin", username=world.cid, is_admin=False
    ),
    "delete user": lambda world: world.admin.send("DELETE", USERS + "/delete", username=world.ada.name),
    "restore user": lambda world: world.admin.post(ACCESS + "/users/restore", username=world.bea),
    "create token": lambda world: world.ada.post(ACCESS + "/tokens/create", label="new"),
    "create token for another": lambda world: world.admin.post(
        ACCESS + "/tokens/create", label="new", owner=world.ada.name
    ),
    "derive token": lambda world: world.child.post(ACCESS + "/tokens/create", label="new"),
    "revoke token": lambda world: world.ada.post(ACCESS + "/tokens/revoke", token_id=world.limited.token_id),
    "rotate token": lambda world: world.ada.post(ACCESS + "/tokens/rotate", token_id=world.limited.token_id),
    **{f"grant {at}": _grant(at, "EDIT") for at in range(3)},
    **{f"take grant {at}": _take(at) for at in range(3)},
}
# Calls that cannot be repeated without being told that the first one had worked after all.
SAYS_SO_THE_SECOND_TIME = {
    "create user": "RESOURCE_ALREADY_EXISTS",
    "delete user": "RESOURCE_DOES_NOT_EXIST",
    "rotate token": "INVALID_STATE",
    **{f"take grant {at}": "RESOURCE_DOES_NOT_EXIST" for at in range(3)},
}
MAKES_ANOTHER = frozenset({"create token", "create token for another", "derive token"})

every_operation = pytest.mark.parametrize("name", OPERATIONS)


@pytest.mark.sampled(keep=1, by="name")
@every_operation
@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_one_failed_write_is_not_noticed(name: str, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    requests, expected = _clean_run(name)
    failing = [at for at, request in enumerate(requests) if request in FAULTS[fault]]

    for at in some(failing, 1):
        world = made()
        with injected(once(at, fault), monkeypatch):
            answer = OPERATIONS[name](world)

        assert answer.status == 200, (requests[at], answer)
        assert observe(world) == expected, requests[at]
        if "text" in answer.body:
            assert principals.send("GET", ACCESS + "/me", principals.bearer(answer.body["text"])).status == 200


@every_operation
def test_a_crash_after_any_write_leaves_what_a_retry_completes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    requests, expected = _clean_run(name)

    for at in writes(requests):
        world = made()
        with injected(once(at, Fault.CRASH_AFTER), monkeypatch), pytest.raises(Crash):
            OPERATIONS[name](world)

        remembered.forget_all()
        answer = OPERATIONS[name](world)
        assert answer.status == 200 or answer.body["error_code"] == SAYS_SO_THE_SECOND_TIME.get(name), answer
        assert _once(name, observe(world)) == expected, (at, requests)


@functools.cache
def _clean_run(name: str) -> tuple[list[str], Any]:
    """The requests that the call makes when nothing fails, and what is stored afterwards."""
    world = made()
    with pytest.MonkeyPatch.context() as patched, injected(lambda _at, _operation: None, patched) as requests:
        answer = OPERATIONS[name](world)
    assert answer.status == 200
    return list(requests), observe(world)


def _once(name: str, seen: dict[str, Any]) -> dict[str, Any]:
    """What was observed, as if no call had made its token twice."""
    if name not in MAKES_ANOTHER:
        return seen
    return {**seen, "tokens": {owner: sorted(set(listed)) for owner, listed in seen["tokens"].items()}}
