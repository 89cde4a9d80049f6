"""A model folder copied into the bucket, with no call to the tracker, is in the catalogue within seconds."""

import json
import time
import urllib.parse
import urllib.request

import botocore.session
import pytest

from infra.local import engines, stack

BUCKET = "cumulog-artifacts"
FOLDER = "1/abc/artifacts/mödel +1"
FILES = {
    "model.pkl": b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00N.",
    "conda.yaml": b"name: env",
    "MLmodel": b"flavors: {sklearn: {sklearn_version: 1.7.2}}\nrun_id: abc\n",
}

pytestmark = pytest.mark.skipif(engines.installed() != (True, True), reason="dynoxide or ministack is not installed")


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def s3(running):
    session = botocore.session.Session()
    session.set_credentials("test", "test")
    return session.create_client("s3", region_name="us-east-1", endpoint_url=running.s3_endpoint)


def copy_in(running, folder=FOLDER):
    for name, body in FILES.items():
        s3(running).put_object(Bucket=BUCKET, Key=f"{folder}/{name}", Body=body, ChecksumAlgorithm="SHA256")


def get(running, endpoint, **query):
    url = f"{running.url}/api/2.0/cumulog/{endpoint}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url, timeout=30) as reply:
        return json.loads(reply.read())


def paths(running):
    return {entry["path"] for entry in get(running, "catalogue")["entries"]}


def wait_for(running, expected, seconds=60):
    deadline = time.monotonic() + seconds
    while paths(running) != expected and time.monotonic() < deadline:
        time.sleep(0.1)
    assert paths(running) == expected


def test_a_copied_folder_appears_and_disappears_by_events_alone(data):
    with stack.running(data, environment={"CUMULOG_SWEEP_SECONDS": "3600"}) as running:
        copy_in(running)
        wait_for(running, {FOLDER})

        entry = get(running, "catalogue/entry", path=FOLDER)["entry"]
        assert entry["status"] == "READY"
        assert entry["run_id"] == "abc"
        assert entry["flavors"][0]["version"] == "1.7.2"
        assert {each["path"]: each["pickle"] for each in entry["files"]} == {
            "MLmodel": False,
            "conda.yaml": False,
            "model.pkl": True,
        }
        assert all(len(each["sha256"]) == 64 for each in entry["files"])

        s3(running).delete_object(Bucket=BUCKET, Key=f"{FOLDER}/MLmodel")
        wait_for(running, set())


def test_an_object_copied_or_uploaded_in_parts_counts_as_well(data):
    with stack.running(data, environment={"CUMULOG_SWEEP_SECONDS": "3600"}) as running:
        client = s3(running)
        client.put_object(Bucket=BUCKET, Key="elsewhere", Body=FILES["MLmodel"])
        client.copy_object(
            Bucket=BUCKET, Key="1/abc/artifacts/MLmodel", CopySource={"Bucket": BUCKET, "Key": "elsewhere"}
        )
        where = {"Bucket": BUCKET, "Key": "1/abc/artifacts/parts/MLmodel"}
        upload = client.create_multipart_upload(**where)["UploadId"]
        part = client.upload_part(**where, UploadId=upload, PartNumber=1, Body=FILES["MLmodel"])
        parts = {"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]}
        client.complete_multipart_upload(**where, UploadId=upload, MultipartUpload=parts)

        wait_for(running, {"1/abc/artifacts", "1/abc/artifacts/parts"})

        doomed = [{"Key": "1/abc/artifacts/MLmodel"}, {"Key": where["Key"]}]
        client.delete_objects(Bucket=BUCKET, Delete={"Objects": doomed})
        wait_for(running, set())


def test_a_copy_right_before_a_power_cut_is_found_afterwards(data):
    running = stack.running(data, environment={"CUMULOG_SWEEP_SECONDS": "3600"})
    copy_in(running)
    running.kill_all()

    with stack.running(data, environment={"CUMULOG_SWEEP_SECONDS": "3600"}) as again:
        wait_for(again, {FOLDER})


def test_a_lost_event_is_made_good_by_the_sweep(data):
    running = stack.running(data, environment={"CUMULOG_SWEEP_SECONDS": "3600"})
    copy_in(running)
    running.kill_all()
    (data / "events").unlink()
    (data / "events.read").unlink(missing_ok=True)

    with stack.running(data, environment={"CUMULOG_SWEEP_SECONDS": "1"}) as again:
        wait_for(again, {FOLDER})
