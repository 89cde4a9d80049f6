"""Logged models through HTTP: what is stored, found, refused, and what a run's metrics leave with a model."""

import re
from typing import Any

import pytest

from tests import client as api
from tests.api import stored

UNKNOWN = "m-0123456789abcdef0123456789abcdef"


@pytest.fixture
def model_id(experiment_id: str) -> str:
    return api.create_model(experiment_id, name="model")


def pairs(**texts: str) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in texts.items()]


def outcome(answer: api.Answer) -> tuple[int, Any]:
    return answer.status, answer.body.get("error_code")


def log_metric(run_id: str, model_id: str, value: float | str, **fields: Any) -> None:
    point = {"key": "acc", "value": value, "timestamp": 1, **fields}
    api.done("/runs/log-metric", run_id=run_id, model_id=model_id, **point)


def measured(model_id: str) -> list[tuple[Any, ...]]:
    """Key, value, step and dataset of each point of a model."""
    metrics = api.read_model(model_id)["data"].get("metrics", [])
    return [(point["key"], point["value"], point["step"], point.get("dataset_name")) for point in metrics]


def names_of(experiment_id: str, **fields: Any) -> list[str]:
    found = api.done("/logged-models/search", experiment_ids=[experiment_id], **fields)
    return [model["info"]["name"] for model in found.get("models", [])]


def test_a_model_is_what_it_was_created_with(experiment_id: str, run_id: str) -> None:
    described = {"name": "alpha", "model_type": "agent", "source_run_id": run_id}

    created = api.done(
        "/logged-models", experiment_id=experiment_id, params=pairs(depth="3"), tags=pairs(team="red"), **described
    )["model"]

    info = created["info"]
    assert {name: info[name] for name in described} == described
    assert re.fullmatch("m-[0-9a-f]{32}", info["model_id"])
    assert info["artifact_uri"] == f"mlflow-artifacts:/{experiment_id}/models/{info['model_id']}/artifacts"
    assert (info["status"], info["tags"]) == ("LOGGED_MODEL_PENDING", pairs(team="red"))
    assert created["data"] == {"params": pairs(depth="3")}
    assert api.read_model(info["model_id"]) == created


def test_a_model_without_a_name_is_given_one(experiment_id: str) -> None:
    model = api.read_model(api.create_model(experiment_id))

    assert re.fullmatch(r"[a-z]+-[a-z]+-\d{3}", model["info"]["name"])
    assert model["data"] == {}


def test_a_model_whose_id_the_client_chose_is_created_once_however_often_it_is_asked_for(experiment_id: str) -> None:
    wish = {"experiment_id": experiment_id, "model_id": UNKNOWN, "name": "model", "tags": pairs(team="red")}
    first = api.done("/logged-models", **wish)["model"]
    api.change_model("PATCH", UNKNOWN, model_id=UNKNOWN, status="LOGGED_MODEL_READY")

    again = api.done("/logged-models", **wish)["model"]

    assert first["info"]["model_id"] == UNKNOWN
    assert again["info"] == {
        **first["info"],
        "status": "LOGGED_MODEL_READY",
        "last_updated_timestamp_ms": again["info"]["last_updated_timestamp_ms"],
    }
    assert names_of(experiment_id) == ["model"]


def test_another_model_is_not_created_with_an_id_that_is_taken(experiment_id: str) -> None:
    other = api.create_experiment("other")
    api.done("/logged-models", experiment_id=experiment_id, model_id=UNKNOWN, name="model")

    refused = api.post("/logged-models", experiment_id=other, model_id=UNKNOWN, name="model")

    assert outcome(refused) == (400, "RESOURCE_ALREADY_EXISTS")
    assert (names_of(experiment_id), names_of(other)) == (["model"], [])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"experiment_id": "987654"}, (404, "RESOURCE_DOES_NOT_EXIST")),
        ({"experiment_id": "x"}, (400, "INVALID_PARAMETER_VALUE")),
        ({"name": "a.b"}, (400, "INVALID_PARAMETER_VALUE")),
        ({"model_id": "m-1"}, (400, "INVALID_PARAMETER_VALUE")),
        ({"model_id": UNKNOWN.upper()}, (400, "INVALID_PARAMETER_VALUE")),
        ({"params": pairs(a="1") * 2}, (400, "BAD_REQUEST")),
        ({"tags": pairs(a="1") + pairs(a="2")}, (400, "BAD_REQUEST")),
        ({"params": [{"value": "1"}]}, (400, "INVALID_PARAMETER_VALUE")),
        ({"params": pairs(**{"k" * 256: "1"})}, (400, "INVALID_PARAMETER_VALUE")),
        ({"tags": pairs(a="ü" * 150_000)}, (400, "INVALID_PARAMETER_VALUE")),
        ({"source_run_id": "r" * 300_000}, (400, "INVALID_PARAMETER_VALUE")),
    ],
)
def test_a_wrong_model_is_not_stored(experiment_id: str, fields: dict[str, Any], expected: tuple[int, str]) -> None:
    before = stored.items()

    answer = api.post("/logged-models", **{"experiment_id": experiment_id, **fields})

    assert outcome(answer) == expected
    assert stored.items() == before


