"""Every text at its limit and one character over it, in one-byte and in four-byte characters.

At its limit it is stored and read back as it was sent. Over it, it is cut where MLflow cuts; elsewhere the request is
refused and nothing of it is stored.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests import client as api
from tests.api import scenes, stored

CASES = scenes.cases("lengths")

# The second is a letter too, so that it may stand in a key.
CHARACTERS = ["x", "𝛼"]
TEXTS = pytest.mark.parametrize("character", CHARACTERS, ids=["one byte", "four bytes"])

pytestmark = pytest.mark.usefixtures("bucket")


def cases(cut: bool) -> Any:
    chosen = [case for case in CASES if case.get("cut", False) is cut]
    return pytest.mark.parametrize("case", chosen, ids=lambda case: case["what"])


def sent(case: dict[str, Any], text: str, run_id: str, experiment_id: str) -> api.Answer:
    """The request with this text in it, in UTF-8: escaped to ASCII, a character of four bytes would take twelve."""
    fields = scenes.filled(case["fields"], {"run": run_id, "experiment": experiment_id, "text": text})
    return api.send("POST", api.PREFIX + case["path"], json.dumps(fields, ensure_ascii=False).encode())


def shown() -> set[str]:
    """Every text that searches show of all experiments and runs."""
    found = api.done("/experiments/search", max_results=100)["experiments"]
    ids = [each["experiment_id"] for each in found]
    return set(texts([found, api.done("/runs/search", experiment_ids=ids)]))


def texts(message: Any) -> Iterator[str]:
    if isinstance(message, str):
        yield message
    elif isinstance(message, dict):
        for inner in message.values():
            yield from texts(inner)
    elif isinstance(message, list):
        for inner in message:
            yield from texts(inner)


@pytest.mark.sampled(keep=1, by="case")
@TEXTS
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_a_text_at_its_limit_is_stored_as_it_is(
    case: dict[str, Any], character: str, run_id: str, experiment_id: str
) -> None:
    # What a run holds must fit into a reply, which counts bytes.
    most = min(case["most"], case.get("most_bytes", case["most"] * 4) // len(character.encode()))
    text = character * most

    answer = sent(case, text, run_id, experiment_id)

    assert answer.status == 200, answer.body
    assert {text, f"s3://bucket/{text}"} & shown()


@TEXTS
@cases(cut=False)
def test_a_text_over_its_limit_is_refused_and_nothing_is_stored(
    case: dict[str, Any], character: str, run_id: str, experiment_id: str
) -> None:
    before = stored.items()

    answer = sent(case, character * (case["most"] + 1), run_id, experiment_id)

    assert (answer.status, answer.body["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert "maximum length" in answer.body["message"] or "Invalid artifact path length" in answer.body["message"]
    assert stored.items() == before


@TEXTS
@cases(cut=True)
def test_a_value_over_its_limit_is_cut_where_mlflow_cuts(
    case: dict[str, Any], character: str, run_id: str, experiment_id: str
) -> None:
    answer = sent(case, character * case["most"] + "!", run_id, experiment_id)

    assert answer.status == 200, answer.body
    assert character * case["most"] in shown()


@TEXTS
def test_a_name_too_long_for_any_experiment_and_an_id_too_long_for_any_run_are_not_found(character: str) -> None:
    unknown_name = api.get("/experiments/get-by-name", experiment_name=character * 501)
    unknown_run = api.get("/runs/get", run_id=character * 257)

    assert [answer.status for answer in (unknown_name, unknown_run)] == [404, 404]


@TEXTS
def test_the_history_of_a_metric_is_asked_for_by_a_key_of_at_most_250_characters(character: str, run_id: str) -> None:
    statuses = [
        api.get("/metrics/get-history", run_id=run_id, metric_key=character * length).status for length in (250, 251)
    ]

    assert statuses == [200, 400]


@pytest.mark.parametrize(
    ("metrics", "params", "tags", "status"),
    [
        (1000, 0, 0, 200),
        (1001, 0, 0, 400),
        (0, 100, 100, 200),
        (0, 101, 0, 400),
        (0, 0, 101, 400),
        (900, 50, 50, 200),
        (900, 50, 51, 400),
    ],
)
def test_a_batch_holds_1000_things_of_which_100_params_and_100_tags(
    run_id: str, metrics: int, params: int, tags: int, status: int
) -> None:
    before = stored.items()

    answer = api.post(
        "/runs/log-batch",
        run_id=run_id,
        metrics=[{"key": f"m{number}", "value": number, "timestamp": 1} for number in range(metrics)],
        params=[{"key": f"p{number}", "value": "v"} for number in range(params)],
        tags=[{"key": f"t{number}", "value": "v"} for number in range(tags)],
    )

    assert answer.status == status
    data = api.run_data(run_id)
    del data["tags"]["mlflow.runName"]
    counts = (len(data["metrics"]), len(data["params"]), len(data["tags"]))
    assert counts == ((metrics, params, tags) if status == 200 else (0, 0, 0))
    assert (stored.items() == before) is (status != 200)


@TEXTS
def test_a_search_asks_for_keys_of_at_most_250_characters(character: str, experiment_id: str) -> None:
    def statuses(length: int) -> set[int]:
        key = character * length
        filters = [
            f"{kind}.`{key}` {rest}" for kind, rest in (("metrics", "> 1"), ("params", "= 'x'"), ("tags", "!= 'x'"))
        ]
        orders = [f"{kind}.`{key}` DESC" for kind in ("metrics", "params", "tags")]
        asked = [{"filter": text} for text in filters] + [{"order_by": [text]} for text in orders]
        found = {api.post("/runs/search", experiment_ids=[experiment_id], **each).status for each in asked}
        found.add(api.post("/experiments/search", max_results=1, filter=f"tags.`{key}` = 'x'").status)
        found.add(api.get("/registered-models/search", filter=f"tags.`{key}` = 'x'").status)
        found.add(api.get("/model-versions/search", filter=f"tags.`{key}` = 'x'").status)
        found.add(_models(experiment_id, order_by=[{"field_name": f"metrics.{key}"}]))
        return found

    assert (statuses(250), statuses(251)) == ({200}, {400})
    assert [_models(experiment_id, filter=f"params.`{character * length}` = 'x'") for length in (255, 256)] == [
        200,
        400,
    ]
    assert _models(experiment_id, filter=f"params.`{character * 40_000}` = 'x'") == 400


@TEXTS
def test_a_search_of_logged_models_names_datasets_that_can_have_been_logged(character: str, experiment_id: str) -> None:
    def status(name: int, digest: int, count: int = 1) -> int:
        one = {"dataset_name": character * name, "dataset_digest": character * digest}
        return _models(experiment_id, datasets=[one] * count)

    assert [status(500, 36), status(501, 36), status(500, 37), status(1, 1, 100), status(1, 1, 101)] == [
        200,
        400,
        400,
        200,
        400,
    ]


def _models(experiment_id: str, **fields: Any) -> int:
    return api.post("/logged-models/search", experiment_ids=[experiment_id], **fields).status
