"""Tokens, users and grants in races: what was revoked opens nothing, and nothing is left over."""

import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import pytest

from chalicelib import clock, remembered
from chalicelib.access import authentication, tokens
from chalicelib.accounts import token_changes, token_list, users
from chalicelib.errors import Unauthenticated
from chalicelib.provenance import verifying
from chalicelib.registry.chain import changes
from chalicelib.storage.connection import connection
from chalicelib.tracking.experiments import experiments
from tests import principals
from tests.client import PREFIX, Answer
from tests.closed_access import ada as ada
from tests.closed_access import admin as admin
from tests.closed_access import closed as closed
from tests.contract.at_once import at_once
from tests.principals import ACCESS, PERMISSIONS, USERS, Principal

Result = TypeVar("Result")

CREATE, REVOKE, ROTATE = (f"{ACCESS}/tokens/{verb}" for verb in ("create", "revoke", "rotate"))
GRANT = PERMISSIONS + "/permissions/grant"
SCOPES = ["experiment:EDIT:*", "registered_model:EDIT:*"]


class Write(NamedTuple):
    """A call that was begun at a time (s), and its status."""

    begun: float
    status: int


def test_no_write_that_begins_after_an_acknowledged_revocation_is_accepted(ada: Principal) -> None:
    for number in range(10):
        used = ada.another(scopes=SCOPES)
        experiment_id = _experiment(ada, f"revoked {number}")

        writes, acknowledged = _while_used(used, experiment_id, lambda used=used: _revoked(ada, used))

        assert {write.status for write in writes if write.begun < acknowledged} <= {200, 401}
        assert {write.status for write in writes if write.begun >= acknowledged} == {401}


def test_a_write_is_refused_at_once_when_another_process_revoked_the_token(ada: Principal) -> None:
    for number in range(10):
        used = ada.another(scopes=SCOPES)
        experiment_id = _experiment(ada, f"revoked elsewhere {number}")

        # This process is told nothing.
        writes, acknowledged = _while_used(used, experiment_id, lambda used=used: _revoked_elsewhere(used))

        assert {write.status for write in writes if write.begun >= acknowledged} == {401}


def test_a_read_is_refused_within_five_seconds_when_another_process_revoked_the_token(ada: Principal) -> None:
    start = clock.now_ms()
    with clock.frozen(start):
        assert ada.get(USERS + "/current").status == 200
        _revoked_elsewhere(ada)
        assert ada.get(USERS + "/current").status == 200
    with clock.frozen(start + 5_000):
        assert ada.get(USERS + "/current").status == 401


def test_a_read_is_refused_at_once_by_the_process_that_revoked_the_token(ada: Principal) -> None:
    used = ada.another(scopes=SCOPES)
    assert used.get(USERS + "/current").status == 200

    _revoked(ada, used)

    assert used.get(USERS + "/current").status == 401


def test_no_write_that_begins_after_a_rotation_is_accepted_with_the_old_token(ada: Principal) -> None:
    for number in range(10):
        used = ada.another(scopes=SCOPES)
        experiment_id = _experiment(ada, f"rotated {number}")

        writes, acknowledged = _while_used(
            used, experiment_id, lambda used=used: ada.done(ROTATE, token_id=used.token_id)
        )

        assert {write.status for write in writes if write.begun >= acknowledged} == {401}


def test_no_write_that_begins_after_its_expiry_is_accepted(ada: Principal) -> None:
    used = ada.another(scopes=SCOPES, expires_in_seconds=3600)
    experiment_id = _experiment(ada, "expired")
    late = clock.now_ms() + 3600_000

    # The clock stays moved until all writers have ended.
    with pytest.MonkeyPatch.context() as patched:
        writes, moved = _while_used(
            used, experiment_id, lambda: patched.setattr(clock, "_frozen", [clock.Frozen(late)])
        )

    assert 200 in {write.status for write in writes if write.begun < moved}
    assert {write.status for write in writes if write.begun >= moved} == {401}


def test_whoever_is_deleted_writes_nothing_more_with_any_token(admin: Principal) -> None:
    for number in range(5):
        ada = principals.user(admin, f"ada-{number}")
        experiment_id = _experiment(ada, f"deleted {number}")

        writes, acknowledged = _while_used(
            ada, experiment_id, lambda ada=ada: admin.send("DELETE", USERS + "/delete", username=ada.name)
        )

        assert {write.status for write in writes if write.begun >= acknowledged} == {401}
        assert [token for token in token_list.of(ada.name) if authentication.is_valid(token)] == []


