"""An AWS of one's own: ministack on a loopback address, over TLS, with its data in a folder.

TLS because the buckets refuse anything else. Each Lambda has the credentials of its role, and that role's policies are
asked, so a permission that the template forgot fails here too. Lambdas run as processes of ministack's own interpreter,
whatever their runtime says; their AWS_ENDPOINT_URL leads back here.
"""

import os
import platform
import secrets
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import requests
import trustme

from infra.deploy.package import Target
from infra.local import engines, processes

REGION = "us-east-1"
ACCOUNT = "000000000000"
_START_SECONDS = 60
_KEY = "root"
# As the system names them, and as Lambda does.
_ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True)
class Aws:
    """`environment` leads any SDK here, as whoever owns the account."""

    url: str
    environment: Mapping[str, str]
    log: Path

    def client(self, service: str, key: str = _KEY, region: str = REGION) -> Any:
        """Of an AWS service; a key of twelve digits is that account's."""
        return _client(self, service, key, region)

    def api(self, api_id: str, stage: str) -> str:
        """Where ministack answers for the URL of a deployed REST API."""
        return f"{self.url}/_aws/execute-api/{api_id}/{stage}"

    def __hash__(self) -> int:
        return hash(self.url)


def missing() -> str | None:
    """Why no AWS can be had here; None if one can."""
    if not engines.MINISTACK_PYTHON.exists():
        return "ministack is not installed; `make dev` installs it"
    translator = [str(engines.MINISTACK_PYTHON), "-c", "import samtranslator"]
    if subprocess.run(translator, capture_output=True, check=False).returncode:
        return "ministack has no SAM translator; `make dev` installs it"
    return None


def target() -> Target:
    """What packages have to be built for: ministack runs them with its own interpreter."""
    version = "import sys; print('%d.%d' % sys.version_info[:2])"
    asked = subprocess.run([str(engines.MINISTACK_PYTHON), "-c", version], capture_output=True, text=True, check=True)
    return Target(asked.stdout.strip(), _ARCHITECTURES[platform.machine()])


@contextmanager
def running(folder: Path) -> Iterator[Aws]:
    """Start one on an empty folder; end it after the block."""
    address = processes.free_address()
    url = f"https://{address.host}:{address.port}"
    secret = secrets.token_hex(20)
    trusted = _certificates(folder, address.host)
    common = {
        "AWS_ENDPOINT_URL": url,
        "AWS_CA_BUNDLE": str(trusted),
        "AWS_ACCESS_KEY_ID": _KEY,
        "AWS_SECRET_ACCESS_KEY": secret,
    }
    own = {
        "PATH": os.defpath,
        "TMPDIR": str(folder),
        "AUTH": "true",
        "BIND_HOST": address.host,
        "MINISTACK_HOST": address.host,
        "GATEWAY_PORT": str(address.port),
        "USE_SSL": "1",
        "MINISTACK_SSL_CERT": str(folder / "server.pem"),
        "MINISTACK_SSL_KEY": str(folder / "server.key"),
        "LOG_LEVEL": "INFO",
        # What an event's function failed to do is tried again at once.
        "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.1",
        # Listeners of services that we do not use would open ports of their own, on every interface.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
    }
    log = folder / "ministack.log"
    process = processes.start([str(engines.MINISTACK_PYTHON), "-m", "ministack"], {**common, **own}, log)
    with processes.ended_after(process):
        _wait(process, url, trusted, log)
        yield Aws(url, {**common, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}, log)


def _certificates(folder: Path, host: str) -> Path:
    """A certificate for the address, and the file with the authority to trust for it."""
    authority = trustme.CA()
    server = authority.issue_cert(host)
    server.private_key_pem.write_to_path(str(folder / "server.key"))
    for chained in server.cert_chain_pems:
        chained.write_to_path(str(folder / "server.pem"), append=True)
    trusted = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    return trusted


def _wait(process: "subprocess.Popen[bytes]", url: str, trusted: Path, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{url}/_ministack/health", verify=str(trusted), timeout=5).ok:
                return
        except (requests.ConnectionError, ssl.SSLError):
            time.sleep(0.05)
    raise AssertionError(f"ministack did not start: {log.read_text(errors='replace')[-2000:]}")


@cache
def _client(aws: Aws, service: str, key: str, region: str) -> Any:
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=aws.url,
        verify=aws.environment["AWS_CA_BUNDLE"],
        aws_access_key_id=key,
        aws_secret_access_key=aws.environment["AWS_SECRET_ACCESS_KEY"],
    )
