"""The local stack as its user meets it: `python -m infra.local` in a process of its own, ended in every way."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import botocore.session
import pytest

from infra.local import engines, folder, stack
from infra.local.settings import REPOSITORY

BUCKET = "cumulog-artifacts"
PAGE = "http://localhost:3000"
BOTH_ENGINES = pytest.mark.skipif(engines.installed() != (True, True), reason="dynoxide or ministack is not installed")


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture(scope="module")
def up(tmp_path_factory):
    """A stack for the tests that leave it as it is."""
    with stack.running(tmp_path_factory.mktemp("up") / "data") as running:
        yield running


def client(service, endpoint):
    session = botocore.session.Session()
    session.set_credentials("test", "test")
    return session.create_client(service, region_name="us-east-1", endpoint_url=endpoint)


def dynamodb(running):
    return client("dynamodb", running.dynamodb_endpoint)


def s3(running):
    return client("s3", running.s3_endpoint)


def put(running, number):
    put_item(dynamodb(running), number)
    s3(running).put_object(Bucket=BUCKET, Key=f"kept/{number}", Body=str(number).encode())


def put_item(client, number):
    if "Kept" not in client.list_tables()["TableNames"]:
        client.create_table(
            TableName="Kept",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "N"}],
            BillingMode="PAY_PER_REQUEST",
        )
    client.put_item(TableName="Kept", Item={"pk": {"N": str(number)}})


def kept_items(running):
    return sorted(int(item["pk"]["N"]) for item in dynamodb(running).scan(TableName="Kept")["Items"])


def kept_objects(running):
    listed = s3(running).list_objects_v2(Bucket=BUCKET, Prefix="kept/")["Contents"]
    bodies = (s3(running).get_object(Bucket=BUCKET, Key=entry["Key"])["Body"].read() for entry in listed)
    return sorted(int(body) for body in bodies)


def is_alive(pid):
    # A process that ended and that nobody has waited for yet is a zombie, which is dead enough.
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def all_gone(pids, seconds=60):
    deadline = time.monotonic() + seconds
    while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(is_alive(pid) for pid in pids)


def ask(url, method="GET", **headers):
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


ENDINGS = {
    "stop": lambda running: running.stop(),
    "kill the parent": lambda running: running.kill(),
    "kill everything": lambda running: running.kill_all(),
}


@pytest.mark.sampled(keep=2, of="what survives a kill")
@BOTH_ENGINES
def test_what_was_acknowledged_is_there_again_however_the_stack_ended(data):
    written = []

    for number, (name, end) in enumerate(ENDINGS.items()):
        running = stack.running(data)
        put(running, number)
        written.append(number)
        end(running)
        assert all_gone(running.engines.values()), name

    # The folder is older than this setting, which has to reach the bucket in it.
    with stack.running(data, environment={"CUMULOG_DASHBOARD_ORIGIN": PAGE}) as running:
        assert kept_items(running) == written
        assert kept_objects(running) == written
        assert_only_the_page_may_call(f"{running.s3_endpoint}/{BUCKET}/kept/0", refusal=403)
        assert_only_the_page_may_call(f"{running.url}/api/2.0/mlflow/runs/create", refusal=405)


def assert_only_the_page_may_call(url, refusal):
    wanted = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    assert ask(url, "OPTIONS", Origin=PAGE, **wanted)[0] in (200, 204)
    assert ask(url, "OPTIONS", Origin="http://evil.example", **wanted)[0] == refusal


@BOTH_ENGINES
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_end_it_cleanly(data, how):
    running = stack.running(data)

    running.process.send_signal(how)

    assert running.process.wait(60) == 0
    assert all_gone(running.engines.values(), seconds=0)
    assert folder.read_note(data) == {}
    assert "Traceback" not in running.log.read_text()


@BOTH_ENGINES
def test_an_engine_cannot_be_guessed_or_reset_from_a_web_page(up):
    assert not up.dynamodb_endpoint.startswith("http://127.0.0.1:")
    assert not up.s3_endpoint.startswith("http://127.0.0.1:")

    assert ask(f"{up.s3_endpoint}/_ministack/reset", "POST") == (403, b"")
    assert ask(up.s3_endpoint, Host="evil.example") == (403, b"")


def test_the_address_and_three_lines_for_a_training_script_are_printed(up):
    printed = up.log.read_text()

    assert f"Cumulog is ready at {up.url}\n" in printed
    assert str(up.data) in printed
    assert f'mlflow.set_tracking_uri("{up.url}")' in printed


def test_it_answers_only_to_this_machine_and_only_on_loopback(up):
    port = int(up.url.rpartition(":")[2])

    status, body = ask(f"{up.url}/health", Host="evil.example")

    assert status == 403
    assert json.loads(body)["error_code"] == "PERMISSION_DENIED"
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.9", port), timeout=5):
        pass


def test_an_unknown_path_answers_endpoint_not_found(up):
    status, body = ask(f"{up.url}/api/2.0/mlflow/nope")

    assert status == 404
    assert json.loads(body)["error_code"] == "ENDPOINT_NOT_FOUND"


def ended_start(data, port=0, **settings):
    """(exit code, what it said) of a stack that must not come up: on stdout if the code is 0, else on stderr."""
    env = {**os.environ, **settings, "CUMULOG_PORT": str(port), "CUMULOG_DATA": str(data)}
    ended = subprocess.run(
        [sys.executable, "-m", "infra.local"],
        cwd=REPOSITORY,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.stderr == "" or ended.returncode != 0
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stderr or ended.stdout


def test_a_second_start_says_where_the_first_is_and_leaves_it_alone(up, tmp_path):
    port = int(up.url.rpartition(":")[2])
    same, another_port, closed = (
        ended_start(up.data, port),
        ended_start(up.data, 1),
        ended_start(up.data, CUMULOG_ACCESS="closed"),
    )
    other = tmp_path / "other"
    another_folder = ended_start(other, port)

    assert ask(f"{up.url}/health")[0] == 200
    assert folder.read_note(up.data)["pid"] == up.process.pid
    codes, said = zip(same, another_port, closed, another_folder, strict=True)
    assert codes == (0, 2, 2, 2)
    assert all(up.url in each for each in said)
    assert "its port is not 1" in said[1]
    assert "its access is open, not closed" in said[2]
    assert "another Cumulog, on another data folder" in said[3]
    assert not other.exists()


def test_a_port_in_use_is_told(data):
    with socket.socket() as taken:
        # One that listens and never answers is told as well, after five seconds.
        taken.bind(("127.0.0.1", 0))

        code, said = ended_start(data, port=taken.getsockname()[1])

    assert code == 2
    assert "CUMULOG_PORT" in said
    assert not data.exists()


def test_a_folder_from_a_newer_version_is_told(data):
    data.mkdir()
    (data / "format").write_text("999\n")

    code, said = ended_start(data)

    assert code == 2
    assert "newer Cumulog" in said


def test_a_store_that_does_not_answer_is_told(data):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]

        code, said = ended_start(data, CUMULOG_DYNAMODB_ENDPOINT=f"http://127.0.0.1:{port}")

    assert code == 2
    assert "tables and the bucket could not be made" in said


@pytest.fixture
def bare_checkout(tmp_path):
    """A copy of what runs, without node_modules and without ministack."""
    copy = tmp_path / "checkout"
    ignored = shutil.ignore_patterns("node_modules", "__pycache__")
    for name in ("chalicelib", "infra"):
        shutil.copytree(REPOSITORY / name, copy / name, ignore=ignored)
    shutil.copy(REPOSITORY / "app.py", copy)
    return copy


def test_without_its_engines_it_says_what_to_install_and_does_not_start(data, bare_checkout, monkeypatch):
    monkeypatch.setattr(stack, "REPOSITORY", bare_checkout)

    with pytest.raises(RuntimeError, match=r"exit code 2[^~]*dynoxide, is not installed[^~]*MEMORY=1"):
        stack.running(data)

    assert not data.exists()


def test_in_memory_it_works_without_engines_and_says_that_it_will_forget(data, bare_checkout, monkeypatch):
    monkeypatch.setattr(stack, "REPOSITORY", bare_checkout)

    with stack.running(data, environment={"CUMULOG_MEMORY": "1"}) as running:
        assert ask(f"{running.url}/health")[0] == 200
        assert running.engines == {}
        printed = running.log.read_text()

    assert "runs and artifacts are kept in memory and FORGOTTEN" in printed


@BOTH_ENGINES
def test_a_stack_in_memory_leaves_what_the_folder_keeps_as_it_is(data):
    with stack.running(data) as running:
        put(running, 1)
    # What the catalogue has not yet heard of.
    with (data / "events").open("a") as journal:
        journal.write(json.dumps([BUCKET, "kept/1", "s3:ObjectCreated:Put"]) + "\n")
    kept = {name: (data / name).read_bytes() for name in ("events", "events.read") if (data / name).exists()}

    with stack.running(data, environment={"CUMULOG_MEMORY": "1"}) as running:
        assert running.engines == {}
        # Twice as long as it takes until a journal is read.
        time.sleep(1)

    assert {name: (data / name).read_bytes() for name in kept} == kept
    with stack.running(data) as running:
        assert kept_items(running) == [1]
        assert kept_objects(running) == [1]
