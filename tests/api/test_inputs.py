"""What a run took in and put out: datasets, written once by name and digest, and logged models."""

import json
from typing import Any

import pytest

from chalicelib.tracking.runs.model_summaries import TAG
from tests import client as api

CONTEXT = "mlflow.data.context"

pytestmark = pytest.mark.usefixtures("bucket")


def dataset(name: str = "wine", digest: str = "1", **more: str) -> dict[str, Any]:
    return {"name": name, "digest": digest, "source_type": "local", "source": "{}", **more}


def use_of(described: dict[str, Any], context: str | None = None) -> dict[str, Any]:
    return {"dataset": described, "tags": [{"key": CONTEXT, "value": context}] if context else []}


def inputs(run_id: str) -> dict[str, Any]:
    return dict(api.get("/runs/get", run_id=run_id).body["run"]["inputs"])


def outputs(run_id: str) -> dict[str, Any]:
    return dict(api.get("/runs/get", run_id=run_id).body["run"]["outputs"])


def model_json(path: str, **more: Any) -> str:
    model = {"run_id": "r", "artifact_path": path, "utc_time_created": "2026-11-23", "flavors": {}, **more}
    return json.dumps(model)


def test_a_dataset_is_read_back_whole_with_the_tags_of_its_use(run_id: str) -> None:
    described = dataset(schema='{"columns": []}', profile='{"rows": 3}')

    api.done("/runs/log-inputs", run_id=run_id, datasets=[use_of(described, "train")])

    assert inputs(run_id) == {"dataset_inputs": [use_of(described, "train")]}


def test_datasets_keep_the_order_in_which_they_were_logged(run_id: str) -> None:
    names = ["zinc", "apple", "mango", "apple 2"]

    api.done("/runs/log-inputs", run_id=run_id, datasets=[use_of(dataset(name), "train") for name in names[:3]])
    api.done("/runs/log-inputs", run_id=run_id, datasets=[use_of(dataset(names[3]), "test")])

    assert [use["dataset"]["name"] for use in inputs(run_id)["dataset_inputs"]] == names


def test_of_a_dataset_the_first_description_is_kept_for_the_whole_experiment(experiment_id: str) -> None:
    first, second = (api.create_run(experiment_id) for _ in range(2))
    api.done("/runs/log-inputs", run_id=first, datasets=[use_of(dataset(schema="first"), "train")])

    api.done("/runs/log-inputs", run_id=second, datasets=[use_of(dataset(schema="second", source="other"), "test")])

    assert inputs(second) == {"dataset_inputs": [use_of(dataset(schema="first"), "test")]}


def test_the_tags_of_the_first_use_are_kept(run_id: str) -> None:
    for context in ("train", "test"):
        api.done("/runs/log-inputs", run_id=run_id, datasets=[use_of(dataset(), context)])

    assert inputs(run_id) == {"dataset_inputs": [use_of(dataset(), "train")]}


def test_another_digest_or_another_experiment_is_another_dataset(run_id: str) -> None:
    other_run_id = api.create_run(api.create_experiment("other"))
    api.done("/runs/log-inputs", run_id=run_id, datasets=[use_of(dataset(schema="first"), "train")])

    api.done("/runs/log-inputs", run_id=run_id, datasets=[use_of(dataset(digest="2", schema="second"), "train")])
    api.done("/runs/log-inputs", run_id=other_run_id, datasets=[use_of(dataset(schema="third"), "train")])

    assert [use["dataset"]["schema"] for use in inputs(run_id)["dataset_inputs"]] == ["first", "second"]
    assert [use["dataset"]["schema"] for use in inputs(other_run_id)["dataset_inputs"]] == ["third"]


def test_name_and_digest_are_told_apart_wherever_the_border_lies(run_id: str) -> None:
    api.done(
        "/runs/log-inputs", run_id=run_id, datasets=[use_of(dataset("ab", "c"), "x"), use_of(dataset("a", "bc"), "y")]
    )

    pairs = [(use["dataset"]["name"], use["dataset"]["digest"]) for use in inputs(run_id)["dataset_inputs"]]
    assert pairs == [("ab", "c"), ("a", "bc")]


def test_a_profile_of_800_kb_lies_in_the_bucket_and_comes_back_whole(run_id: str, bucket: Any) -> None:
    profile = json.dumps({"rows": 3, "ü😀": '"\\' * 250_000})[:800_000]

    api.done("/runs/log-inputs", run_id=run_id, datasets=[use_of(dataset(profile=profile, schema="{}"), "train")])

    assert inputs(run_id) == {"dataset_inputs": [use_of(dataset(profile=profile, schema="{}"), "train")]}
    assert [each.size > 1_000_000 for each in bucket.objects.all()] == [True]


