"""What each call takes and refuses. The messages were compared with the answers of an MLflow 3.17.2 server."""

import json
import math
from typing import Any

import pytest

from chalicelib import errors
from chalicelib.edge import strict_json
from chalicelib.edge.wire import Request
from chalicelib.tracking.experiments import schemas as of_experiments
from chalicelib.tracking.index import schemas as of_index
from chalicelib.tracking.metrics import schemas as of_metrics
from chalicelib.tracking.runs import schemas as of_runs

ROOMS = (of_experiments, of_runs, of_metrics, of_index)

RUN = "a" * 32
SEE = " See the API docs for more information about request parameters."
CHARACTERS = (
    "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) "
    "and slashes (/)."
)
DATASET = {"name": "n", "digest": "d", "source_type": "local", "source": "s"}
MODEL = {"artifact_path": None, "flavors": {}, "utc_time_created": "x", "run_id": None}


def parse(model: str, fields: dict[str, Any]) -> Request:
    kind: type[Request] = next(vars(room)[model] for room in ROOMS if model in vars(room))
    return kind.parse(strict_json.parse_object(json.dumps(fields).encode()))


def point(**fields: Any) -> dict[str, Any]:
    return {"key": "k", "value": 1, "timestamp": 1, **fields}


def missing(path: str) -> str:
    return f"Missing value for required parameter '{path}'.{SEE}"


def too_long(name: str, limit: int) -> str:
    return f"'{name}' exceeds the maximum length of {limit} characters"


def elsewhere(path: str, name: str, resolved: str) -> str:
    return (
        f"Invalid value {json.dumps(name)} for parameter '{path}' supplied: Names may be treated as files in certain "
        f"cases, and must not resolve to other names when treated as such. This name would resolve to '{resolved}'"
    )


def no_experiment(text: str) -> str:
    return f"Invalid experiment ID '{text}'. Experiment ID must be a valid integer."


def not_positive(count: int) -> str:
    return f"Invalid value {count} for parameter 'max_results' supplied. It must be a positive integer"


def over_the_batch(what: str, limit: int, count: int) -> str:
    return (
        f"A batch logging request can contain at most {limit} {what}. Got {count} {what}. "
        f"Please split up {what} across multiple requests and try again."
    )


