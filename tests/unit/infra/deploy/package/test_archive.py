"""The zip: the same bytes from the same sources, all that the handlers import, and nothing besides."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from infra.deploy import package
from infra.deploy.package import archive, bytecode, dependencies
from tests.sampling import NIGHTLY

ROOT = Path(__file__).resolve().parents[5]

# What a build reads.
SOURCES = ("app.py", "chalicelib", ".chalice", "infra", "requirements.txt")
BUILD = "from pathlib import Path; from infra.deploy import package; package.build(Path('build'), package.here())"

LAMBDA_BYTES = 250 << 20

# All of ours, and a client of each service, with nothing on the path but the package and the standard library.
START = """
import importlib, os, pkgutil, sys
sys.path.insert(0, sys.argv[1])
os.environ["CUMULOG_TRANSITION_MACHINE"] = "arn:aws:states:us-east-1:123456789012:stateMachine:m"
import app, chalicelib
for found in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
    importlib.import_module(found.name)
from chalicelib.storage import bucket, connection, events, machines
for made in (bucket.client(), connection.connection().client, events.client(), machines.client()):
    print(made.meta.service_model.service_name)
from chalicelib.sweeper import measuring
measuring.publish(1.0)
"""


def copied(to: Path) -> Path:
    """A checkout of its own, without what earlier builds left."""
    left = shutil.ignore_patterns("__pycache__", "node_modules", "*.pyc")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, to / name, ignore=left)
        else:
            to.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, to / name)
    return to


def built(checkout: Path, seed: str) -> Path:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    subprocess.run([sys.executable, "-c", BUILD], cwd=checkout, env=environment, check=True)
    return checkout / "build"


def with_wheels(checkout: Path) -> Path:
    """By night a checkout fetches its own wheels; by day it has a copy of those that this one fetched once."""
    if not NIGHTLY:
        wheels = dependencies.installed(package.here(), ROOT / "build" / "dependencies")
        shutil.copytree(wheels, checkout / "build" / "dependencies" / wheels.name)
    return checkout


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two packages, built from two checkouts."""
    folder = tmp_path_factory.mktemp("package")
    return (
        built(with_wheels(copied(folder / "one")), "1"),
        built(with_wheels(copied(folder / "elsewhere" / "two")), "2"),
    )


@pytest.fixture(scope="module")
def unpacked(packages: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(packages[0] / "cumulog.zip") as found:
        found.extractall(folder)
    return folder


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_checkouts_give_the_same_bytes(packages):
    one, two = packages

    assert (one / "template.json").read_bytes() == (two / "template.json").read_bytes()
    assert archive.sha256(one / "cumulog.zip") == archive.sha256(two / "cumulog.zip")


@pytest.mark.slow
def test_the_package_starts_by_itself(unpacked):
    environment = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_LAMBDA_FUNCTION_NAME": "sweep", "PATH": os.defpath}

    done = subprocess.run(
        # Neither packages installed beside it nor the folder that we are in.
        [sys.executable, "-I", "-S", "-c", START, str(unpacked)],
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    services = done.stdout.splitlines()[:-1]
    assert set(services) == dependencies.SERVICES
    assert "OldestUnsealedRun" in done.stdout


@pytest.mark.slow
def test_every_module_of_ours_is_in_it_compiled(packages):
    with zipfile.ZipFile(packages[0] / "cumulog.zip") as found:
        names = set(found.namelist())

    ours = [path.relative_to(ROOT) for path in [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]]
    tag = sys.implementation.cache_tag
    assert {path.as_posix() for path in ours} <= names
    assert {(path.parent / "__pycache__" / f"{path.stem}.{tag}.pyc").as_posix() for path in ours} <= names


@pytest.mark.slow
def test_nothing_is_in_it_that_only_developers_need(packages):
    with zipfile.ZipFile(packages[0] / "cumulog.zip") as found:
        names = [PurePosixPath(name) for name in found.namelist()]
        size = sum(entry.file_size for entry in found.infolist())

    assert {name.parts[0] for name in names} & {"infra", "tests", "client", "pip", "setuptools", "moto", "bin"} == set()
    assert [name for name in names if name.name in ("RECORD", "INSTALLER", "direct_url.json")] == []
    assert size <= LAMBDA_BYTES


@pytest.mark.slow
def test_an_entry_tells_nothing_of_this_machine(packages):
    with zipfile.ZipFile(packages[0] / "cumulog.zip") as found:
        entries = found.infolist()

    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    compiled = [entry.filename for entry in entries if entry.filename.endswith(".pyc")]
    with zipfile.ZipFile(packages[0] / "cumulog.zip") as found:
        assert [name for name in compiled if bytes(packages[0].parent) in found.read(name)] == []


def test_a_zip_depends_on_names_and_contents_alone(tmp_path):
    for name, mode in (("a", 0o600), ("b", 0o755)):
        (tmp_path / name).write_text("text")
        (tmp_path / name).chmod(mode)
    os.utime(tmp_path / "b", (0, 10**9))

    archive.write({"x": tmp_path / "a", "y": tmp_path / "b"}, tmp_path / "one.zip")
    archive.write({"y": tmp_path / "a", "x": tmp_path / "b"}, tmp_path / "two.zip")

    assert archive.sha256(tmp_path / "one.zip") == archive.sha256(tmp_path / "two.zip")


@pytest.mark.parametrize(
    ("name", "ships"),
    [
        ("chalice/app.py", True),
        ("six.py", True),
        ("pydantic_core/_pydantic_core.cpython-312-x86_64-linux-gnu.so", True),
        ("botocore/data/endpoints.json", True),
        ("botocore/data/s3/2006-03-01/service-2.json.gz", True),
        ("botocore/data/ec2/2016-11-15/service-2.json.gz", False),
        ("pip/__init__.py", False),
        ("pip-26.2.1.dist-info/METADATA", False),
        ("pydantic-2.14.3.dist-info/METADATA", True),
        ("pydantic-2.14.3.dist-info/RECORD", False),
        ("bin/chalice", False),
        ("distutils-precedence.pth", False),
        ("chalice/__pycache__/app.cpython-311.pyc", False),
    ],
)
def test_what_ships_of_an_installation(name, ships):
    assert dependencies.is_shipped(PurePosixPath(name)) == ships


def test_the_lock_has_what_we_ask_for_by_its_hash():
    asked = {line for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line}
    locked = re.findall(
        r"^(\S+==\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", dependencies.LOCK.read_text(), re.M
    )

    assert asked <= {name for name, _ in locked}
    assert len(locked) == dependencies.LOCK.read_text().count("==")


def test_a_python_that_is_not_there_compiles_nothing(tmp_path):
    (tmp_path / "module.py").write_text("x = 1")

    bytecode.compile_all(tmp_path, bytecode.compiler(package.Target("3.99", "x86_64")))

    assert [path.name for path in tmp_path.rglob("*")] == ["module.py"]


def test_botocore_keeps_the_services_that_storage_names():
    text = "".join(path.read_text() for path in (ROOT / "chalicelib" / "storage").glob("*.py"))

    assert {"dynamodb", *re.findall(r'clients\.make\(\s*"(\w+)"', text)} == dependencies.SERVICES
