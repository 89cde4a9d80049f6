"""The client package as a user has it: installed beside mlflow, found by its entry point, not named in the script."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests

import cumulog
from infra.local import engines, stack
from infra.local.settings import REPOSITORY
from tests import servers
from tests.e2e_local.counting_proxy import counting
from tests.e2e_local.losing_proxy import losing
from tests.sampling import times

pytestmark = pytest.mark.skipif(engines.installed() != (True, True), reason="dynoxide or ministack is not installed")

MIB = 1 << 20
SCRIPT = REPOSITORY / "tests" / "e2e_local" / "plugin_script.py"
ODD_NAMES = ["a b", "ü", "日本語", "100%", "%41", "a+b", "#x", "q?x", "a&b=c", "~", "e'\"f", "empty"]
LARGE = times([40_000_000], nightly=[100_000_000, 600_000_000])
# What jobs of each platform run.
PAGE = (REPOSITORY / "infra" / "docs" / "jobs.md").read_text()
JOB = re.findall("```python\n(.+?)```", PAGE, re.S)[0]
HANDLER = re.findall("## Lambda\n\n```text\n(.+?)```", PAGE, re.S)[0]
NAMES = ("SLURM_JOB_ID", "AWS_BATCH_JOB_ID", "TRAINING_JOB_NAME", "GITHUB_RUN_ID", "JOB")
CALLED_TWICE = """
for _ in range(2):
    handler({"id": "event 1", "rows": 5}, None)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder for PYTHONPATH into which pip installed the package, built from a copy: building leaves files about."""
    source = shutil.copytree(REPOSITORY / "client" / "python", tmp_path_factory.mktemp("source") / "python")
    target = tmp_path_factory.mktemp("installed")
    words = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target", str(target), str(source)]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)
    return target


def new_root(url):
    """Where the artifacts of a new run lie below the bucket's root."""
    run = requests.post(f"{url}/api/2.0/mlflow/runs/create", json={"experiment_id": "0"}, timeout=30).json()["run"]
    return run["info"]["artifact_uri"].removeprefix("mlflow-artifacts:/")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with stack.running(tmp_path_factory.mktemp("stack") / "data") as ours:
        yield ours


def play(tracking_uri, installed, folder, target):
    """Run the script; what it saw."""
    target.mkdir()
    words = [str(SCRIPT), tracking_uri, str(folder), str(target)]
    return seen_by(words, installed, MLFLOW_HTTP_REQUEST_MAX_RETRIES="0", XDG_CACHE_HOME=str(target.parent / "cache"))