# model, fields, what the model then holds
TAKEN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("CreateExperiment", {"name": "e"}, {"name": "e", "artifact_location": None, "tags": []}),
    ("CreateExperiment", {"name": "😀" * 500, "artifact_location": ""}, {"artifact_location": ""}),
    ("CreateExperiment", {"name": "e", "artifact_location": "s3://b/p;x"}, {"artifact_location": "s3://b/p;x"}),
    ("CreateExperiment", {"name": "e", "artifact_location": "mlflow-artifacts:/x"}, {}),
    ("CreateExperiment", {"name": "e", "tags": [{"key": "é" * 250, "value": "x" * 20000}]}, {}),
    ("GetExperiment", {"experiment_id": "007"}, {"experiment_id": "7"}),
    ("GetExperiment", {"experiment_id": " 1 "}, {"experiment_id": "1"}),
    ("SearchExperiments", {"max_results": 50000}, {"view_type": "ACTIVE_ONLY", "filter": "", "page_token": None}),
    ("SearchExperiments", {"max_results": "1", "view_type": 3}, {"max_results": 1, "view_type": "ALL"}),
    ("SetExperimentTag", {"experiment_id": "1", "key": "k"}, {"value": ""}),
    ("CreateRun", {"experiment_id": "01"}, {"experiment_id": "1", "start_time": None, "run_name": None, "tags": []}),
    ("CreateRun", {"experiment_id": "1", "start_time": -5, "user_id": ""}, {"start_time": -5, "user_id": ""}),
    ("CreateRun", {"experiment_id": "1", "run_name": "r" * 8001}, {"run_name": "r" * 8000}),
    ("CreateRun", {"experiment_id": "1", "run_name": "a", "tags": [{"key": "mlflow.runName", "value": "a"}]}, {}),
    ("CreateRun", {"experiment_id": "1", "tags": [{"key": "any ? key"}]}, {}),
    ("GetRun", {"run_uuid": RUN}, {"run_id": RUN}),
    ("GetRun", {"run_id": RUN, "run_uuid": "other"}, {"run_id": RUN}),
    ("GetRun", {"run_id": None, "runUuid": RUN}, {"run_id": RUN}),
    ("UpdateRun", {"run_id": RUN}, {"status": None, "end_time": None, "run_name": None}),
    ("UpdateRun", {"run_id": RUN, "status": "KILLED", "end_time": 0}, {"status": "KILLED", "end_time": 0}),
    ("UpdateRun", {"run_id": RUN, "status": 3, "run_name": ""}, {"status": "FINISHED", "run_name": ""}),
    ("SetTag", {"run_id": RUN, "key": "k", "value": "x" * 8001}, {"value": "x" * 8000}),
    ("LogParameter", {"run_id": RUN, "key": "a b/c.d:e-f_g", "value": "x" * 6001}, {"value": "x" * 6000}),
    ("LogParameter", {"run_id": RUN, "key": "k", "value": None}, {"value": ""}),
    ("LogMetric", {"run_id": RUN, **point(value="-Infinity")}, {"value": -math.inf, "step": 0, "model_id": None}),
    ("LogMetric", {"run_id": RUN, **point(step=-3, modelId="m-1")}, {"step": -3, "model_id": "m-1"}),
    ("LogBatch", {"run_id": RUN}, {"metrics": [], "params": [], "tags": []}),
    ("LogBatch", {"run_id": RUN, "metrics": None, "params": None, "tags": None}, {"metrics": []}),
    ("LogBatch", {"run_id": RUN, "metrics": [point()] * 1000}, {}),
    ("LogBatch", {"run_id": RUN, "params": [{"key": f"p{n}"} for n in range(100)]}, {}),
    ("LogBatch", {"run_id": RUN, "tags": [{"key": "t"}] * 100}, {}),
    ("LogInputs", {"run_id": RUN}, {"datasets": [], "models": []}),
    ("LogInputs", {"run_id": RUN, "datasets": [{"dataset": DATASET, "tags": [{"key": "k"}]}]}, {}),
    ("LogOutputs", {"run_id": RUN, "models": []}, {"models": []}),
    ("LogModel", {"run_id": RUN, "model_json": json.dumps(MODEL)}, {"model": MODEL}),
    ("SearchRuns", {}, {"experiment_ids": [], "max_results": 1000, "run_view_type": "ACTIVE_ONLY", "order_by": []}),
    ("SearchRuns", {"experiment_ids": ["1", "02"], "max_results": None}, {"experiment_ids": ["1", "2"]}),
    ("GetMetricHistory", {"run_uuid": RUN, "metric_key": "k"}, {"run_id": RUN, "max_results": None}),
    ("GetMetricHistoryBulk", {"run_id": ["a"], "metric_key": ""}, {"max_results": 25000}),
    ("GetMetricHistoryBulk", {"run_id": ["a"], "metric_key": "k", "max_results": 99999}, {"max_results": 25000}),
    ("GetMetricHistoryBulk", {"run_id": ["a"], "metric_key": "k", "max_results": 0}, {"max_results": 0}),
    ("GetMetricHistoryBulkInterval", {"run_ids": ["a"], "metric_key": "k"}, {"max_results": 2500, "start_step": None}),
]

