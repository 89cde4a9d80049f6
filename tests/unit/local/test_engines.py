import json
import platform
from pathlib import Path

import pytest

from infra.local import engines
from infra.local.engines import MEMORY, OWN, Choice, Engines
from infra.local.processes import Address, Child
from infra.local.settings import REPOSITORY, CannotStart, LocalSettings

URL = "http://127.0.0.1:8000"
HERE = engines.platform_name(platform.system(), platform.machine())

CHOICES = [
    # dynamodb setting, s3 setting, in memory → dynamodb, s3
    (None, None, False, OWN, OWN),
    (None, None, True, MEMORY, MEMORY),
    (URL, None, False, URL, OWN),
    (URL, None, True, URL, MEMORY),
    (URL, URL, True, URL, URL),
    ("aws", "aws", True, "aws", "aws"),
    (None, "aws", False, OWN, "aws"),
]


def settings(dynamodb=None, s3=None, in_memory=False):
    return LocalSettings(5000, Path("/data"), 30, dynamodb, s3, in_memory=in_memory)


@pytest.mark.parametrize(("dynamodb", "s3", "in_memory", "first", "second"), CHOICES)
def test_a_setting_wins_then_memory_if_asked_for_then_our_engine(dynamodb, s3, in_memory, first, second):
    assert engines.choose(settings(dynamodb, s3, in_memory), True, True) == Choice(first, second)


@pytest.mark.parametrize(
    ("dynoxide", "ministack", "missing"),
    [(False, True, "dynoxide"), (True, False, "ministack"), (False, False, "dynoxide")],
)
def test_without_an_engine_it_says_what_to_install_and_never_falls_back_to_memory(dynoxide, ministack, missing):
    with pytest.raises(CannotStart) as refusal:
        engines.choose(settings(), dynoxide, ministack)

    said = str(refusal.value)
    assert f"{missing}, is not installed" in said
    assert "make up MEMORY=1" in said
    assert "FORGOTTEN" in said


@pytest.mark.parametrize(
    ("needless", "dynoxide", "ministack"),
    [(settings(URL, "aws"), False, False), (settings(URL), False, True), (settings(in_memory=True), False, False)],
)
def test_what_is_not_started_need_not_be_installed(needless, dynoxide, ministack):
    assert OWN not in engines.choose(needless, dynoxide, ministack).dynamodb


@pytest.mark.parametrize("aws", [("aws", None), (None, "aws")])
def test_memory_beside_real_aws_is_refused(aws):
    with pytest.raises(CannotStart, match="'aws'"):
        engines.choose(settings(*aws, in_memory=True), True, True)


PLATFORMS = [
    ("Linux", "x86_64", "linux-x64"),
    ("Linux", "aarch64", "linux-arm64"),
    ("Darwin", "arm64", "darwin-arm64"),
    ("Darwin", "x86_64", "darwin-x64"),
    ("Windows", "AMD64", "win32-x64"),
    ("FreeBSD", "riscv64", "freebsd-riscv64"),
]


@pytest.mark.parametrize(("system", "machine", "name"), PLATFORMS)
def test_a_platform_has_the_name_that_npm_gives_it(system, machine, name):
    assert engines.platform_name(system, machine) == name


def test_each_platform_that_npm_has_an_engine_for_is_declared_with_one_version_and_locked():
    known = {f"@dynoxide/{name}" for *_, name in PLATFORMS[:-1]}
    folder = REPOSITORY / "infra" / "local"
    declared = json.loads((folder / "package.json").read_text())["optionalDependencies"]
    locked = json.loads((folder / "package-lock.json").read_text())["packages"]

    assert declared.keys() == known
    assert len(set(declared.values())) == 1
    assert {name: locked[f"node_modules/{name}"]["version"] for name in declared} == declared
    assert locked["node_modules/@dynoxide/linux-x64"]["integrity"].startswith("sha512-")


@pytest.fixture
def no_engine(tmp_path, monkeypatch):
    """A machine with none of npm's packages, and a PATH on which nothing lies."""
    monkeypatch.setattr(engines, "PACKAGES", tmp_path / "node_modules" / "@dynoxide")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def executable(file):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o755)
    return file


def npm_lists(name):
    listed = {"packages": {f"node_modules/@dynoxide/{name}": {"version": "1.2.1"}}}
    (engines.PACKAGES.parent / ".package-lock.json").write_text(json.dumps(listed))


def test_the_dynoxide_on_the_path_is_taken_where_npm_has_brought_none(no_engine):
    assert engines.dynoxide() is None

    on_path = executable(no_engine / "bin" / "dynoxide")
    assert engines.dynoxide() == on_path

    from_npm = executable(engines.PACKAGES / HERE / "dynoxide")
    npm_lists(HERE)
    assert engines.dynoxide() == from_npm


def test_the_package_of_another_platform_is_no_engine(no_engine):
    executable(engines.PACKAGES / "sunos-sparc" / "dynoxide")
    npm_lists("sunos-sparc")

    assert engines.dynoxide() is None


HALVES = [
    # what an interrupted npm may leave: the binary, npm's list
    (True, None),
    (True, '{"packages": {}}'),
    (True, '{"packa'),
    (False, json.dumps({"packages": {f"node_modules/@dynoxide/{HERE}": {"version": "1.2.1"}}})),
]


@pytest.mark.parametrize(("has_binary", "listed"), HALVES)
def test_half_a_package_is_no_engine_and_will_be_installed_again(no_engine, has_binary, listed):
    (engines.PACKAGES / HERE).mkdir(parents=True)
    if has_binary:
        executable(engines.PACKAGES / HERE / "dynoxide")
    if listed:
        (no_engine / "node_modules" / ".package-lock.json").write_text(listed)

    assert engines.npm_version(HERE) is None
    assert engines.dynoxide() is None


def test_a_python_without_ministack_is_no_engine(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "_MINISTACK", tmp_path)
    executable(tmp_path / "bin" / "python")
    assert not engines.installed()[1]

    executable(tmp_path / "lib" / "python3.11" / "site-packages" / "ministack" / "__init__.py")
    assert engines.installed()[1]


def started(choice):
    child = Child("dynamodb", None, Address("127.1.2.3", 4000), "/", Path("log"))
    return Engines(choice, (child,) if choice.dynamodb == OWN else (), "hush")


def test_chalicelib_is_told_where_the_engines_are_and_the_users_own_keys_are_hidden(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "production")

    found = engines.environment(started(Choice(OWN, MEMORY)))

    assert found["CUMULOG_DYNAMODB_ENDPOINT"] == "http://127.1.2.3:4000"
    assert found["CUMULOG_S3_ENDPOINT"] is None
    assert found["CUMULOG_SHOW_CAPACITY"] == "1"
    assert found["AWS_SECRET_ACCESS_KEY"] == "hush"
    assert found["AWS_PROFILE"] is None


def test_an_emulator_on_this_machine_needs_no_keys_of_the_user():
    assert engines.environment(started(Choice(URL, MEMORY)))["AWS_SECRET_ACCESS_KEY"] == "hush"


@pytest.mark.parametrize("choice", [Choice("aws", "aws"), Choice(URL, "aws"), Choice("https://db.example", "aws")])
def test_beside_real_aws_the_users_keys_and_region_stay(choice, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_REGION", raising=False)

    found = engines.environment(started(choice))

    assert found["CUMULOG_S3_ENDPOINT"] is None
    assert found["AWS_DEFAULT_REGION"] == "eu-central-1"
    assert "AWS_ACCESS_KEY_ID" not in found
    assert "AWS_PROFILE" not in found
