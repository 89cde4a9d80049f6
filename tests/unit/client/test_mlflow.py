"""The plugin's own rules, without a server. How it works with one is shown in tests/e2e_local/test_plugin.py."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.protos.service_pb2 import Run as ProtoRun
from mlflow.utils.proto_json_utils import parse_dict

from cumulog._fluent.entities import run_of
from cumulog._http.wire import Reply
from cumulog._mlflow import CumulogArtifactRepository
from cumulog._transfer.api import Api

SOURCE = Path(__file__).resolve().parents[3] / "client/python/src"


def repository(*replies, uri="mlflow-artifacts:/1/run/artifacts", server="http://server/prefix"):
    """A repository whose server gives these replies in turn, and the list of what it was asked."""
    asked, left = [], list(replies)

    def send(*request):
        asked.append(request)
        return left.pop(0)

    made = CumulogArtifactRepository(uri, server)
    made._api = Api(made._api.url, send)
    return made, asked


def listing(*names):
    return Reply(200, json.dumps({"files": [{"path": n, "is_dir": False, "file_size": 1} for n in names]}).encode())


def error(status, code):
    return Reply(status, json.dumps({"error_code": code, "message": "why"}).encode())


@pytest.mark.parametrize(
    ("uri", "root"),
    [
        ("mlflow-artifacts:/1/run/artifacts", "1/run/artifacts"),
        ("mlflow-artifacts:/1/models/m-1/artifacts", "1/models/m-1/artifacts"),
        ("mlflow-artifacts:/", ""),
    ],
)
def test_the_root_is_what_stands_behind_the_scheme(uri, root):
    made, _ = repository(uri=uri, server="http://server")

    assert (made._api.url, made._root) == ("http://server", root)


def test_the_prefix_of_the_tracking_uri_is_kept():
    made, _ = repository()

    assert made._api.url == "http://server/prefix"


def test_entries_have_paths_from_the_root_and_are_sorted():
    made, asked = repository(listing("b", "a"))

    assert [info.path for info in made.list_artifacts("folder")] == ["folder/a", "folder/b"]
    assert asked[0][2]["path"] == "1/run/artifacts/folder"


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "a/../../b", "a\\b"])
def test_a_listing_that_would_lead_out_is_refused(tmp_path, name):
    for call in (lambda made: made.list_artifacts(), lambda made: made.download_artifacts("", str(tmp_path))):
        made, asked = repository(listing("good", name))

        with pytest.raises(MlflowException, match="Refusing the name"):
            call(made)

        assert len(asked) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_becomes_mlflow_s_exception():
    made, _ = repository(error(403, "PERMISSION_DENIED"))

    with pytest.raises(MlflowException, match="PERMISSION_DENIED: why") as caught:
        made.list_artifacts()

    assert caught.value.error_code == "PERMISSION_DENIED"


def test_an_empty_root_is_downloaded_as_an_empty_folder(tmp_path):
    made, _ = repository(listing())

    assert made.download_artifacts("", str(tmp_path)) == str(tmp_path)


@pytest.mark.parametrize("missing", [True, False])
def test_a_target_that_is_no_folder_is_refused(tmp_path, missing):
    target = tmp_path / "target"
    if not missing:
        target.touch()
    made, asked = repository()

    with pytest.raises(MlflowException, match="destination"):
        made.download_artifacts("file", str(target))

    assert asked == []


def test_a_download_takes_a_path_in_other_words(tmp_path):
    made, asked = repository(listing(), error(404, "RESOURCE_DOES_NOT_EXIST"))

    with pytest.raises(MlflowException):
        made.download_artifacts("./d//x/", str(tmp_path))

    assert asked[0][2]["path"] == "1/run/artifacts/d/x"
    assert asked[1][3] == {"paths": ["1/run/artifacts/d/x"]}


def test_a_run_as_plain_data_has_the_content_of_mlflow_s():
    info = {"run_id": "r", "run_name": "n", "experiment_id": "7", "user_id": "u", "status": "FINISHED"}
    info |= {"start_time": 1, "end_time": 2, "artifact_uri": "s3://b/7/r", "lifecycle_stage": "active"}
    points = [{"key": "loss", "value": 0.5, "timestamp": 3, "step": 4}]
    pairs = [{"key": "a", "value": "b"}]
    dataset = {"name": "wine", "digest": "d", "source_type": "local", "source": "wine.csv", "profile": "p"}
    message = {
        "info": info,
        "data": {"metrics": points, "params": pairs, "tags": pairs},
        "inputs": {"dataset_inputs": [{"dataset": dataset, "tags": pairs}], "model_inputs": [{"model_id": "m-1"}]},
        "outputs": {"model_outputs": [{"model_id": "m-2", "step": 5}]},
    }
    running = {**message, "info": {name: info[name] for name in info if name != "end_time"}, "inputs": {}}
    del running["outputs"]

    for each in (message, running):
        proto = ProtoRun()
        parse_dict(each, proto)
        theirs, ours = Run.from_proto(proto), run_of(each)

        wanted = theirs.to_dictionary()
        # MLflow leaves these as objects, which are no plain data.
        wanted["inputs"]["model_inputs"] = [dict(model) for model in theirs.inputs.model_inputs]
        assert ours.to_dictionary() == wanted
        assert dict(ours.info) == dict(theirs.info)
        assert ours.data.to_dictionary() == theirs.data.to_dictionary()


def test_the_plugin_is_whole_when_it_is_imported_before_mlflow_which_loads_it(tmp_path):
    installed = tmp_path / "cumulog-0.1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Name: cumulog\nVersion: 0.1.0\n")
    plugin = "cumulog._mlflow:CumulogArtifactRepository"
    (installed / "entry_points.txt").write_text(f"[mlflow.artifact_repository]\nmlflow-artifacts = {plugin}\n")
    script = """
import cumulog._mlflow.artifacts
from mlflow.store.artifact import artifact_repository_registry as registry
print(registry.get_artifact_repository("mlflow-artifacts:/1", "http://server").__class__.__module__)
"""

    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": f"{SOURCE}{os.pathsep}{tmp_path}"},
        capture_output=True,
        text=True,
    )

    assert done.stdout.strip() == "cumulog._mlflow.artifacts", done.stderr