def test_what_is_derived_while_its_origin_is_revoked_is_refused_or_revoked_too(ada: Principal) -> None:
    for number in range(15):
        root = ada.another(scopes=SCOPES)
        child = root.another()

        def work(worker: int, root: Principal = root, child: Principal = child, number: int = number) -> Answer:
            time.sleep(random.random() * 0.03)
            if worker == 0:
                return ada.post(REVOKE, token_id=root.token_id)
            if worker == 1 and number % 3 == 0:
                return ada.post(ROTATE, token_id=child.token_id)
            return (root if worker % 2 else child).post(CREATE, label=str(worker))

        answers = at_once(work, 6)

        assert answers[0].status == 200
        # A child may have been rotated, or have ended with its origin.
        assert {answer.status for answer in answers[1:]} <= {200, 400, 401}
        derived = [token for token in token_list.of("ada") if root.token_id in token.parents]
        assert [token.token_id for token in derived if authentication.is_valid(token)] == []
        for answer in answers[1:]:
            if answer.status == 200:
                assert not _is_good(answer.body["text"])


def test_of_several_rotations_at_once_one_has_the_successor(ada: Principal) -> None:
    for number in range(10):
        old = ada.another(label=str(number))
        # By others, and by itself.
        askers = [ada, old, ada, old, ada, old]

        answers = at_once(lambda at, old=old, askers=askers: askers[at].post(ROTATE, token_id=old.token_id), 6)

        counted = Counter(answer.status for answer in answers)
        assert counted[200] == 1
        assert set(counted) <= {200, 400, 401}
        assert not _is_good(old.token)
        of_this = [token for token in token_list.of("ada") if token.label == str(number)]
        assert sum(map(authentication.is_valid, of_this)) == 1


def test_no_more_tokens_are_valid_than_a_user_may_have(ada: Principal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_changes, "MOST_VALID", 5)

    answers = at_once(lambda _: ada.post(CREATE), 8)

    assert Counter(answer.status for answer in answers) == {200: 4, 400: 4}
    assert sum(map(authentication.is_valid, token_list.of("ada"))) == 5


def test_of_administrators_who_dismiss_each_other_one_is_left(admin: Principal, ada: Principal) -> None:
    for number in range(10):
        both = [principals.admin(), Principal("ada", admin.done(CREATE, owner="ada")["text"])]
        both[0].send("PATCH", USERS + "/update-admin", username="ada", is_admin=True)

        def dismiss(worker: int, both: list[Principal] = both, number: int = number) -> Answer:
            other = both[1 - worker].name
            if number % 2:
                return both[worker].send("DELETE", USERS + "/delete", username=other)
            return both[worker].send("PATCH", USERS + "/update-admin", username=other, is_admin=False)

        answers = at_once(dismiss, 2)

        assert 200 in {answer.status for answer in answers}
        assert [user for user in users.load_all() if user.is_admin] != []
        admin = principals.admin()
        admin.done(ACCESS + "/users/restore", username="ada")


def test_of_creators_of_names_that_look_alike_one_has_the_name(admin: Principal) -> None:
    wanted = ["zoe", "Zoe", "ZOE", "zOe"] * 2

    answers = at_once(lambda at: admin.post(USERS + "/create", username=wanted[at]), 8)

    assert Counter(answer.status for answer in answers) == {200: 1, 400: 7}
    assert len(users.load_all()) == 2


@pytest.mark.parametrize("kind", ["experiment", "registered_model"])
def test_grants_to_several_at_once_are_all_there(admin: Principal, kind: str) -> None:
    names = [f"user-{number}" for number in range(8)]
    for name in names:
        admin.done(USERS + "/create", username=name)
    admin.done(PREFIX + "/registered-models/create", name="1")
    _experiment(admin, "1")
    thing = {"resource_type": kind, "resource_id": "1"}

    answers = at_once(lambda at: admin.post(GRANT, username=names[at], permission="READ", **thing), 8)

    assert {answer.status for answer in answers} == {200}
    stored = changes.load("1").grants if kind == "registered_model" else experiments.load("1").grants
    assert stored == {"admin": "MANAGE", **dict.fromkeys(names, "READ")}
    report = verifying.verify(changes.load("1"))
    assert (report.verdict.bad, report.differences) == (None, [])


