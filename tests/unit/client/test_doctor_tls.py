"""`cumulog doctor` where TLS fails: what is wrong with the certificate, and what to do."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.unit.client.examined import Report
from tests.unit.client.examined import nothing_set as nothing_set

# `make quick` does without it.
trustme = pytest.importorskip("trustme")


@contextmanager
def secured(certificate: "trustme.LeafCert") -> Iterator[str]:
    """A port that speaks TLS, as long as it takes to be looked at."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    listener = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            try:
                context.wrap_socket(peer, server_side=True).close()
            except OSError:
                peer.close()

    thread = threading.Thread(target=greet)
    thread.start()
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.fixture(scope="module")
def authority() -> "trustme.CA":
    return trustme.CA()


@pytest.mark.parametrize(
    ("host", "days", "is_known", "told", "remedy"),
    [
        ("127.0.0.1", 90, False, "not trusted", "MLFLOW_TRACKING_SERVER_CERT_PATH"),
        ("other.example", 90, True, "not trusted", "another host"),
        ("127.0.0.1", -1, True, "not trusted", "has expired"),
        ("127.0.0.1", 3, True, "expires soon", "has to renew it"),
    ],
)
def test_a_certificate_that_is_wrong_is_named(
    host: str,
    days: int,
    is_known: bool,
    told: str,
    remedy: str,
    authority: "trustme.CA",
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    until = datetime.now(timezone.utc) + timedelta(days=days)
    certificate = authority.issue_cert(host, not_before=until - timedelta(days=100), not_after=until)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    if is_known:
        monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", str(tmp_path / "ca.pem"))

    with secured(certificate) as url:
        report = Report(capsys, url)

    assert report("tls")[0] == ("warning" if days == 3 else "fault")
    assert told in report("tls")[1]
    assert remedy in report.remedy("tls")


def test_a_file_of_authorities_that_is_missing_is_named(
    authority: "trustme.CA", capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", "/nowhere/ca.pem")

    with secured(authority.issue_cert("127.0.0.1")) as url:
        assert Report(capsys, url)("tls")[0] == "fault"
