"""How fast artifacts move: `python -m tests.perf.transfers` (`make bench`).

One file of 200 MB goes up and comes down in three ways, all of them to the same S3 on this machine:

    plugin    MLflow's client with `cumulog` installed, towards the local stack: presigned, in parts
    aws cli   `aws s3 cp`, an environment of its own; boto3's transfer manager where that cannot be installed
    mlflow    the stock client towards `mlflow server --artifacts-destination s3://…`, which passes every byte on

They take turns, so that whatever else the machine does meets all alike; medians of the turns decide. What `aws` needs
to start and to copy one byte is subtracted from its times, because the others run in a process that is warm. Client,
server and S3 share this machine's cores: read the ratios (plugin / other; above 1 the plugin is faster), not the MB/s.

The exit code is 1 when the plugin reaches less than 0.9 of the AWS CLI.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Before mlflow is imported: it reports its use to its makers. It would draw progress bars into the table, too. And its
# client would not download through its server but by presigned URLs, which this S3 does not take from it.
os.environ.update(
    MLFLOW_DISABLE_TELEMETRY="true",
    DO_NOT_TRACK="true",
    MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR="false",
    MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD="false",
)

import boto3
import mlflow
from mlflow.store.artifact.artifact_repo import ArtifactRepository
from mlflow.store.artifact.mlflow_artifacts_repo import MlflowArtifactsRepository

from infra.local import stack
from infra.local.settings import REPOSITORY
from tests import servers

MEGABYTES = 200
TURNS = 5
LIMIT = 0.9
BUCKET = "cumulog-artifacts"
AWSCLI = "awscli==1.46.3"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}

Move = Callable[[Path], None]


@dataclass
class Way:
    """One way to move a file: up from a local file, down into a folder. Seconds of `overhead` are not counted."""

    name: str
    up: Move
    down: Move
    overhead: float = 0.0
    times: dict[str, list[float]] = field(default_factory=lambda: {"upload": [], "download": []})

    def speed(self, direction: str) -> float:
        """MB/s, the median."""
        return MEGABYTES / statistics.median(self.times[direction])


def plugin(url: str) -> Way:
    # Not at the top: sys.path gets the client's source from `main`.
    from cumulog._mlflow import CumulogArtifactRepository

    mlflow.set_tracking_uri(url)
    client = mlflow.MlflowClient()
    run = client.create_run(client.create_experiment("transfers"))
    return of_repository("plugin", CumulogArtifactRepository(run.info.artifact_uri, url))


def of_repository(name: str, repository: ArtifactRepository) -> Way:
    return Way(
        name,
        up=repository.log_artifact,
        down=lambda folder: repository.download_artifacts("file.bin", str(folder)),
    )


def aws_cli(command: Path, endpoint: str, tiny: Path) -> Way:
    def copy(source: str, target: str) -> None:
        words = [str(command), "--endpoint-url", endpoint, "s3", "cp", "--quiet", source, target]
        subprocess.run(words, env={**os.environ, **KEYS}, check=True)

    copy(str(tiny), f"s3://{BUCKET}/tiny")
    starts = [timed(lambda: copy(str(tiny), f"s3://{BUCKET}/tiny")) for _ in range(3)]
    there = f"s3://{BUCKET}/aws/file.bin"
    return Way(
        "aws cli",
        up=lambda local: copy(str(local), there),
        down=lambda folder: copy(there, str(folder / "file.bin")),
        overhead=statistics.median(starts),
    )


def boto3_transfers(endpoint: str) -> Way:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        region_name=KEYS["AWS_DEFAULT_REGION"],
    )
    return Way(
        "boto3",
        up=lambda local: client.upload_file(str(local), BUCKET, "boto3/file.bin"),
        down=lambda folder: client.download_file(BUCKET, "boto3/file.bin", str(folder / "file.bin")),
    )


def installed_aws() -> Path | None:
    """The AWS CLI in an environment of its own, as it pins another botocore than we do; None if that fails."""
    home = REPOSITORY / ".venv" / "awscli"
    command = home / "bin" / "aws"
    if not command.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", AWSCLI], check=False)
    return command if command.exists() else None


def measure(ways: list[Way], local: Path, folder: Path) -> None:
    """Fill in the times of each way, all of them in turn, after one turn that does not count."""
    for turn in range(TURNS + 1):
        for way in ways:
            up = timed(lambda way=way: way.up(local))
            target = folder / "down"
            target.mkdir()
            down = timed(lambda way=way, target=target: way.down(target))
            assert next(target.rglob("file.bin")).stat().st_size == local.stat().st_size
            shutil.rmtree(target)
            if turn:
                way.times["upload"].append(up - way.overhead)
                way.times["download"].append(down - way.overhead)


def timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def table(ways: list[Way]) -> Iterator[str]:
    """The lines of the report; the plugin comes first."""
    others = ways[1:]
    yield (
        f"{MEGABYTES} MB" + "".join(f"{way.name:>12}" for way in ways) + "".join(f"{'/ ' + w.name:>12}" for w in others)
    )
    for direction in ("upload", "download"):
        speeds = [way.speed(direction) for way in ways]
        cells = [f"{speed:7.0f} MB/s" for speed in speeds] + [f"{speeds[0] / speed:12.2f}" for speed in speeds[1:]]
        yield f"{direction:<8}" + "".join(cells)


def random_file(path: Path) -> Path:
    with path.open("wb") as file:
        for _ in range(MEGABYTES):
            file.write(os.urandom(1_000_000))
    return path


def main() -> int:
    sys.path.insert(0, str(REPOSITORY / "client" / "python" / "src"))
    with tempfile.TemporaryDirectory() as name, stack.running(Path(name) / "ours") as ours:
        folder = Path(name)
        local, tiny = random_file(folder / "file.bin"), folder / "tiny"
        tiny.write_bytes(b"x")
        endpoint = str(ours.s3_endpoint)
        environment = {**KEYS, "MLFLOW_S3_ENDPOINT_URL": endpoint}
        with servers.mlflow(folder / "mlflow", f"s3://{BUCKET}/mlflow", environment) as theirs:
            aws = installed_aws()
            yardstick = aws_cli(aws, endpoint, tiny) if aws else boto3_transfers(endpoint)
            stock = of_repository("mlflow", MlflowArtifactsRepository("mlflow-artifacts:/files", theirs))
            ways = [plugin(ours.url), yardstick, stock]
            measure(ways, local, folder)
    print("\n".join(table(ways)))
    ratios = [ways[0].speed(direction) / ways[1].speed(direction) for direction in ("upload", "download")]
    return 0 if min(ratios) >= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
