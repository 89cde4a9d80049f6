"""Idempotency-Key: experiments, registered models and versions are created once, and the same answer is given again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib import clock
from tests import client as api
from tests import principals
from tests.client import PREFIX, Answer
from tests.principals import Principal

A_DAY_MS = 24 * 3_600_000


@pytest.fixture
def run_id() -> str:
    run_id = api.create_run(api.create_experiment())
    api.done("/registered-models/create", name="wine")
    return run_id


@pytest.fixture
def calls(run_id: str) -> dict[str, Callable[..., Answer]]:
    """What creates a thing, with a key and further fields."""
    source = f"runs:/{run_id}/model"
    return {
        "experiment": lambda key, **more: _create(key, "/experiments/create", name="new", **more),
        "registered model": lambda key, **more: _create(key, "/registered-models/create", name="new", **more),
        "version": lambda key, **more: _create(
            key, "/model-versions/create", name="wine", source=source, run_id=run_id, **more
        ),
    }


def _create(key: str, path: str, **fields: Any) -> Answer:
    return api.post_with_key(key, path, **fields)


def counts() -> tuple[int, int, int]:
    """How many experiments, registered models and versions there are."""
    experiments = api.post("/experiments/search", max_results=100).body["experiments"]
    models = api.get("/registered-models/search").body.get("registered_models", [])
    return len(experiments), len(models), len(api.get("/model-versions/search").body.get("model_versions", []))


@pytest.mark.parametrize("kind", ["experiment", "registered model", "version"])
def test_a_repeated_request_has_one_effect_and_the_same_answer(calls: Any, kind: str) -> None:
    before = counts()

    first, again = calls[kind]("key"), calls[kind]("key")

    assert first.status == 200
    assert again.body == first.body
    assert sum(counts()) == sum(before) + 1


@pytest.mark.parametrize("kind", ["experiment", "registered model", "version"])
def test_another_request_with_the_key_is_refused(calls: Any, kind: str) -> None:
    calls[kind]("key")
    before = counts()

    answer = calls[kind]("key", tags=[{"key": "t", "value": "1"}])

    assert (answer.status, answer.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert "Idempotency-Key" in answer.body["message"]
    assert counts() == before


def test_a_key_of_one_kind_of_request_is_not_that_of_another(calls: Any) -> None:
    calls["experiment"]("key")

    assert calls["registered model"]("key").status == 400


def test_another_key_is_another_request(calls: Any) -> None:
    first, second = calls["version"]("one"), calls["version"]("two")

    assert [each.body["model_version"]["version"] for each in (first, second)] == ["1", "2"]


def test_after_a_day_a_key_may_be_used_anew(calls: Any) -> None:
    now = clock.now_ms()
    numbers = []
    for passed in (0, A_DAY_MS, A_DAY_MS + 1, 2 * A_DAY_MS):
        with clock.frozen(now + passed):
            numbers.append(calls["version"]("key").body["model_version"]["version"])

    assert numbers == ["1", "1", "2", "2"]


def test_a_request_that_was_refused_is_decided_anew(calls: Any) -> None:
    taken = api.create_experiment("new")
    assert calls["experiment"]("key").body["error_code"] == "RESOURCE_ALREADY_EXISTS"
    api.done("/experiments/update", experiment_id=taken, new_name="other")

    assert calls["experiment"]("key").status == 200


def test_a_renamed_model_is_answered_by_its_new_name_and_a_deleted_one_is_missed(calls: Any) -> None:
    calls["registered model"]("key")
    api.done("/registered-models/rename", name="new", new_name="renamed")

    assert calls["registered model"]("key").body["registered_model"]["name"] == "renamed"
    api.send("DELETE", PREFIX + "/registered-models/delete", b'{"name": "renamed"}')
    assert calls["registered model"]("key").body["error_code"] == "RESOURCE_DOES_NOT_EXIST"


@pytest.mark.parametrize("whole_model", [False, True], ids=["the version", "the model with it"])
def test_a_version_that_was_deleted_is_not_created_again(calls: Any, whole_model: bool) -> None:
    calls["version"]("key")
    if whole_model:
        api.send("DELETE", PREFIX + "/registered-models/delete", b'{"name": "wine"}')
        api.done("/registered-models/create", name="wine")
    else:
        api.send("DELETE", PREFIX + "/model-versions/delete", b'{"name": "wine", "version": "1"}')

    assert calls["version"]("key").body["error_code"] == "RESOURCE_DOES_NOT_EXIST"
    assert calls["version"]("another").status == 200


@pytest.mark.parametrize("bad", ["a b", "x" * 256, "é", "a\tb"])
@pytest.mark.parametrize("kind", ["experiment", "registered model", "version"])
def test_a_key_that_is_long_or_odd_is_refused(calls: Any, kind: str, bad: str) -> None:
    before = counts()

    answer = calls[kind](bad)

    assert (answer.status, answer.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert counts() == before


def test_requests_that_create_nothing_pass_over_a_key(run_id: str) -> None:
    assert api.post_with_key("a b", "/runs/set-tag", run_id=run_id, key="t", value="1").status == 200


class TestOfSeveralPrincipals:
    @pytest.fixture
    def two(self) -> Iterator[tuple[Principal, Principal]]:
        with principals.closed():
            admin = principals.admin()
            yield principals.user(admin, "ada"), principals.user(admin, "bea")

    def test_a_key_is_its_principal_s_alone(self, two: tuple[Principal, Principal]) -> None:
        ada, bea = (self._create(who, "/registered-models/create", name="ada's") for who in two)

        assert ada.status == 200
        assert bea.body["error_code"] == "RESOURCE_ALREADY_EXISTS"

    def test_the_same_key_of_two_principals_makes_two_runs(self, two: tuple[Principal, Principal]) -> None:
        runs = {self._run_of(who) for who in two for _ in range(2)}

        assert len(runs) == 2

    def test_a_principal_has_the_key_with_every_token(self, two: tuple[Principal, Principal]) -> None:
        ada, _ = two
        first, again = (self._create(who, "/experiments/create", name="new") for who in (ada, ada.another()))

        assert again.body == first.body

    def _run_of(self, who: Principal) -> str:
        experiment_id = self._create(who, "/experiments/create", name=who.name).body["experiment_id"]
        answer = self._send(who, "run", "/runs/create", experiment_id=experiment_id)
        return str(answer.body["run"]["info"]["run_id"])

    def _create(self, who: Principal, path: str, **fields: Any) -> Answer:
        return self._send(who, "key", path, **fields)

    def _send(self, who: Principal, key: str, path: str, **fields: Any) -> Answer:
        return principals.send("POST", PREFIX + path, principals.bearer(who.token), body=fields, key=key)