def seen_by(words, installed, **variables):
    """What a script prints as JSON, which has the package installed beside MLflow."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")},
        "PYTHONPATH": str(installed),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
        **variables,
    }
    words = [sys.executable, *words]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))


def digests(folder):
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256()
            with path.open("rb") as file:
                while block := file.read(MIB):
                    digest.update(block)
            found[str(path.relative_to(folder))] = digest.hexdigest()
    return found


def random_file(path, size):
    with path.open("wb") as file:
        for left in range(size, 0, -MIB):
            file.write(os.urandom(min(left, MIB)))


def folder_of(names, tmp_path):
    """Files of these names, in a folder below; the one named `empty` is."""
    top = tmp_path / "folder"
    (top / "one").mkdir(parents=True)
    for name in names:
        (top / "one" / name).write_bytes(b"" if name == "empty" else name.encode())
    return top


@pytest.mark.sampled(keep=1, of="long scripts")
def test_odd_names_and_empty_files_round_trip(running, installed, tmp_path):
    folder = folder_of(ODD_NAMES, tmp_path)

    seen = play(running.url, installed, folder, tmp_path / "target")

    assert seen["repository"] == "CumulogArtifactRepository"
    assert "IdempotencyKey" in seen["providers"]
    assert seen["listed"] == {f"logged/one/{n}": len(n.encode()) if n != "empty" else None for n in ODD_NAMES}
    assert seen["of a file"] == []
    assert seen["downloaded"] == str(tmp_path / "target" / "logged")
    # MLflow's rule for `client.download_artifacts` of a single file: it comes without its folders.
    assert seen["one"] == str(tmp_path / "target" / "a b")
    assert digests(Path(seen["downloaded"])) == digests(folder)


@pytest.mark.sampled(keep=1, of="long scripts")
@pytest.mark.parametrize("size", LARGE)
def test_large_files_round_trip_and_pass_by_the_handlers(running, installed, tmp_path, size):
    folder = folder_of(["a b"], tmp_path)
    random_file(folder / "large", size)

    with counting(running.url) as counter:
        seen = play(counter.url, installed, folder, tmp_path / "target")

    assert digests(Path(seen["downloaded"])) == digests(folder)
    # With all that mlflow asks besides, both ways and heads included.
    assert counter.passed < 100_000


class BreaksOff(cumulog.Api):
    """A server that signs the parts of two requests and is gone at the third."""

    signed = 0
    left = 2

    def sign_parts(self, path, upload_id, parts):
        if self.left == 0:
            raise cumulog.ApiError(0, "TEMPORARILY_UNAVAILABLE", "gone")
        self.left -= 1
        self.signed += len(parts)
        return super().sign_parts(path, upload_id, parts)


def test_an_upload_that_broke_off_is_resumed_by_what_s3_says(running, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    local = tmp_path / "large"
    random_file(local, 20 * 8 * MIB)
    path = f"{new_root(running.url)}/large"
    first, second = BreaksOff(running.url), BreaksOff(running.url)

    with pytest.raises(cumulog.ApiError, match="gone"):
        cumulog.upload({path: local}, first)
    cumulog.upload({path: local}, second)
    [downloaded] = cumulog.download([path], tmp_path / "target", second, root=path.rpartition("/")[0])

    # Four parts and eight, of which some may not have been begun when the rest was called off.
    assert first.signed == 12
    assert 8 <= second.signed < 20
    assert digests(downloaded.parent) == {"large": digests(tmp_path)["large"]}


@pytest.mark.sampled(keep=1, of="long scripts")
def test_another_mlflow_server_is_served_as_before(installed, tmp_path):
    # Without those on which MLflow's own client fails.
    folder = folder_of(set(ODD_NAMES) - {"#x", "q?x", "%41", "100%"}, tmp_path)

    with servers.mlflow(tmp_path / "mlflow") as theirs:
        seen = play(theirs, installed, folder, tmp_path / "target")

    assert digests(Path(seen["downloaded"])) == digests(folder)


def test_of_each_thing_whose_reply_was_lost_there_is_one(running, installed):
    with losing(running.url) as (url, lost):
        words = [str(SCRIPT.with_name("creating_script.py")), url]
        seen = seen_by(words, installed, MLFLOW_HTTP_REQUEST_MAX_RETRIES="2", MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR="0")

    assert len(lost) == 4
    assert seen == {"runs": [True], "versions": ["1"]}


def started(url, installed, folder, text, **variables):
    """A process that runs the text, knows the server, and nothing of the machine's other jobs."""
    env = {name: value for name, value in os.environ.items() if name not in NAMES and not name.startswith("MLFLOW_")}
    told = {
        "PYTHONPATH": str(installed),
        "MLFLOW_TRACKING_URI": url,
        "MLFLOW_EXPERIMENT_ID": "0",
        "CUMULOG_JOURNAL": str(folder / "journal"),
    }
    return subprocess.Popen([sys.executable, "-c", text], env={**env, **told, **variables})


def found(url, pattern):
    reply = cumulog.Client(url).runs.search(experiment_ids=["0"], filter=pattern)
    return [(run["info"]["status"], len(run["data"].get("metrics", ()))) for run in reply.get("runs", ())]


@pytest.mark.sampled(keep=1)
@pytest.mark.parametrize("name", NAMES)
def test_two_processes_of_a_job_and_its_next_attempt_are_one_run(running, installed, tmp_path, name):
    for processes in (2, 1):
        each = [started(running.url, installed, tmp_path, JOB, **{name: "4711"}) for _ in range(processes)]
        assert {process.wait(60) for process in each} == {0}

    assert found(running.url, f"attributes.run_name = '{name} 4711'") == [("FINISHED", 1)]


def test_a_handler_that_is_called_again_goes_on_with_its_run(running, installed, tmp_path):
    assert started(running.url, installed, tmp_path, HANDLER + CALLED_TWICE).wait(60) == 0

    assert found(running.url, "metrics.rows = 5") == [("FINISHED", 1)]


@pytest.mark.sampled(keep=1, of="long scripts")
def test_the_functions_answer_and_store_what_mlflow_does(running, installed, tmp_path):
    words = [str(SCRIPT.with_name("fluent_script.py")), running.url]
    seen = seen_by(words, installed, CUMULOG_JOURNAL=str(tmp_path / "journal"))

    assert set(seen.values()) == {True}
    assert len(seen) == 5