# model, fields, MLflow's message; INVALID_PARAMETER_VALUE unless listed below
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("CreateExperiment", {}, missing("name")),
    ("CreateExperiment", {"name": "x" * 501}, too_long("name", 500)),
    (
        "CreateExperiment",
        {"name": "e", "artifact_location": "runs:/x"},
        "Artifact location cannot be a runs:/ URI. Given: 'runs:/x'",
    ),
    (
        "CreateExperiment",
        {"name": "e", "artifact_location": "s3://b/x#f"},
        "'artifact_location' URL can't include fragments or params.",
    ),
    ("CreateExperiment", {"name": "e", "artifact_location": "s3://b/x?p=%252e%252e"}, "Invalid query string"),
    ("CreateExperiment", {"name": "e", "tags": [{"key": "k" * 251, "value": ""}]}, too_long("key", 250)),
    ("CreateExperiment", {"name": "e", "tags": [{"key": "k", "value": "x" * 20001}]}, too_long("value", 20000)),
    (
        "CreateExperiment",
        {"name": "e", "tags": [{"key": f"mlflow.customView.view{n}"} for n in range(51)]},
        "Unable to create another custom view; the maximum number of custom views per experiment is 50. "
        "Delete an existing custom view before creating a new one.",
    ),
    ("GetExperiment", {"experiment_id": ""}, missing("experiment_id")),
    ("GetExperiment", {"experiment_id": "1.0"}, no_experiment("1.0")),
    ("GetExperiment", {"experiment_id": str(2**63)}, no_experiment(str(2**63))),
    ("GetExperimentByName", {}, missing("experiment_name")),
    ("SearchExperiments", {}, not_positive(0)),
    ("SearchExperiments", {"max_results": None}, not_positive(0)),
    (
        "SearchExperiments",
        {"max_results": 50001},
        "Invalid value 50001 for parameter 'max_results' supplied. It must be at most 50000",
    ),
    ("UpdateExperiment", {"new_name": 5}, missing("experiment_id")),
    ("UpdateExperiment", {"experiment_id": "1", "new_name": ""}, missing("new_name")),
    ("UpdateExperiment", {"experiment_id": "1", "new_name": "x" * 501}, too_long("name", 500)),
    ("SetExperimentTag", {"experiment_id": "1", "key": "a", "value": "x" * 20001}, too_long("value", 20000)),
    ("DeleteExperimentTag", {"experiment_id": "1"}, missing("key")),
    ("CreateRun", {"experiment_id": "abc"}, no_experiment("abc")),
    ("CreateRun", {"experiment_id": "1", "tags": [{"key": "k" * 251}]}, too_long("key", 250)),
    ("CreateRun", {"experiment_id": "1", "tags": [{"value": "x"}]}, missing("tags[0].key")),
    (
        "CreateRun",
        {"experiment_id": "1", "run_name": "a", "tags": [{"key": "mlflow.runName", "value": "b"}]},
        "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='a', "
        "mlflow.runName='b').",
    ),
    ("GetRun", {}, missing("run_id")),
    ("GetRun", {"run_id": "", "run_uuid": RUN}, missing("run_id")),
    ("SetTag", {"run_id": RUN, "key": "?"}, f"Invalid value \"?\" for parameter 'key' supplied: {CHARACTERS}"),
    ("SetTag", {"run_id": RUN, "key": "k" * 251}, too_long("key", 250)),
    ("SetTag", {"run_id": RUN, "value": "x"}, missing("key")),
    ("LogParameter", {"run_id": RUN, "key": "a//b"}, elsewhere("key", "a//b", "a/b")),
    ("LogParameter", {"run_id": RUN, "key": "k" * 251}, too_long("Param key", 250)),
    ("LogMetric", {"run_id": RUN, **point(key="..")}, elsewhere("name", "..", "..")),
    ("LogMetric", {"run_id": RUN, **point(key="/a")}, elsewhere("name", "/a", "/a")),
    ("LogMetric", {"run_id": RUN, **point(key="k" * 251)}, too_long("Metric name", 250)),
    ("LogMetric", {"run_id": RUN, **point(value="")}, missing("value")),
    ("LogMetric", {"run_id": RUN, "key": "k", "value": 1}, missing("timestamp")),
    (
        "LogMetric",
        {"run_id": RUN, **point(timestamp=-1)},
        "Invalid value -1 for parameter 'timestamp' supplied: metric 'k' (value=1.0). "
        "Timestamp must be a nonnegative long (64-bit integer) ",
    ),
    ("LogBatch", {"run_id": "-x"}, "Invalid value \"-x\" for parameter 'run_id' supplied."),
    ("LogBatch", {"run_id": "x" * 257}, f"Invalid value \"{'x' * 257}\" for parameter 'run_id' supplied."),
    ("LogBatch", {"run_id": RUN, "metrics": [point(), point(key=None)]}, missing("metrics[1].key")),
    (
        "LogBatch",
        {"run_id": RUN, "metrics": [point(), point(), point(key="?")]},
        f"Invalid value \"?\" for parameter 'metrics[2].name' supplied: {CHARACTERS}",
    ),
    (
        "LogBatch",
        {"run_id": RUN, "metrics": [point(), point(timestamp=-1)]},
        "Invalid value -1 for parameter 'metrics[1].timestamp' supplied: metric 'k' (value=1.0). Timestamp must be a "
        "nonnegative long (64-bit integer) ",
    ),
    (
        "LogBatch",
        {"run_id": RUN, "params": [{"key": "?"}]},
        f"Invalid value \"?\" for parameter 'params[0].key' supplied: {CHARACTERS}",
    ),
    ("LogBatch", {"run_id": RUN, "params": [{"key": "k" * 251}]}, too_long("Param key", 250)),
    ("LogBatch", {"run_id": RUN, "tags": [{"key": "a"}, {"key": "k" * 251}]}, too_long("tags[1].key", 250)),
    (
        "LogBatch",
        {"run_id": RUN, "params": [{"key": "q", "value": "1"}, {"key": "q", "value": "1"}]},
        "Duplicate parameter keys have been submitted: ['q']. "
        "Please ensure the request contains only one param value per param key.",
    ),
    ("LogBatch", {"run_id": RUN, "metrics": [point()] * 1001}, over_the_batch("metrics", 1000, 1001)),
    (
        "LogBatch",
        {"run_id": RUN, "params": [{"key": f"p{n}"} for n in range(101)]},
        over_the_batch("params", 100, 101),
    ),
    ("LogBatch", {"run_id": RUN, "tags": [{"key": "t"}] * 101}, over_the_batch("tags", 100, 101)),
    (
        "LogBatch",
        {"run_id": RUN, "metrics": [point()] * 999, "tags": [{"key": "t"}] * 2},
        over_the_batch("metrics, params, and tags", 1000, 1001),
    ),
    ("LogInputs", {"run_id": "x!"}, "Invalid value \"x!\" for parameter 'run_id' supplied."),
    ("LogInputs", {"run_id": RUN, "datasets": [{}]}, missing("datasets[0].dataset")),
    *(
        (
            "LogInputs",
            {"run_id": RUN, "datasets": [{"dataset": {**DATASET, name: "x" * (limit + 1)}}]},
            too_long(name, limit),
        )
        for name, limit in [("name", 500), ("digest", 36), ("source", 65535), ("schema", 1048575)]
    ),
    (
        "LogInputs",
        {"run_id": RUN, "datasets": [{"dataset": DATASET, "tags": [{"key": "k" * 256}]}]},
        too_long("key", 255),
    ),
    (
        "LogInputs",
        {"run_id": RUN, "datasets": [{"dataset": DATASET, "tags": [{"key": "k", "value": "x" * 501}]}]},
        too_long("value", 500),
    ),
    ("LogOutputs", {"run_id": RUN}, missing("models")),
    ("LogOutputs", {"run_id": RUN, "models": [{"model_id": "m" * 251}]}, too_long("model_id", 250)),
    ("LogModel", {"run_id": RUN, "model_json": "x"}, "Malformed model info. \n x \n is not a valid JSON."),
    ("LogModel", {"run_id": RUN, "model_json": "[]"}, "Malformed model info. \n [] \n is not a valid JSON."),
    (
        "LogModel",
        {"run_id": RUN, "model_json": '{"flavors": {}, "run_id": ""}'},
        "Model json is missing mandatory fields: ['artifact_path', 'utc_time_created']",
    ),
    ("SearchRuns", {"experiment_ids": [""]}, no_experiment("")),
    ("SearchRuns", {"max_results": 0}, not_positive(0)),
    ("SearchRuns", {"max_results": -1}, not_positive(-1)),
    (
        "SearchRuns",
        {"max_results": 50001},
        f"Invalid value 50001 for parameter 'max_results' supplied:  Hint: Value was of type 'int'.{SEE}",
    ),
    ("GetMetricHistory", {"run_id": RUN}, missing("metric_key")),
    ("GetMetricHistory", {"run_id": RUN, "metric_key": "k", "max_results": 0}, not_positive(0) + "."),
    ("GetMetricHistory", {"run_id": RUN, "metric_key": "k" * 251}, too_long("metric_key", 250)),
    ("GetMetricHistoryBulk", {}, "GetMetricHistoryBulk request must specify at least one run_id."),
    ("GetMetricHistoryBulk", {"run_id": ["a"]}, "GetMetricHistoryBulk request must specify a metric_key."),
    (
        "GetMetricHistoryBulk",
        {"run_id": ["a"] * 101, "metric_key": "k"},
        "GetMetricHistoryBulk request cannot specify more than 100 run_ids. Received 101 run_ids.",
    ),
    ("GetMetricHistoryBulkInterval", {"metric_key": "k"}, missing("run_ids")),
    (
        "GetMetricHistoryBulkInterval",
        {"run_ids": ["a"] * 101, "metric_key": "k"},
        f"GetMetricHistoryBulkInterval request must specify at most 100 run_ids. Received 101 run_ids.{SEE}",
    ),
    *(
        (
            "GetMetricHistoryBulkInterval",
            {"run_ids": ["a"], "metric_key": "k", "max_results": count},
            f"max_results must be between 1 and 2500.{SEE}",
        )
        for count in (0, 2501)
    ),
    (
        "GetMetricHistoryBulkInterval",
        {"run_ids": ["a"], "metric_key": "k", "start_step": 1},
        "If either start step or end step are specified, both must be specified.",
    ),
    (
        "GetMetricHistoryBulkInterval",
        {"run_ids": ["a"], "metric_key": "k", "start_step": 5, "end_step": 2},
        "end_step must be greater than start_step. Found start_step=5 and end_step=2.",
    ),
]

