"""What a storage URI is to this server, as data."""

import pytest

from chalicelib.config import settings
from chalicelib.tracking import locations

BUCKET = settings().bucket

OURS = [
    ("mlflow-artifacts:/7", "7"),
    ("mlflow-artifacts:/7/run/artifacts/", "7/run/artifacts"),
    ("mlflow-artifacts:///7/run", "7/run"),
    ("mlflow-artifacts:/", ""),
    (f"s3://{BUCKET}", ""),
    (f"s3://{BUCKET}/", ""),
    (f"s3://{BUCKET}/7/a b/ü", "7/a b/ü"),
]

EXTERNAL = [
    "s3://team-bucket/model",
    "s3://team-bucket",
    "S3://team-bucket/model",
    f"s3://{BUCKET}-two/7",
    f"s3://team-bucket/{BUCKET}/7",
    "s3a://team-bucket/model",
    "s3://arn:aws:s3:eu-central-1:123456789012:accesspoint/team/object/x",
    "gs://team-bucket/model",
    f"gs://{BUCKET}/model",
    "abfss://container@account.dfs.core.windows.net/model",
    "wasbs://container@account.blob.core.windows.net/model",
    "dbfs:/models/wine",
    "dbfs://profile@databricks/models/wine",
    "hdfs://namenode:8020/user/ada",
    "oss://team-bucket/model",
    "s3://team-bucket/model?versionId=1#x",
]

LOCAL = ["/data/mlruns", "mlruns", "./mlruns", "~/mlruns", "", "C:\\mlruns", "C:/mlruns", "\\\\host\\share", "://etc"]
LOCAL += ["file:/data", "file:///data", "FILE:///data", "file:data", "file://localhost/data"]

ANOTHER_SPELLING = [
    f"S3://{BUCKET}/7",
    f"s3a://{BUCKET}/7",
    f"s3n://{BUCKET}/7",
    f"b2://{BUCKET}@s3.eu-central-1.amazonaws.com/7",
    f"s3://{BUCKET.upper()}/7",
    f"s3://{BUCKET.replace('-', '%2D')}/7",
    f"s3://{BUCKET.replace('-', '%252D')}/7",
    f"s3://key:secret@{BUCKET}/7",
    f"s3://{BUCKET}@example.org/7",
    f"s3://{BUCKET}:443/7",
    f"s3://{BUCKET}./7",
    f"s3://{BUCKET}.s3.eu-central-1.amazonaws.com/7",
    f"s3:///{BUCKET}/7",
    f"s3:/{BUCKET}/7",
    f"s3://{BUCKET}?x=/7",
    f"s3://{BUCKET}/7?versionId=1",
    f"s3://{BUCKET}/7#/8",
    f"s3://{BUCKET}\\7/8",
    "s3://arn:aws:s3:::" + BUCKET + "/7",
    "MLFLOW-ARTIFACTS:/7",
    "mlflow-artifacts:/7?x",
]

NO_STORAGE = [
    "http://example.org/x",
    "https://example.org/api/2.0/mlflow-artifacts/artifacts/7",
    "HTTPS://example.org",
    "ftp://user:secret@example.org/x",
    "sftp://example.org/x",
    "gopher://127.0.0.1:6379/x",
    "runs:/abc/model",
    "models:/wine/1",
    "javascript:alert(1)",
    "javascript://%0aalert(1)",
    "data:text/html,x",
    "mlflow-artifacts://example.org/7",
    "mlflow-artifacts:7",
    "s3:team-bucket",
    "s3:/team-bucket",
    " s3://team-bucket/model",
    "s3://team-bucket/model\n",
    "s3://team-\tbucket/model",
    "s3://team-bucket/\ud800",
]


@pytest.mark.parametrize(("uri", "path"), OURS)
def test_what_is_ours_has_a_path_in_the_bucket(uri: str, path: str) -> None:
    assert locations.locate(uri) == locations.Location(locations.OURS, path)


@pytest.mark.parametrize("uri", EXTERNAL)
def test_storage_that_is_not_ours_is_external(uri: str) -> None:
    assert locations.locate(uri) == locations.Location(locations.EXTERNAL)


@pytest.mark.parametrize("uri", LOCAL)
def test_a_clients_own_disk_is_refused(uri: str) -> None:
    found = locations.locate(uri)

    assert (found.kind, "own disk" in found.why) == (locations.REFUSED, True)


@pytest.mark.parametrize("uri", ANOTHER_SPELLING)
def test_what_could_be_ours_in_another_spelling_is_refused(uri: str) -> None:
    found = locations.locate(uri)

    assert (found.kind, "another spelling" in found.why) == (locations.REFUSED, True)


@pytest.mark.parametrize("uri", NO_STORAGE)
def test_what_is_no_storage_is_refused_with_a_reason(uri: str) -> None:
    found = locations.locate(uri)

    assert (found.kind, found.path) == (locations.REFUSED, "")
    assert found.why.endswith(".")
