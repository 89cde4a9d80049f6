import pytest

from infra.local import s3_engine

HERE = "127.1.2.3:4000"

CASES = [
    ("http", "PUT", HERE, "/bucket/a/b", True),
    ("http", "GET", HERE, "/", True),
    ("http", "GET", HERE, "/_ministack/health", True),
    ("http", "GET", HERE, "/bucket/_ministack/reset", True),
    ("http", "POST", HERE, "/_ministack/health", False),
    ("http", "POST", HERE, "/_ministack/reset", False),
    ("http", "POST", HERE, "//_ministack/reset", False),
    ("http", "GET", HERE, "/_localstack/health", False),
    ("http", "GET", "evil.example:4000", "/bucket/a/b", False),
    ("http", "GET", "bucket.s3.amazonaws.com", "/a/b", False),
    ("websocket", None, HERE, "/bucket", False),
]


@pytest.mark.parametrize(("kind", "method", "host", "path", "passes"), CASES)
def test_only_objects_and_only_at_this_address(kind, method, host, path, passes):
    scope = {"type": kind, "method": method, "path": path, "headers": [(b"Host", host.encode())]}

    assert s3_engine.may_pass(scope, HERE) == passes


@pytest.mark.parametrize("hosts", [[], [HERE, HERE], [HERE, "evil.example"]])
def test_a_missing_or_repeated_host_is_refused(hosts):
    scope = {"type": "http", "method": "GET", "path": "/b", "headers": [(b"host", host.encode()) for host in hosts]}

    assert not s3_engine.may_pass(scope, HERE)
