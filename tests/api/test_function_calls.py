"""Each function's policy allows every call to AWS that the function makes, and no action that it never needs."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest

from app import app
from chalicelib import clock
from chalicelib.access.authorizer import token_authorizer
from chalicelib.approvals import driving
from chalicelib.approvals.machine import tasks
from chalicelib.catalogue import handler as catalogue
from chalicelib.config import settings
from chalicelib.edge import http
from chalicelib.errors import InvalidState
from chalicelib.storage import bucket as bucket_storage
from chalicelib.storage import connection, events, keys, machines, objects, tables
from chalicelib.storage.registry_items import WaitingTask
from chalicelib.sweeper.sweep import sweep_all
from infra.local import pump
from tests import aws_calls, iam, lambda_events
from tests import client as api
from tests.api import closed_world, saved
from tests.api.access_requests import REQUESTS, wish, without_twins
from tests.api.closed import Wish, World, add_token
from tests.api.saved import Saved
from tests.iam import Need
from tests.sampling import times

ENDPOINTS = http.endpoints(app)
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:cumulog-test-transition"
HOUR_MS = 3_600_000
# More than fits into one item, packed or not.
_CHANCE = random.Random(0)
LONG_PARAMS = [{"key": f"p{number}", "value": _CHANCE.randbytes(2900).hex()} for number in range(200)]

# Lambda itself does these, in the function's name.
OF_LAMBDA = {"logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"}
# What a policy allows though no call here needs it, and why.
UNSEEN: dict[str, dict[str, str]] = {
    "sweep": {
        "Ledger dynamodb:BatchGetItem": "where no execution lives, the sweeper archives other versions (applying.py)",
        "LongValues s3:GetObject": "what too long a run was when it was sealed before (indexing.py)",
    },
}

# When the sweeper comes, in minutes: until all is sealed, uploads are forgotten, and requests have expired.
UNTIL_ALL_IS_OVER = (0, 2, 5, 8, 12, 20, 60 * 24 * 4, 60 * 24 * 15)
# Runs have had their rounds when requests have theirs.
UNTIL_REQUESTS_EXPIRED = times((0, 60 * 24 * 15), nightly=UNTIL_ALL_IS_OVER)

NAMES = sorted(path.stem for path in iam.POLICIES.glob("*.json"))


class Machine:
    """Step Functions and EventBridge, as far as they answer: an execution of a name is started once."""

    def __init__(self) -> None:
        self.status = "RUNNING"
        self._started: set[str] = set()

    def answer(self, model: Any, params: Any, **_: Any) -> tuple[SimpleNamespace, dict[str, Any]]:
        if model.name == "StartExecution":
            name = json.loads(params["body"])["name"]
            if name in self._started:
                return SimpleNamespace(status_code=400), {"Error": {"Code": "ExecutionAlreadyExists", "Message": ""}}
            self._started.add(name)
        return SimpleNamespace(status_code=200), {"status": self.status, "FailedEntryCount": 0, "Entries": []}


class Calls:
    """What the functions needed leave for, by the function that is said to act."""

    def __init__(self) -> None:
        self.made: dict[str, set[Need]] = {}
        self.machine = Machine()
        self._acting: str | None = None

    @contextmanager
    def by(self, function: str) -> Iterator[None]:
        self._acting = function
        try:
            yield
        finally:
            self._acting = None

    def note(self, need: Need) -> None:
        if self._acting:
            self.made.setdefault(self._acting, set()).add(need)


@pytest.fixture(scope="module")
def calls(aws: None, s3_bucket: Any) -> Iterator[Calls]:
    """All calls from now on, in an installation that has a state machine and an event bus."""
    found = Calls()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CUMULOG_TRANSITION_MACHINE", MACHINE)
        environment.setenv("CUMULOG_EVENT_BUS", "default")
        settings.cache_clear()
        for service in (machines, events):
            service.forget()
            service.client().meta.events.register("before-call", found.machine.answer)
        made = (connection.connection().client, bucket_storage.client(), machines.client(), events.client())
        for client in made:
            aws_calls.watch(client, found.note)
        yield found
    for service in (machines, events):
        service.forget()
    settings.cache_clear()


@pytest.fixture(scope="module")
def made(calls: Calls) -> Iterator[tuple[World, Saved]]:
    """Everybody and everything, an execution that waits for a decision, and a token that ended long ago."""
    with closed_world.lasting() as (world, _):
        add_token("owner", expires=clock.now_ms() - 31 * 24 * HOUR_MS)
        driving.keep(world.names["request"], "token")
        yield world, saved.save()


@pytest.fixture(scope="module")
def recorded(calls: Calls, made: tuple[World, Saved]) -> dict[str, set[Need]]:
    """What each function needed in a day of its life."""
    with calls.by("api_handler"):
        every_route(made)
        with_long_values(made[0])
        without_execution(made[0])
    every_round(calls, made)
    events_of_a_model(calls)
    with calls.by("token_authorizer"):
        authorized(made[0])
    for name in tasks.BY_NAME:
        every_task(calls, made, name)
    in_place_of_another(calls, made[0])
    return calls.made


def every_route(made: tuple[World, Saved]) -> None:
    """Each route once, as an administrator; a twin does what the route does."""
    world, before = made
    for endpoint in without_twins(app).values():
        answer = world.ask("admin", wish(endpoint, world.names))
        assert answer.status < 400 or "besides" in REQUESTS[endpoint.view], (endpoint.path, answer)
        if saved.state() != before.state:
            closed_world.put_back(world, before)


def with_long_values(world: World) -> None:
    """A run that ended, whose params fit into no item and whose dataset does not either."""
    run = world.done("owner", "/runs/create", experiment_id=world.names["experiment"], start_time=1)
    run_id = run["run"]["info"]["run_id"]
    for first in range(0, 200, 100):
        world.done("owner", "/runs/log-batch", run_id=run_id, params=LONG_PARAMS[first : first + 100])
    dataset = {"name": "d", "digest": "1", "source_type": "s", "source": "s", "profile": "x" * 500_000}
    world.done("owner", "/runs/log-inputs", run_id=run_id, datasets=[{"dataset": dataset}])
    assert world.ask("owner", Wish("GET", f"{api.PREFIX}/runs/get", {"run_id": run_id})).status == 200
    world.done("owner", "/runs/update", run_id=run_id, status="FINISHED")


def without_execution(world: World) -> None:
    """A request is approved whose execution is not known to wait."""
    tables.delete(WaitingTask(keys.WAITING_TASKS, world.names["request"]))
    decide(world, "approve_transition_request")


def decide(world: World, view: str) -> None:
    endpoint = next(each for each in ENDPOINTS if each.view == view)
    assert world.ask("admin", wish(endpoint, world.names)).status == 200


def every_round(calls: Calls, made: tuple[World, Saved]) -> None:
    """The sweeper's: over runs that are sealed and whose experiment is deleted then, and over requests in any state."""
    world = made[0]
    rounds(calls, UNTIL_ALL_IS_OVER)
    world.done("owner", "/experiments/delete", experiment_id=world.names["experiment"])
    rounds(calls, UNTIL_ALL_IS_OVER)
    for view in ("reject_transition_request", "approve_transition_request", None):
        for status in ("RUNNING", "FAILED"):
            closed_world.put_back(*made)
            if view:
                decide(world, view)
                driving.keep(world.names["request"], "token")
            else:
                tables.delete(WaitingTask(keys.WAITING_TASKS, world.names["request"]))
            calls.machine.status = status
            rounds(calls, UNTIL_REQUESTS_EXPIRED)
    calls.machine.status = "RUNNING"
    closed_world.put_back(*made)