TWICE = [{"key": "a", "value": "1"}, {"key": "a", "value": "1"}]

OTHERWISE_REFUSED: list[tuple[str, dict[str, Any], type[errors.CumulogError]]] = [
    ("CreateExperiment", {"name": "e", "tags": TWICE}, errors.ResourceAlreadyExists),
    ("CreateRun", {}, errors.BadRequest),
    ("CreateRun", {"experiment_id": ""}, errors.BadRequest),
    ("CreateRun", {"experiment_id": "1", "tags": TWICE}, errors.BadRequest),
    ("CreateRun", {"start_time": "x"}, errors.InvalidParameterValue),
    ("GetRun", {"run_id": "x" * 257}, errors.ResourceDoesNotExist),
    ("GetExperimentByName", {"experiment_name": "x" * 501}, errors.ResourceDoesNotExist),
]

FOREIGN_STORES = [
    "http://h/x",
    "HTTPS://h",
    "ftp:/x",
    "hdfs://h/x",
    "abfss://f@a.dfs/x",
    "mlflow-artifacts://h/x",
    "s3://[",
]


@pytest.mark.parametrize(("model", "fields", "held"), TAKEN)
def test_a_proper_request_is_held_in_canonical_form(model: str, fields: dict[str, Any], held: dict[str, Any]) -> None:
    request = parse(model, fields)

    assert {name: getattr(request, name) for name in held} == held


