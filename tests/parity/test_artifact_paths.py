"""Artifact paths in every form: MLflow's client and page find on ours what they find on MLflow's server."""

import gc
import posixpath
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
import pytest
import requests
from mlflow.exceptions import MlflowException

from chalicelib import clock
from tests.parity.compare import Pair
from tests.parity.stock_client import on_both
from tests.sampling import some

# MLflow's client does not close the reply to a download that was refused.
pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")

FILES = {"top.txt": "1", "empty.txt": "", "d/two.txt": "22", "d/b/three.txt": "333", "d e/ü+%.txt": "4444"}
FOLDERS = [None, "", ".", "./", "d", "d/", "./d", "d/.", "d/b", "d//b", "d/./b", "d/b/", ".//d", "./d//b/.", "d e/"]
PATHS = ["top.txt", "./top.txt", "top.txt/", "d/two.txt", "d//two.txt", "d/./two.txt", "./d/two.txt", "d/b/three.txt/."]
PATHS += ["empty.txt", "d e//ü+%.txt"]
# Not among them is a name that holds `#`: MLflow does not look for it, ours does, because our own client may store it.
REFUSED = ["..", "../x", "d/..", "d/../top.txt", "/d", "//d", "/", "d/%2e%2e/top.txt"]
MISSING = ["none", "none/", "d/none.txt"]

# A path under which a file is uploaded, and the path that it has then; None if it is refused.
IN_URLS = {"f/a.txt": "f/a.txt", "f//b.txt": "f/b.txt", "/c.txt": "c.txt", "x%23y": None, "f/a%2523b": None, "f/": None}
IN_QUERIES = {"f/a.txt": "f/a.txt", "f//b.txt": "f/b.txt", "/c.txt": None, "x#y": None, "f/a%23b": None}
IN_QUERIES |= {"../c.txt": None, "f/../c.txt": None, "f/%2e%2e/c.txt": None}


def forms_with(*shown: str | None) -> list[str | None]:
    """These forms of a path, and a sample of all others."""
    return [*shown, *some([each for each in [*FOLDERS, *PATHS, *MISSING, *REFUSED] if each not in shown], keep=5)]


def test_folders_are_listed_by_every_form_of_their_path(pair: Pair) -> None:
    forms = forms_with(None, ".", "./d//b/.", "empty.txt")

    def scenario() -> dict[str | None, Any]:
        run_id = filled()
        return {form: (listed(run_id, form), shown(run_id, form)) for form in forms}

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert ours["./d//b/."] == ([("three.txt", False, 3)], [("three.txt", False, 3)])
    assert ours["."] == ours[None]
    assert ours["empty.txt"] == ([], [])


def test_artifacts_are_downloaded_by_every_form_of_their_path(pair: Pair) -> None:
    forms = forms_with(None, ".", "d/./two.txt")

    def scenario() -> dict[str | None, Any]:
        run_id = filled()
        return {form: (downloaded(run_id, form), got(run_id, form)) for form in forms}

    theirs, ours = on_both(pair, scenario)
    gc.collect()

    assert ours == theirs
    assert ours["."][0] == ours[None][0] == FILES
    assert ours["d/./two.txt"] == ({"two.txt": "22"}, "22")


def test_uploads_are_taken_under_the_same_paths(pair: Pair) -> None:
    def scenario() -> dict[str, Any]:
        return {"put": {path: put(path) for path in IN_URLS}, "post": {path: posted(path) for path in IN_QUERIES}}

    theirs, ours = on_both(pair, scenario)

    assert ours == theirs
    assert (ours["put"], ours["post"]) == (IN_URLS, IN_QUERIES)


def filled() -> str:
    """A run with the files."""
    run_id = new_run()
    for path, text in FILES.items():
        mlflow.MlflowClient().log_text(run_id, text, path)
    return run_id


def new_run() -> str:
    client = mlflow.MlflowClient()
    experiment = client.create_experiment(f"paths {clock.unique_id()}")
    return str(client.create_run(experiment).info.run_id)


def listed(run_id: str, form: str | None) -> Any:
    """What the client lists: names, whether they are folders, sizes."""
    found = tried(lambda: mlflow.MlflowClient().list_artifacts(run_id, form))
    return found if isinstance(found, int) else [(name_of(each.path), each.is_dir, each.file_size) for each in found]


def shown(run_id: str, form: str | None) -> Any:
    """What the page lists."""
    query = {"run_id": run_id, "path": form} if form is not None else {"run_id": run_id}
    answer = requests.get(f"{server()}/api/2.0/mlflow/artifacts/list", params=query, timeout=60)
    if answer.status_code != 200:
        return answer.status_code
    return [(name_of(each["path"]), each["is_dir"], each.get("file_size")) for each in answer.json().get("files", [])]


def downloaded(run_id: str, form: str | None) -> Any:
    """The files that the client downloads, by their paths."""
    with tempfile.TemporaryDirectory() as folder:
        found = tried(lambda: mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=form, dst_path=folder))
        return found if isinstance(found, int) else files_below(Path(folder))


def got(run_id: str, form: str | None) -> Any:
    """The text that the page downloads, or the status."""
    answer = requests.get(f"{server()}/get-artifact", params={"run_id": run_id, "path": form or "."}, timeout=60)
    answer.encoding = "utf-8"
    return answer.text if answer.status_code == 200 else answer.status_code


def put(path: str) -> Any:
    """Where a file lies that was sent as the client sends it, None if it was refused."""
    run_id = new_run()
    root = mlflow.MlflowClient().get_run(run_id).info.artifact_uri.partition(":/")[2]
    url = f"{server()}/api/2.0/mlflow-artifacts/artifacts/{root}/{path}"
    return where(run_id, requests.put(url, data=b"x", timeout=60).status_code)


def posted(path: str) -> Any:
    """Where a file lies that the page sent; the path is not encoded there."""
    run_id = new_run()
    query = {"run_uuid": run_id, "path": path}
    url = f"{server()}/ajax-api/2.0/mlflow/upload-artifact"
    return where(run_id, requests.post(url, params=query, data=b"x", timeout=60).status_code)


def where(run_id: str, status: int) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="", dst_path=folder)
        found = list(files_below(Path(folder)))
    assert (len(found) == 1) == (status == 200), (status, found)
    return found[0] if found else None


def tried(call: Callable[[], Any]) -> Any:
    """What the call returns, or the status of the error."""
    try:
        return call()
    except MlflowException as error:
        return error.get_http_status_code()
    except requests.HTTPError as error:
        return error.response.status_code


def files_below(folder: Path) -> dict[str, str]:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_text() for name, path in sorted(found.items())}


def name_of(path: str) -> str:
    return posixpath.basename(path)


def server() -> str:
    return str(mlflow.get_tracking_uri())
