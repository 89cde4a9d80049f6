"""The catalogue through HTTP: what a search finds, what an entry tells, what is refused."""

import json
import pickle

import pytest

from chalicelib.catalogue import handler, manifest
from chalicelib.config import settings
from infra.local import pump
from tests import client as api

CATALOGUE = "/api/2.0/cumulog/catalogue"
RUN = "0123abc"

SKLEARN = """
flavors:
  python_function: {loader_module: mlflow.sklearn, python_version: 3.11.4}
  sklearn: {pickled_model: model.pkl, sklearn_version: 1.7.2}
mlflow_version: 3.17.2
signature: {inputs: '[{"type": "long", "required": true}]'}
saved_input_example_info: {artifact_path: input_example.json}
utc_time_created: 2026-11-23 10:00:00
"""
XGBOOST = "flavors: {xgboost: {xgb_version: 3.0.1}}"


def put(bucket, folder, text, **files):
    """A model folder in the bucket, and S3's event of its MLmodel as EventBridge delivers it."""
    for name, body in files.items():
        bucket.put_object(Key=f"{folder}/{name}", Body=body, ChecksumAlgorithm="SHA256")
    bucket.put_object(Key=f"{folder}/MLmodel", Body=text.encode(), ChecksumAlgorithm="SHA256")
    deliver(f"{folder}/MLmodel", "s3:ObjectCreated:Put")


def deliver(key, event):
    made = pump.event_of(json.dumps([settings().bucket, key, event]).encode())
    handler.catalogue_on_event(made, None)


def search(**asked):
    return api.send("GET", CATALOGUE, query=asked)


def paths(**asked):
    return {entry["path"] for entry in search(**asked).body["entries"]}


def entry(path):
    return api.send("GET", f"{CATALOGUE}/entry", query={"path": path})


@pytest.fixture
def models(bucket):
    """Two models of a run, a logged model and a broken one."""
    put(bucket, f"1/{RUN}/artifacts/sk", SKLEARN, **{"model.pkl": pickle.dumps([1, 2])})
    put(bucket, f"1/{RUN}/artifacts/xgb", XGBOOST)
    put(bucket, "2/models/m-1/artifacts", SKLEARN)
    put(bucket, "2/models/m-2/artifacts", "flavors: [")


SEARCHES = [
    ({}, {"sk", "xgb", "m-1", "m-2"}),
    ({"flavor": "sklearn"}, {"sk", "m-1"}),
    ({"flavor": "sklearn", "flavor_version": "1.7"}, {"sk", "m-1"}),
    ({"flavor": "sklearn", "flavor_version": "1.6"}, set()),
    ({"flavor": "xgboost", "flavor_version": "3"}, {"xgb"}),
    ({"flavor_version": "3.0"}, {"xgb"}),
    ({"flavor_version": "3.11"}, {"sk", "m-1"}),
    ({"experiment_id": "1"}, {"sk", "xgb"}),
    ({"experiment_id": "2", "flavor": "sklearn"}, {"m-1"}),
    ({"run_id": RUN}, {"sk", "xgb"}),
    ({"run_id": RUN, "flavor": "xgboost"}, {"xgb"}),
    ({"status": "FAILED"}, {"m-2"}),
    ({"status": "READY", "experiment_id": "2"}, {"m-1"}),
    ({"flavor": "nothing"}, set()),
]
SHORT = {
    f"1/{RUN}/artifacts/sk": "sk",
    f"1/{RUN}/artifacts/xgb": "xgb",
    "2/models/m-1/artifacts": "m-1",
    "2/models/m-2/artifacts": "m-2",
}


@pytest.mark.usefixtures("models")
def test_a_search_finds_what_has_all_that_is_asked_for():
    for asked, expected in SEARCHES:
        assert {SHORT[path] for path in paths(**asked)} == expected, asked


@pytest.mark.usefixtures("models")
def test_pages_follow_one_another_without_a_gap():
    seen, token = [], {}
    for _ in range(6):
        page = search(max_results=1, **token).body
        seen += [each["path"] for each in page["entries"]]
        if "next_page_token" not in page:
            break
        token = {"page_token": page["next_page_token"]}

    assert sorted(seen) == sorted(SHORT)


@pytest.mark.usefixtures("models")
def test_a_page_token_belongs_to_its_search():
    token = search(max_results=1).body["next_page_token"]

    answer = search(max_results=1, flavor="sklearn", page_token=token)

    assert answer.status == 400
    assert "belongs to another search" in answer.body["message"]


def test_a_logged_model_is_found_by_the_run_that_put_it_out(bucket):
    run_id = api.create_run(api.create_experiment())
    put(bucket, "1/models/m-7/artifacts", SKLEARN)
    api.done("/runs/outputs", run_id=run_id, models=[{"model_id": "m-7", "step": 0}])

    assert paths(run_id=run_id) == {"1/models/m-7/artifacts"}


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("asked", [f"1/{RUN}/artifacts/sk", f"1/{RUN}/artifacts/sk/MLmodel"])
def test_an_entry_tells_all_about_a_model(asked):
    found = entry(asked).body["entry"]

    assert found["status"] == "READY"
    assert (found["experiment_id"], found["run_id"]) == ("1", RUN)
    assert found["flavors"][1] == {
        "name": "sklearn",
        "version": "1.7.2",
        "configuration": {"pickled_model": "model.pkl", "sklearn_version": "1.7.2"},
    }
    assert found["signature"] == {"inputs": [{"type": "long", "required": True}]}
    assert found["input_example"] == {"artifact_path": "input_example.json"}
    assert found["mlflow_version"] == "3.17.2"
    assert found["utc_time_created"] == "2026-11-23 10:00:00"
    assert found["contains_pickle"]
    assert [(each["path"], each["pickle"]) for each in found["files"]] == [("MLmodel", False), ("model.pkl", True)]
    assert all(len(each["sha256"]) == 64 for each in found["files"])