def test_a_deleted_experiment_takes_no_model_but_keeps_those_it_has(experiment_id: str, model_id: str) -> None:
    api.done("/experiments/delete", experiment_id=experiment_id)

    assert outcome(api.post("/logged-models", experiment_id=experiment_id)) == (400, "INVALID_PARAMETER_VALUE")
    assert names_of(experiment_id) == ["model"]


@pytest.mark.parametrize(
    ("method", "path", "fields"),
    [
        ("PATCH", "", {"status": "LOGGED_MODEL_READY"}),
        ("DELETE", "", {}),
        ("PATCH", "/tags", {"tags": pairs(a="1")}),
        ("DELETE", "/tags/a", {}),
        ("POST", "/params", {"params": pairs(a="1")}),
    ],
)
@pytest.mark.parametrize("unknown", [UNKNOWN, "m" * 3000])
def test_an_unknown_model_is_not_there(method: str, path: str, fields: dict[str, Any], unknown: str) -> None:
    assert outcome(api.change_model(method, unknown + path, **fields)) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert outcome(api.get(f"/logged-models/{unknown}", allow_deleted="true")) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_finalizing_takes_the_id_of_the_path_and_any_status(model_id: str) -> None:
    for status, name in (("LOGGED_MODEL_READY", "READY"), (3, "UPLOAD_FAILED"), ("LOGGED_MODEL_PENDING", "PENDING")):
        answer = api.change_model("PATCH", model_id, model_id="m-other", status=status)

        assert answer.body["model"]["info"]["status"] == f"LOGGED_MODEL_{name}"
    assert outcome(api.change_model("PATCH", model_id, status="READY")) == (400, "INVALID_PARAMETER_VALUE")


def test_params_are_written_once_all_or_none(model_id: str) -> None:
    api.change_model("POST", f"{model_id}/params", params=pairs(**{"a": "1", "b[0].c": ""}))

    for refused in (pairs(a="1"), pairs(c="1", a="2"), pairs(d="1") * 2):
        assert outcome(api.change_model("POST", f"{model_id}/params", params=refused)) == (400, "BAD_REQUEST")

    assert api.read_model(model_id)["data"]["params"] == pairs(**{"a": "1", "b[0].c": ""})


def test_params_that_outgrow_a_model_are_refused(model_id: str) -> None:
    first = api.change_model("POST", f"{model_id}/params", params=pairs(a="x" * 200_000))
    second = api.change_model("POST", f"{model_id}/params", params=pairs(b="x" * 200_000))

    assert (first.status, outcome(second)) == (200, (400, "INVALID_PARAMETER_VALUE"))


def test_of_tags_the_last_write_wins_and_a_tag_is_deleted_once(model_id: str) -> None:
    api.change_model("PATCH", f"{model_id}/tags", tags=pairs(a="1", b="2") + pairs(a="3"))

    deleted = [outcome(api.change_model("DELETE", f"{model_id}/tags/b")) for _ in range(2)]

    assert deleted == [(200, None), (404, "RESOURCE_DOES_NOT_EXIST")]
    assert api.read_model(model_id)["info"]["tags"] == pairs(a="3")


def test_a_tag_key_in_the_path_is_decoded_once(model_id: str) -> None:
    api.change_model("PATCH", f"{model_id}/tags", tags=pairs(**{"ü %x/y": "1"}))

    assert api.change_model("DELETE", f"{model_id}/tags/%C3%BC%20%25x%2Fy").status == 200