def test_what_cannot_be_a_token_is_refused_without_a_call_to_the_store(ada: Principal) -> None:
    good = ada.token
    junk = [
        "",
        good,
        f"Token {good}",
        f"bearer{good}",
        *map(principals.bearer, _broken(good)),
        principals.basic("ada", good),
        principals.basic("token", good[:-1]),
        principals.basic("token", ""),
        "Basic " + "é" * 60,
        "Basic not-base64",
        *(principals.bearer(_random()) for _ in range(5_000)),
        *(principals.basic("token", _random()) for _ in range(5_000)),
    ]

    with _counted() as calls:
        for each in junk:
            with pytest.raises(Unauthenticated):
                authentication.check(each)
        # And through the gateway, where the handler is not reached.
        statuses = {principals.send("GET", ACCESS + "/me", each).status for each in junk[:40]}

    assert len(junk) > 10_000
    assert statuses == {401}
    assert calls == []


def test_a_token_of_the_right_shape_that_nobody_made_costs_one_read(ada: Principal) -> None:
    with _counted() as calls, pytest.raises(Unauthenticated):
        authentication.check(principals.bearer(tokens.new(tokens.PERSON).text))

    assert calls == ["GetItem"]


def test_a_good_id_with_another_secret_is_refused(ada: Principal) -> None:
    begun = ada.token[:28] + secrets.token_hex(22)[:43]
    forged = begun + tokens._check(begun)
    assert tokens.id_of(forged) == ada.token_id

    with pytest.raises(Unauthenticated):
        authentication.check(principals.bearer(forged))


def _broken(good: str) -> list[str]:
    other = "0" if good[-1] != "0" else "1"
    return [
        "",
        good[:-1],
        good + "0",
        good[:-1] + other,
        good[:40] + other + good[41:] if good[40] != other else good[:40] + "z" + good[41:],
        "xml" + good[3:],
        good.replace("_p_", "_s_"),
        good.replace("_p_", "_r_"),
        good.swapcase(),
        f" {good}",
        f"{good}\n",
        good[:-1] + "é",
        "cml_p_" + "0" * 71,
    ]


def _random() -> str:
    """What has the shape of a token; only its check is wrong, but for one in 57 billion."""
    return "cml_p_" + "".join(secrets.choice("0123456789ABCDEFabcdef") for _ in range(71))


@contextmanager
def _counted() -> Iterator[list[str]]:
    """The operations that the store is asked for inside the block."""
    asked: list[str] = []
    events = connection().client.meta.events

    def note(model: Any, **_: Any) -> None:
        asked.append(model.name)

    events.register("before-call.dynamodb", note)
    yield asked
    events.unregister("before-call.dynamodb", note)


def _while_used(used: Principal, experiment_id: str, end: Callable[[], object]) -> tuple[list[Write], float]:
    """What four writers with a token were answered, and the time at which what ends its use had come back."""
    stop: Future[float] = Future()

    def write(worker: int) -> list[Write]:
        writes = []
        after = 0
        while after < 3:
            after += stop.done()
            begun = time.monotonic()
            writes.append(Write(begun, _tag(used, experiment_id, f"{worker} {len(writes)}").status))
        return writes

    with ThreadPoolExecutor(4) as pool:
        working = [pool.submit(write, worker) for worker in range(4)]
        try:
            time.sleep(0.03 + random.random() * 0.05)
            end()
        finally:
            stop.set_result(time.monotonic())
        return [each for writes in working for each in writes.result()], stop.result()


def _tag(principal: Principal, experiment_id: str, key: str) -> Answer:
    path = PREFIX + "/experiments/set-experiment-tag"
    return principal.post(path, experiment_id=experiment_id, key=key, value="1")


def _experiment(principal: Principal, name: str) -> str:
    return str(principal.done(PREFIX + "/experiments/create", name=name)["experiment_id"])


def _revoked(ada: Principal, used: Principal) -> None:
    ada.done(REVOKE, token_id=used.token_id)


def _revoked_elsewhere(used: Principal) -> None:
    token = token_list.load(used.token_id)
    assert token
    token_list.revoke([token])


def _is_good(text: str) -> bool:
    remembered.forget_all()
    return principals.send("GET", ACCESS + "/me", principals.bearer(text)).status == 200