@pytest.mark.parametrize(("model", "fields", "message"), REFUSED)
def test_an_improper_request_is_refused_in_the_words_of_mlflow(
    model: str, fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(errors.InvalidParameterValue) as refusal:
        parse(model, fields)

    assert refusal.value.message == message


@pytest.mark.parametrize(("model", "fields", "error"), OTHERWISE_REFUSED)
def test_some_requests_are_refused_with_a_code_of_their_own(
    model: str, fields: dict[str, Any], error: type[errors.CumulogError]
) -> None:
    with pytest.raises(errors.CumulogError) as refusal:
        parse(model, fields)

    assert type(refusal.value) is error


@pytest.mark.parametrize("location", FOREIGN_STORES)
def test_no_experiment_keeps_its_artifacts_on_a_host_of_the_callers_choice(location: str) -> None:
    with pytest.raises(errors.InvalidParameterValue):
        parse("CreateExperiment", {"name": "e", "artifact_location": location})


def test_the_values_of_a_batch_are_cut_like_those_of_single_calls() -> None:
    fields = {"run_id": RUN, "params": [{"key": "p", "value": "é" * 6001}], "tags": [{"key": "t", "value": "é" * 8001}]}

    batch = parse("LogBatch", fields)

    assert isinstance(batch, of_metrics.LogBatch)
    assert (len(batch.params[0].value), len(batch.tags[0].value)) == (6000, 8000)


def test_a_dataset_comes_with_its_schema() -> None:
    request = parse("LogInputs", {"run_id": RUN, "datasets": [{"dataset": {**DATASET, "schema": "{}"}}]})

    assert isinstance(request, of_runs.LogInputs)
    dataset = request.datasets[0].dataset
    assert (dataset.name, dataset.source_type, dataset.schema_, dataset.profile) == ("n", "local", "{}", None)


def test_a_history_of_several_runs_repeats_their_ids() -> None:
    request = of_metrics.GetMetricHistoryBulk.parse_query({"run_id": ["a", "b"], "metric_key": ["k"]})

    assert request.run_id == ["a", "b"]
