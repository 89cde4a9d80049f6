"""Page tokens of every search: good for who asked, in whichever process, until the secret is deleted; else refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import clock, remembered
from chalicelib.access import identity
from chalicelib.catalogue import handler
from chalicelib.config import settings
from chalicelib.storage import keys, tables
from chalicelib.storage.items import PageSecret
from infra.local import pump
from tests import client as api
from tests import columns
from tests.client import Answer

NOW = 1_795_000_000_000
A_MINUTE_MS = 60_000
CATALOGUE = "/api/2.0/cumulog/catalogue"

Search = Callable[..., Answer]


def of_experiments(_bucket: Any) -> Search:
    api.create_experiment("one")
    api.create_experiment("two")
    return lambda **more: api.post("/experiments/search", max_results=1, **more)


def of_runs(_bucket: Any) -> Search:
    experiment_id = api.create_experiment()
    api.create_run(experiment_id)
    api.create_run(experiment_id)
    return lambda **more: api.post("/runs/search", experiment_ids=[experiment_id], max_results=1, **more)


def of_columns(_bucket: Any) -> Search:
    experiment_id = api.create_experiment()
    api.create_run(experiment_id)
    api.create_run(experiment_id)
    return lambda **more: columns.ask(experiment_ids=[experiment_id], max_results=1, **more)


def of_logged_models(_bucket: Any) -> Search:
    experiment_id = api.create_experiment()
    api.create_model(experiment_id)
    api.create_model(experiment_id)
    return lambda **more: api.post("/logged-models/search", experiment_ids=[experiment_id], max_results=1, **more)


def of_catalogue(bucket: Any) -> Search:
    for key in ("1/models/m-1/artifacts/MLmodel", "1/models/m-2/artifacts/MLmodel"):
        bucket.put_object(Key=key, Body=b"flavors: {xgboost: {xgb_version: 3.0.1}}")
        event = json.dumps([settings().bucket, key, "s3:ObjectCreated:Put"]).encode()
        handler.catalogue_on_event(pump.event_of(event), None)
    return lambda **more: api.send("GET", CATALOGUE, query={"max_results": 1, **more})


@pytest.fixture(
    params=[of_experiments, of_runs, of_columns, of_logged_models, of_catalogue], ids=lambda of: of.__name__[3:]
)
def search(request: pytest.FixtureRequest, bucket: Any) -> Search:
    """A search that finds two, one to a page."""
    found: Search = request.param(bucket)
    return found


def token_of(search: Search) -> str:
    return str(search().body["next_page_token"])


def outcome(answer: Answer) -> tuple[int, str | None]:
    return answer.status, answer.body.get("error_code")


DONE = (200, None)
REFUSED = (400, "INVALID_PARAMETER_VALUE")


def test_a_token_is_good_in_every_process(search: Search) -> None:
    token = token_of(search)

    remembered.forget_all()

    second = search(page_token=token)
    assert outcome(second) == DONE
    assert second.body != search().body


def test_a_token_is_good_for_who_asked_only(search: Search) -> None:
    with identity.in_name_of("ada"):
        token = token_of(search)

        assert outcome(search(page_token=token)) == DONE
    assert outcome(search(page_token=token)) == REFUSED
    with identity.in_name_of("grace"):
        assert outcome(search(page_token=token)) == REFUSED


def test_a_token_of_nobody_is_not_somebodys(search: Search) -> None:
    token = token_of(search)

    with identity.in_name_of("ada"):
        assert outcome(search(page_token=token)) == REFUSED


def test_a_token_that_was_touched_is_refused(search: Search) -> None:
    token = token_of(search)
    touched = [
        token[:-1],
        token + "A",
        token.swapcase(),
        ("A" if token[0] != "A" else "B") + token[1:],
        token[22:],
        token[:22],
    ]

    assert {outcome(search(page_token=each)) for each in touched} == {REFUSED}


def test_once_the_secret_is_deleted_former_tokens_are_refused_and_new_ones_are_good(search: Search) -> None:
    with clock.frozen(NOW):
        former = token_of(search)
        tables.delete(PageSecret(keys.PAGE_SECRET, keys.SECRET))

    with clock.frozen(NOW + A_MINUTE_MS):
        assert outcome(search(page_token=former)) == REFUSED
        assert outcome(search(page_token=token_of(search))) == DONE


def test_a_page_without_a_next_one_needs_no_secret() -> None:
    api.done("/experiments/search", max_results=1000)

    assert tables.get(PageSecret, keys.PAGE_SECRET, keys.SECRET) is None
