"""The registry on a store that fails: what is particular to it. Each call with each fault is in test_faults."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.registry import models, versions
from chalicelib.registry.chain import changes
from chalicelib.storage.connection import connection
from tests import client as api
from tests.client import Answer
from tests.contract import registered, worlds
from tests.contract.faults import Fault, always, injected

OURS = "/api/2.0/cumulog/registry"


def test_reads_of_a_store_that_stays_away_are_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    name = worlds.alone().registered
    reads: list[Callable[[], Answer]] = [
        lambda: api.get("/registered-models/get", name=name),
        lambda: api.get("/registered-models/search"),
        lambda: api.get("/registered-models/alias", name=name, alias="champion"),
        lambda: api.get("/model-versions/get", name=name, version="1"),
        lambda: api.get("/model-versions/search"),
        lambda: api.send("GET", f"{OURS}/audit", query={"name": name}),
        lambda: api.send("GET", f"{OURS}/verify", query={"name": name}),
        lambda: api.send("GET", f"{OURS}/state", query={"name": name, "at": 2**44}),
        lambda: api.send("GET", f"{OURS}/lineage", query={"name": name, "version": "1"}),
    ]

    for read in reads:
        with injected(always(Fault.THROTTLED), monkeypatch):
            assert read().status == 429
        with injected(always(Fault.REFUSED), monkeypatch):
            assert read().status == 503


@pytest.mark.parametrize("forgotten", [False, True], ids=["the store knows the token", "the store has forgotten it"])
def test_a_change_whose_reply_is_lost_is_made_once(forgotten: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    models.create("wine", None, {})
    if forgotten:
        # Ten minutes later, to DynamoDB: then it is the link itself that tells whose it is.
        _with_a_new_token_each_time(monkeypatch)

    for _ in range(3):
        first: list[str] = []
        with injected(lambda _at, operation, first=first: _lost_once(operation, first), monkeypatch):
            registered.new_version("wine")

    model = changes.load("wine")
    assert [int(item.version) for item in versions.all_of(model.model_id)] == [1, 2, 3]
    assert int(model.sequence) == 4
    registered.check("wine")


def test_a_version_stands_though_its_logged_model_could_not_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    world = worlds.alone()
    name, model_id = world.registered, world.model_id

    with injected(lambda _, operation: Fault.REFUSED if operation == "PutItem" else None, monkeypatch):
        answer = api.post("/model-versions/create", name=name, source=f"models:/{model_id}", model_id=model_id)

    assert (answer.status, answer.body["model_version"]["version"]) == (200, "3")
    registered.check(name)


def _lost_once(operation: str, first: list[str]) -> Fault | None:
    if operation != "TransactWriteItems" or first:
        return None
    first.append(operation)
    return Fault.LOST


def _with_a_new_token_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the store take each attempt at a transaction for another one."""
    session = connection().client._endpoint.http_session
    send, numbers = session.send, itertools.count()

    def renamed(request: Any) -> Any:
        token = json.loads(request.body).get("ClientRequestToken")
        if token:
            # As long as it was: the length is in a header.
            request.body = request.body.replace(token.encode(), f"{next(numbers):032}".encode())
        return send(request)

    monkeypatch.setattr(session, "send", renamed)