def test_a_long_signature_is_kept_in_the_bucket(bucket):
    columns = ",".join(f'{{"name": "column {n}", "type": "double"}}' for n in range(3000))
    put(bucket, "1/models/m-9/artifacts", f"flavors: {{f: {{}}}}\nsignature: {{inputs: '[{columns}]'}}")

    found = entry("1/models/m-9/artifacts").body["entry"]

    assert len(found["signature"]["inputs"]) == 3000


@pytest.mark.usefixtures("models")
def test_a_broken_file_says_why():
    found = entry("2/models/m-2/artifacts").body["entry"]

    assert found["status"] == "FAILED"
    assert "not valid YAML" in found["reason"]


def test_a_model_that_was_copied_is_ready_and_says_whose_it_was(bucket):
    put(bucket, f"1/{RUN}/artifacts/copy", f"{SKLEARN}run_id: 9876fedc\n")

    found = entry(f"1/{RUN}/artifacts/copy").body["entry"]

    assert (found["status"], found["run_id"]) == ("READY", RUN)
    assert [each["name"] for each in found["flavors"]] == ["python_function", "sklearn"]
    assert found["notes"] == [f"MLmodel names the run '9876fedc', but it is in the folder of '{RUN}'."]
    assert search(run_id="9876fedc").body["entries"] == []
    assert search(run_id=RUN).body["entries"][0]["notes"] == found["notes"]


def test_a_signature_that_is_too_long_is_cut_and_says_so(bucket):
    columns = ", ".join(f'{{"type": "double", "name": "measurement_of_sensor_{n:05}"}}' for n in range(6_000))
    put(bucket, "1/models/m-8/artifacts", f"flavors: {{f: {{}}}}\nsignature: {{inputs: '[{columns}]', outputs: '[]'}}")

    found = entry("1/models/m-8/artifacts").body["entry"]

    assert (found["status"], found["signature_cut"]) == ("READY", True)
    assert 4_000 < len(found["signature"]["inputs"]) < 6_000
    assert "signature.inputs is too long" in found["notes"][0]


def test_infinite_defaults_of_a_signature_are_text(bucket):
    put(
        bucket,
        "1/models/m-5/artifacts",
        """flavors: {f: {}}\nsignature: {params: '[{"default": NaN}, {"default": 1e999}]'}""",
    )

    found = entry("1/models/m-5/artifacts").body["entry"]

    assert (found["status"], found["signature_cut"]) == ("READY", False)
    assert found["signature"] == {"params": [{"default": "NaN"}, {"default": "Infinity"}]}


def test_the_largest_entry_fits_into_a_reply(bucket):
    text = "\\u0001" * 120_000
    part = "'[" + '"",' * 90_000 + '""]\''
    put(
        bucket,
        "1/models/m-6/artifacts",
        f'flavors: {{f: {{a: "{text}"}}}}\nsaved_input_example_info: {{a: "{text[:360_000]}"}}\n'
        f"signature: {{inputs: {part}, outputs: {part}, params: {part}}}",
    )

    answer = entry("1/models/m-6/artifacts")

    assert answer.status == 200
    assert len(answer.body["entry"]["flavors"][0]["configuration"]["a"]) == 120_000


def test_the_environment_files_are_named(bucket):
    put(bucket, "1/models/m-3/artifacts", XGBOOST, **{"conda.yaml": b"x", "requirements.txt": b"y", "other.txt": b"z"})

    assert entry("1/models/m-3/artifacts").body["entry"]["environment"] == ["conda.yaml", "requirements.txt"]


def test_a_file_too_large_is_not_even_read(bucket):
    put(bucket, "1/models/m-4/artifacts", "#" * (manifest.MAX_BYTES + 1))

    assert "larger than" in entry("1/models/m-4/artifacts").body["entry"]["reason"]


@pytest.mark.usefixtures("models")
def test_a_deleted_model_is_gone(bucket):
    key = "2/models/m-1/artifacts/MLmodel"
    bucket.Object(key).delete()

    deliver(key, "s3:ObjectRemoved:Delete")

    assert entry(key).status == 404
    assert "2/models/m-1/artifacts" not in paths()


WRONG = [
    ({"max_results": 0}, "max_results"),
    ({"max_results": 201}, "max_results"),
    ({"status": "DELETED"}, "status"),
    ({"experiment_id": "x"}, "experiment"),
    ({"flavor": "f" * 301}, "flavor"),
    ({"page_token": "zz"}, "page_token"),
]


@pytest.mark.parametrize(("asked", "named"), WRONG)
def test_a_wrong_question_is_refused(asked, named):
    answer = search(**asked)

    assert answer.status == 400
    assert named in answer.body["message"]


@pytest.mark.parametrize("path", ["../MLmodel", "/etc/passwd", "1/run/artifacts/../../x", "1/run/artifacts\x00", "x"])
def test_a_path_outside_the_layout_is_refused(path):
    assert entry(path).status == 400


def test_an_unknown_model_is_a_404():
    assert entry("1/run/artifacts/nothing").status == 404