def test_what_is_short_does_not_go_to_the_bucket(run_id: str, bucket: Any) -> None:
    api.done("/runs/log-inputs", run_id=run_id, datasets=[use_of(dataset(profile="x" * 30_000), "train")])

    assert list(bucket.objects.all()) == []
    assert inputs(run_id)["dataset_inputs"][0]["dataset"]["profile"] == "x" * 30_000


def test_a_long_description_that_comes_second_does_not_replace_a_short_one(experiment_id: str) -> None:
    first, second = (api.create_run(experiment_id) for _ in range(2))
    api.done("/runs/log-inputs", run_id=first, datasets=[use_of(dataset(profile="short"), "train")])

    api.done("/runs/log-inputs", run_id=second, datasets=[use_of(dataset(profile="x" * 100_000), "train")])

    assert inputs(second)["dataset_inputs"][0]["dataset"]["profile"] == "short"


def test_models_are_inputs_too_each_once(run_id: str) -> None:
    for models in (["m-2", "m-1"], ["m-1", "m-3"]):
        api.done("/runs/log-inputs", run_id=run_id, models=[{"model_id": each} for each in models])

    assert inputs(run_id) == {"model_inputs": [{"model_id": each} for each in ("m-2", "m-1", "m-3")]}


def test_outputs_are_models_at_a_step_each_once(run_id: str) -> None:
    api.done("/runs/outputs", run_id=run_id, models=[{"model_id": "m-1", "step": -3}, {"model_id": "m-2"}])
    api.done("/runs/outputs", run_id=run_id, models=[{"model_id": "m-1", "step": 9}])

    assert outputs(run_id) == {"model_outputs": [{"model_id": "m-1", "step": -3}, {"model_id": "m-2", "step": 0}]}


def test_a_model_may_be_input_and_output(run_id: str) -> None:
    api.done("/runs/log-inputs", run_id=run_id, models=[{"model_id": "m-1"}])
    api.done("/runs/outputs", run_id=run_id, models=[{"model_id": "m-1", "step": 2}])

    assert inputs(run_id) == {"model_inputs": [{"model_id": "m-1"}]}
    assert outputs(run_id) == {"model_outputs": [{"model_id": "m-1", "step": 2}]}


def test_a_run_without_inputs_says_so_with_an_empty_message(run_id: str) -> None:
    api.done("/runs/log-inputs", run_id=run_id)

    assert (inputs(run_id), outputs(run_id)) == ({}, {})


def test_search_shows_inputs_and_outputs_as_get_does(experiment_id: str, run_id: str) -> None:
    api.done("/runs/log-inputs", run_id=run_id, datasets=[use_of(dataset(profile="x" * 50_000), "train")])
    api.done("/runs/outputs", run_id=run_id, models=[{"model_id": "m-1", "step": 2}])

    (found,) = api.post("/runs/search", experiment_ids=[experiment_id]).body["runs"]

    assert found == api.get("/runs/get", run_id=run_id).body["run"]


def test_the_history_of_logged_models_grows_by_summaries(run_id: str) -> None:
    flavors = {"python_function": {"loader": "x", "config": {"a": 1}}, "sklearn": {"version": "1"}}

    api.done("/runs/log-model", run_id=run_id, model_json=model_json("first", flavors=flavors, model_uuid="u"))
    api.done("/runs/log-model", run_id=run_id, model_json=model_json("second", signature="left out"))

    history = json.loads(api.run_data(run_id)["tags"][TAG])
    assert [model["artifact_path"] for model in history] == ["first", "second"]
    assert history[0]["flavors"] == {"python_function": {"loader": "x"}, "sklearn": {"version": "1"}}
    assert history[0]["model_uuid"] == "u"
    assert "signature" not in history[1]


def test_a_model_that_is_logged_again_stands_in_the_history_once(run_id: str) -> None:
    for _ in range(2):
        api.done("/runs/log-model", run_id=run_id, model_json=model_json("model"))

    assert len(json.loads(api.run_data(run_id)["tags"][TAG])) == 1


def test_one_call_logs_at_most_a_thousand_datasets_or_models(run_id: str) -> None:
    models = [{"model_id": f"m-{number}"} for number in range(1001)]

    answers = [
        api.post("/runs/log-inputs", run_id=run_id, models=models),
        api.post("/runs/outputs", run_id=run_id, models=models),
        api.post("/runs/log-inputs", run_id=run_id, datasets=[{"dataset": {"name": "n", "digest": "d"}}] * 1001),
    ]

    assert [(answer.status, answer.body["error_code"]) for answer in answers] == [(400, "INVALID_PARAMETER_VALUE")] * 3
    assert api.post("/runs/outputs", run_id=run_id, models=models[:1000]).status == 200