def rounds(calls: Calls, at_minutes: tuple[int, ...]) -> None:
    now = clock.now_ms()
    for minutes in at_minutes:
        with clock.frozen(now + minutes * 60_000), calls.by("sweep"):
            sweep_all()


def events_of_a_model(calls: Calls) -> None:
    """Its life: it comes, changes, becomes long, goes, and is forgotten."""
    key = "1/some-run/artifacts/model/MLmodel"
    told = json.dumps([settings().bucket, key, "s3:ObjectCreated:Put"]).encode()
    for body in (b"flavors: {}", b"flavors: {sklearn: {}}", b"flavors: {sklearn: {x: " + b"y" * 20_000 + b"}}", None):
        if body is None:
            objects.delete([key])
        else:
            objects.put(key, body)
        with calls.by("catalogue"):
            catalogue.catalogue_on_event(pump.event_of(told), None)
    with clock.frozen(clock.now_ms() + 2 * HOUR_MS), calls.by("catalogue"):
        catalogue.catalogue_on_event(pump.event_of(told), None)


def authorized(world: World) -> None:
    answer = token_authorizer(lambda_events.authorization(world.tokens["owner"]), None)
    assert answer["principalId"] == "owner"


def every_task(calls: Calls, made: tuple[World, Saved], name: str) -> None:
    """One task of the machine, on a request that waits, was approved, was rejected, or whose time is over."""
    for view, days in ((None, 0), ("approve_transition_request", 0), ("reject_transition_request", 0), (None, 15)):
        closed_world.put_back(*made)
        if view:
            decide(made[0], view)
        with clock.frozen(clock.now_ms() + days * 24 * HOUR_MS), calls.by(f"transition_{name}"), suppress(InvalidState):
            tasks.BY_NAME[name](event_of(made[0]))
    closed_world.put_back(*made)


def in_place_of_another(calls: Calls, world: World) -> None:
    """Version 1 is applied, and then version 2, which archives it."""
    request_id = world.names["request"]
    for version in ("1", "2"):
        path = "/api/2.0/cumulog/registry/requests/create"
        wanted = {"name": world.names["registered"], "version": version, "stage": "Production"}
        opened = world.done("owner", path, **wanted, archive_existing_versions=True)
        world.names["request"] = opened["request"]["request_id"]
        decide(world, "approve_transition_request")
        with calls.by("transition_apply"):
            assert tasks.apply(event_of(world)) == {"status": "APPLIED"}
    world.names["request"] = request_id


def event_of(world: World) -> dict[str, str]:
    """What the machine hands to a task."""
    return {"model_id": world.names["model_id"], "request_id": world.names["request"], "token": "token"}


@pytest.mark.parametrize("name", NAMES)
def test_a_function_may_do_all_that_it_does(recorded, name):
    document = iam.policy(name)

    assert recorded[name]
    assert sorted(str(need) for need in recorded[name] if not iam.allows(document, need)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_function_may_do_nothing_that_it_never_does(recorded, name):
    unused = {
        f"{statement['Sid']} {action}"
        for statement in iam.policy(name)["Statement"]
        for action in statement["Action"]
        if statement["Effect"] == "Allow" and action not in OF_LAMBDA
        if not any(iam.allows({"Statement": [{**statement, "Action": action}]}, need) for need in recorded[name])
    }

    assert sorted(unused) == sorted(UNSEEN.get(name, {}))