def test_a_deleted_model_hides_and_can_still_be_changed(experiment_id: str, run_id: str, model_id: str) -> None:
    deleted = [api.change_model("DELETE", model_id).status for _ in range(2)]

    assert deleted == [200, 200]
    assert outcome(api.get(f"/logged-models/{model_id}")) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert names_of(experiment_id) == []
    assert api.change_model("PATCH", model_id, status="LOGGED_MODEL_READY").status == 200
    log_metric(run_id, model_id, 0.5)
    model = api.read_model(model_id, allow_deleted="true")
    assert model["info"]["status"] == "LOGGED_MODEL_READY"
    assert [point["value"] for point in model["data"]["metrics"]] == [0.5]


def test_a_point_of_a_model_is_the_runs_too_and_tells_where_it_is_from(run_id: str, model_id: str) -> None:
    log_metric(run_id, model_id, 0.5, step=3, dataset_name="wine", dataset_digest="1")

    point = {"key": "acc", "value": 0.5, "timestamp": 1, "step": 3}
    origin = {"model_id": model_id, "run_id": run_id, "dataset_name": "wine", "dataset_digest": "1"}
    assert api.read_model(model_id)["data"]["metrics"] == [{**point, **origin}]
    assert api.history(run_id, "acc") == [point]


def test_every_point_is_kept_once_with_its_value_bit_for_bit(run_id: str, model_id: str) -> None:
    for value in (0.1, 0.1, "NaN", "NaN", "Infinity", -0.5):
        log_metric(run_id, model_id, value)
    log_metric(run_id, model_id, 0.1, dataset_name="wine", dataset_digest="1")

    points = sorted(measured(model_id), key=str)

    plain = [("acc", value, 0, None) for value in (0.1, "NaN", "Infinity", -0.5)]
    assert points == sorted([*plain, ("acc", 0.1, 0, "wine")], key=str)


def test_a_batch_of_a_thousand_points_goes_to_each_of_its_models(experiment_id: str, run_id: str) -> None:
    model_ids = [api.create_model(experiment_id) for _ in range(4)]
    points = [
        {
            "key": f"k{n % 7}",
            "value": n,
            "timestamp": n,
            "step": n,
            **({"model_id": model_ids[n % 5]} if n % 5 < 4 else {}),
        }
        for n in range(1000)
    ]

    api.done("/runs/log-batch", run_id=run_id, metrics=points)

    for number, model_id in enumerate(model_ids):
        assert {value for _, value, _, _ in measured(model_id)} == set(range(number, 1000, 5))
    assert len(api.run_data(run_id)["metrics"]) == 7


def test_a_model_that_nobody_knows_refuses_the_whole_call(run_id: str, model_id: str) -> None:
    log_metric(run_id, model_id, 1)
    before = stored.items()
    point = {"key": "m", "value": 1, "timestamp": 1}

    single = api.post("/runs/log-metric", run_id=run_id, model_id=UNKNOWN, **point)
    metrics = [{**point, "model_id": model_id}, {**point, "model_id": UNKNOWN}]
    batch = api.post("/runs/log-batch", run_id=run_id, metrics=metrics, params=pairs(p="1"), tags=pairs(t="1"))
    endless = api.post("/runs/log-metric", run_id=run_id, model_id="m" * 5000, **point)

    assert [outcome(each) for each in (single, batch, endless)] == [(400, "BAD_REQUEST")] * 3
    assert stored.items() == before


@pytest.mark.parametrize(
    "dataset",
    [
        {"dataset_name": "wine"},
        {"dataset_digest": "1"},
        {"dataset_name": "n" * 501, "dataset_digest": "1"},
        {"dataset_name": "n", "dataset_digest": "d" * 37},
    ],
)
def test_half_a_dataset_or_a_long_one_is_refused(run_id: str, model_id: str, dataset: dict[str, str]) -> None:
    before = stored.items()

    answer = api.post("/runs/log-metric", run_id=run_id, model_id=model_id, key="m", value=1, timestamp=1, **dataset)

    assert outcome(answer) == (400, "INVALID_PARAMETER_VALUE")
    assert stored.items() == before


