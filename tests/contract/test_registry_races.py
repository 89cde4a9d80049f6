"""Many change one registered model at once, while the store fails now and then: nobody sees half of anything.

Each race is run on a store that works, and on one that throttles, refuses, loses replies and holds items at random; by
day on one of the two. A caller that is told to try again does so, as MLflow's client would; so what was not
acknowledged may have been done.
"""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import pytest

from chalicelib import errors
from chalicelib.approvals import transitions
from chalicelib.registry import aliases, models, stages, versions
from chalicelib.registry.chain import audit, changes
from chalicelib.storage.registry_items import AuditEntry, RegisteredModel
from tests.contract import registered
from tests.contract.at_once import at_once
from tests.contract.faults import Fault, Plan, injected
from tests.contract.registered import new_version
from tests.sampling import times

Result = TypeVar("Result")
Store = Callable[[int], AbstractContextManager[object]]

FAULTS = (Fault.THROTTLED, Fault.REFUSED, Fault.LOST, Fault.CONFLICT)
# Of a hundred requests, so many fail; the SDK tries each four times.
FAILING = 30
ROUNDS = times(3, nightly=50)

pytestmark = pytest.mark.sampled(keep=1)


@pytest.fixture(params=["sound", "faulty"])
def store_(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Store:
    """What the store is like inside the block, by a seed."""
    if request.param == "sound":
        return lambda _seed: nullcontext()
    return lambda seed: injected(_at_random(seed), monkeypatch)


def test_thirty_two_creators_get_the_numbers_one_to_thirty_two(store_: Store) -> None:
    models.create("wine", None, {})

    with store_(1):
        numbers = at_once(lambda _: _once(lambda: new_version("wine")), 32)

    acknowledged = [number for number in numbers if number is not None]
    model = changes.load("wine")
    kept = sorted(int(item.version) for item in versions.all_of(model.model_id))
    assert len(acknowledged) == len(set(acknowledged))
    assert set(acknowledged) <= set(kept)
    # Whatever was carried out, there is no gap; and where nothing failed, all were.
    assert kept == list(range(1, len(kept) + 1))
    assert len(kept) == 32 or None in numbers
    _check_complete("wine", "version:create", len(acknowledged), numbers.count(None))


def test_of_eight_promotions_at_once_exactly_one_is_in_production_in_each_round(store_: Store) -> None:
    models.create("wine", None, {})
    numbers = [new_version("wine") for _ in range(8)]
    held = []

    for seed in range(ROUNDS):
        with store_(seed):
            done = at_once(lambda at: _until_done(lambda: _promote(numbers[at])), 8)
        assert len(done) == 8
        found = [int(item.version) for item in versions.all_of(changes.load("wine").model_id) if _serves(item.stage)]
        held.append(found)

    assert [found for found in held if len(found) != 1] == []
    registered.check("wine")
    moves = [entry for entry in _chain("wine") if entry.action == "version:stage:set"]
    assert held[-1] == [moves[-1].version]
    assert len(moves) >= 8 * ROUNDS


def test_sixteen_alias_moves_at_once_leave_one_target_which_the_last_link_names(store_: Store) -> None:
    models.create("wine", None, {})
    numbers = [new_version("wine") for _ in range(16)]

    with store_(2):
        done = at_once(lambda at: _once(lambda: _point("champion", numbers[at])), 16)

    last = _chain("wine")[-1]
    target = aliases.resolve("wine", "champion").version.version
    assert (last.action, last.details["to"]) == ("alias:set", target)
    _check_complete("wine", "alias:set", done.count(True), done.count(None))


def test_renames_and_creations_at_once_give_a_name_to_one_model(store_: Store) -> None:
    for number in range(6):
        models.create(f"wine {number}", None, {})

    def take(at: int) -> str | None:
        call = (
            (lambda: models.rename(f"wine {at}", "wanted")) if at < 6 else (lambda: models.create("wanted", None, {}))
        )
        return _once(lambda: _refused_or(call))

    with store_(3):
        done = at_once(take, 12)

    winners = [each for each in done if each not in (None, "refused")]
    assert len(winners) <= 1
    assert winners in ([], [changes.load("wanted").model_id])
    names = [model.name for model in models.load_all()]
    assert len(names) == len(set(names))
    assert names.count("wanted") == 1
    for name in names:
        registered.check(name)


def test_an_alias_never_points_to_a_version_that_was_deleted(store_: Store) -> None:
    models.create("wine", None, {})
    numbers = [new_version("wine") for _ in range(12)]

    def act(at: int) -> str | None:
        number = numbers[at // 2]
        call = (lambda: _point(f"alias-{at // 2}", number)) if at % 2 else (lambda: versions.delete("wine", number))
        return _once(lambda: _refused_or(call))

    with store_(4):
        at_once(act, 24)

    model = changes.load("wine")
    living = {int(item.version) for item in versions.all_of(model.model_id)}
    assert set(model.aliases.values()) <= living
    registered.check("wine")


def test_all_kinds_of_changes_at_once_leave_an_unbroken_and_complete_chain(store_: Store) -> None:
    models.create("wine", None, {})
    numbers = [new_version("wine") for _ in range(4)]
    before = len(_chain("wine"))

    def act(at: int) -> int | None:
        number = numbers[at % 4]
        calls: list[Callable[[], object]] = [
            lambda: new_version("wine"),
            lambda: _promote(number),
            lambda: models.set_tag("wine", f"tag {at}", "1"),
            lambda: versions.update("wine", number, f"description {at}"),
            lambda: aliases.set_alias("wine", f"alias-{at}", number),
        ]
        return _once(lambda: (calls[at % 5]() and None) or at)

    with store_(5):
        done = at_once(act, 20)

    registered.check("wine")
    made = len(_chain("wine")) - before
    acknowledged = 20 - done.count(None)
    assert acknowledged <= made <= 20


def _check_complete(name: str, action: str, acknowledged: int, unknown: int) -> None:
    """One link for each change that was acknowledged; for one that was not, there may be one."""
    registered.check(name)
    told = [entry.action for entry in _chain(name)].count(action)
    assert acknowledged <= told <= acknowledged + unknown


def _chain(name: str) -> list[AuditEntry]:
    return list(audit.entries(changes.load(name).model_id))


def _promote(number: int) -> bool:
    transitions.transition("wine", number, stages.PRODUCTION, archive_existing=True)
    return True


def _serves(stage: str) -> bool:
    return stage == stages.PRODUCTION


def _point(alias: str, number: int) -> bool:
    aliases.set_alias("wine", alias, number)
    return True


def _refused_or(call: Callable[[], RegisteredModel | bool | None]) -> str:
    """The id of the model that the call returned, if it did; or that it was refused for good."""
    try:
        made = call()
    except (errors.ResourceAlreadyExists, errors.ResourceDoesNotExist):
        return "refused"
    return made.model_id if isinstance(made, RegisteredModel) else "done"


def _once(call: Callable[[], Result]) -> Result | None:
    """What the call returns; None if it was not acknowledged."""
    try:
        return call()
    except errors.RetryLater:
        return None


def _until_done(call: Callable[[], Result]) -> Result:
    while True:
        try:
            return call()
        except errors.RetryLater:
            continue


def _at_random(seed: int) -> Plan:
    dice = random.Random(seed)

    def plan(_number: int, operation: str) -> Fault | None:
        if dice.randrange(100) >= FAILING:
            return None
        possible = FAULTS if operation == "TransactWriteItems" else FAULTS[:3]
        return dice.choice(possible)

    return plan