@pytest.fixture
def three(experiment_id: str, run_id: str) -> str:
    """An experiment with the models alpha, beta and gamma, the first two measured."""
    alpha, beta, _ = (api.create_model(experiment_id, name=name) for name in ("alpha", "beta", "gamma"))
    log_metric(run_id, alpha, 0.5, timestamp=10, step=1, dataset_name="wine", dataset_digest="1")
    log_metric(run_id, alpha, 0.9, timestamp=5, step=9)
    log_metric(run_id, beta, 0.7, dataset_name="wine", dataset_digest="2")
    return experiment_id


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ([{"field_name": "name", "ascending": False}], ["gamma", "beta", "alpha"]),
        # The latest by timestamp, not by step as with runs; a model without the metric comes last in both directions.
        ([{"field_name": "metrics.acc"}], ["alpha", "beta", "gamma"]),
        ([{"field_name": "metrics.acc", "ascending": False}], ["beta", "alpha", "gamma"]),
        ([{"field_name": "metrics.acc", "dataset_name": "wine", "dataset_digest": "2"}, {"field_name": "name"}], None),
    ],
)
def test_models_come_in_order(three: str, order: list[dict[str, Any]], expected: list[str] | None) -> None:
    assert names_of(three, order_by=order) == (expected or ["beta", "alpha", "gamma"])


@pytest.mark.parametrize(
    ("datasets", "text", "expected"),
    [
        ([{"dataset_name": "wine"}], "", ["alpha", "beta"]),
        ([{"dataset_name": "wine", "dataset_digest": "2"}], "", ["beta"]),
        ([{"dataset_name": "wine"}], "metrics.acc > 0.6", ["beta"]),
        ([{"dataset_name": "beer"}, {"dataset_name": "wine", "dataset_digest": "1"}], "", ["alpha"]),
        ([], "metrics.acc = 0.5 AND metrics.acc = 0.9", ["alpha"]),
    ],
)
def test_datasets_pick_the_points_that_count(
    three: str, datasets: list[dict[str, str]], text: str, expected: list[str]
) -> None:
    order = [{"field_name": "name"}]

    assert names_of(three, datasets=datasets, filter=text, order_by=order) == expected


def test_pages_follow_each_other_while_models_come_and_go(three: str) -> None:
    fields: dict[str, Any] = {"experiment_ids": [three], "max_results": 1, "order_by": [{"field_name": "name"}]}
    first = api.done("/logged-models/search", **fields)
    api.create_model(three, name="aardvark")
    api.change_model("DELETE", first["models"][0]["info"]["model_id"])

    second = api.done("/logged-models/search", page_token=first["next_page_token"], **fields)
    last = api.done("/logged-models/search", page_token=second["next_page_token"], **fields)

    assert [page["models"][0]["info"]["name"] for page in (first, second, last)] == ["alpha", "beta", "gamma"]
    assert "next_page_token" not in last


def test_a_token_of_another_question_is_refused(three: str) -> None:
    token = api.done("/logged-models/search", experiment_ids=[three], max_results=1)["next_page_token"]

    for other in (
        {"filter": "name != 'x'"},
        {"order_by": [{"field_name": "name"}]},
        {"datasets": [{"dataset_name": "w"}]},
    ):
        answer = api.post("/logged-models/search", experiment_ids=[three], page_token=token, **other)
        assert outcome(answer) == (400, "INVALID_PARAMETER_VALUE")


def test_search_finds_what_get_shows(three: str) -> None:
    for filter_text in ("", "metrics.acc > 0"):
        found = api.done("/logged-models/search", experiment_ids=[three], filter=filter_text)["models"]

        assert found == [api.read_model(model["info"]["model_id"]) for model in found]


def test_models_too_long_for_one_reply_come_in_several(experiment_id: str) -> None:
    # 25 models of 250 KB are more than a reply carries.
    for number in range(25):
        api.create_model(experiment_id, name=f"model {number:02}", tags=pairs(long="x" * 250_000))
    fields: dict[str, Any] = {"experiment_ids": [experiment_id], "order_by": [{"field_name": "name"}]}

    first = api.done("/logged-models/search", **fields)
    second = api.done("/logged-models/search", page_token=first["next_page_token"], **fields)

    names = [model["info"]["name"] for page in (first, second) for model in page["models"]]
    assert names == [f"model {number:02}" for number in range(25)]
