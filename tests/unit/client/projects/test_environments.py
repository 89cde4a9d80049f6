"""Environments: what files ask for, what is cached by content, and what is never used."""

import os
from pathlib import Path
from typing import Any

import pytest

from cumulog._projects.children import Stop
from cumulog._projects.environments import cache, choosing, docker, indexes, specification, uv
from cumulog._projects.environments.prepared import Bench, Prepared
from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Docker, Environment, Project
from tests.unit.client.projects.orders import program

# Does what uv does to folders, in milliseconds. It notes what it was asked.
FAKE_UV = """
echo "$*" >> "$ASKED"
[ -n "$BREAKS" ] && [[ "$*" == *"$BREAKS"* ]] && { echo "no such package" >&2; exit 2; }
for word in "$@"; do
    case $word in
        --output-file=*) printf 'a==1 \\\\\\n    --hash=sha256:00\\nb @ git+https://h/b@c\\n' > "${word#*=}";;
    esac
    last=$word
done
if [ "$1" = venv ]; then mkdir -p "$last/bin" && echo "version_info = 3.11.9" > "$last/pyvenv.cfg"; fi
exit 0
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the uv on the path was asked."""
    monkeypatch.setattr(uv, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", f"{program(tmp_path / 'bin', 'uv', FAKE_UV)}:/usr/bin:/bin")
    monkeypatch.setenv("ASKED", str(tmp_path / "asked"))
    return tmp_path / "asked"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    place.mkdir()
    return place


def bench(folder: Path, said: bytearray | None = None) -> Bench:
    return Bench(folder, lambda _number, block: (bytearray() if said is None else said).extend(block), Stop())


def made(folder: Path, text: str) -> Prepared:
    (folder / "python_env.yaml").write_text(text)
    environment = Environment("python_env", folder / "python_env.yaml")
    found, place = uv.prepared(specification.of(environment, folder), bench(folder))
    place.close()
    return found


def wanted(folder: Path, kind: Any, name: str, text: str) -> specification.Specification:
    (folder / name).write_text(text)
    return specification.of(Environment(kind, folder / name), folder)


@pytest.mark.parametrize(("python", "meant"), [("3.11", "3.11"), ('"3.11.4"', "3.11.4"), ("3.10", "3.10"), ("", "")])
def test_a_version_of_python_may_be_a_number(folder: Path, python: str, meant: str) -> None:
    assert wanted(folder, "python_env", "python_env.yaml", f"python: {python}").python == meant


def test_build_dependencies_come_first(folder: Path) -> None:
    text = "build_dependencies: [pip==24.0]\ndependencies:\n- numpy\n- -r requirements.txt\n"

    assert wanted(folder, "python_env", "python_env.yaml", text).lines == ("pip==24.0", "numpy", "-r requirements.txt")


def test_of_a_conda_file_pips_part_and_python_are_taken_and_the_rest_is_told(folder: Path) -> None:
    text = "dependencies: [python=3.10, pip<=24, openssl>=3, {pip: [mlflow, scikit-learn==1.5]}]\n"

    assert wanted(folder, "conda_env", "conda.yaml", text) == specification.Specification(
        folder, "3.10", ("pip<=24", "mlflow", "scikit-learn==1.5"), None, ("openssl>=3",)
    )


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("python_env", "dependencies: numpy", "have to be lists"),
        ("python_env", "packages: [numpy]", "has packages"),
        ("python_env", "- numpy", "names and values"),
        ("python_env", "{", "is no YAML"),
        ("conda_env", "dependencies: [python<3]", "names no version of Python"),
    ],
)
def test_a_file_that_is_wrong_is_said(folder: Path, kind: Any, text: str, why: str) -> None:
    with pytest.raises(ProjectError, match=why):
        wanted(folder, kind, "environment.yaml", text)


def test_a_condition_on_python_in_a_script_is_read(folder: Path) -> None:
    text = '# /// script\n# requires-python = ">=3.10"\n# dependencies = ["six"]\n# ///\n'

    assert wanted(folder, "script", "train.py", text).python == ">=3.10"


def test_an_environment_is_resolved_to_a_lock_and_installed_from_that(folder: Path, asked: Path) -> None:
    found = made(folder, "dependencies: [a]")

    steps = [line.split(" --")[0] for line in asked.read_text().splitlines()]
    assert steps == ["venv", "pip compile", "pip sync", "pip install"]
    assert "--require-hashes" in asked.read_text()
    assert found.lock.startswith(b"a==1")
    assert found.python["version"] == "3.11.9"
    assert found.variables["PATH"].startswith(f"{found.folder}/venv/bin:")


def test_the_same_specification_is_built_once_and_another_anew(folder: Path, asked: Path) -> None:
    (folder / "more.txt").write_text("x\n")
    first = made(folder, "dependencies: [a, -r more.txt]")
    again = made(folder, "dependencies: [a, -r more.txt]")
    (folder / "more.txt").write_text("y\n")
    changed = made(folder, "dependencies: [a, -r more.txt]")

    assert first.folder == again.folder != changed.folder
    assert asked.read_text().count("venv --quiet") == 2


def test_what_was_half_built_is_built_anew(folder: Path, asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREAKS", "sync")
    with pytest.raises(ProjectError, match="packages cannot be installed: no such package"):
        made(folder, "dependencies: [a]")
    monkeypatch.setenv("BREAKS", "")

    found = made(folder, "dependencies: [a]")

    assert asked.read_text().count("venv --quiet") == 2
    assert found.folder is not None
    assert (found.folder / "complete.json").is_file()


def test_environments_that_were_not_used_for_longest_go(
    folder: Path, asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_MOST_KEPT", 1)
    first = made(folder, "dependencies: [a]")
    os.utime(f"{first.folder}.lock", (1, 1))
    second = made(folder, "dependencies: [b]")

    assert first.folder is not None
    assert second.folder is not None
    assert (first.folder.exists(), second.folder.exists()) == (False, True)


def test_without_uv_it_is_said_how_to_install_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uv, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(ProjectError, match="pip install uv"):
        made(folder, "dependencies: [a]")


def test_pips_settings_are_uvs(tmp_path: Path) -> None:
    (tmp_path / "pip.conf").write_text(
        "[global]\nextra-index-url = https://a/s\n  https://b/s\nindex_url = https://c/s\n"
    )
    told = {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf"), "HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path)}

    found = indexes.variables(told | {"PIP_FIND_LINKS": "/a /b"})

    assert found["UV_INDEX"] == "https://a/s https://b/s"
    assert found["UV_DEFAULT_INDEX"] == "https://c/s"
    assert found["UV_FIND_LINKS"] == "/a,/b"
    assert found["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert "UV_INDEX" not in indexes.variables(told | {"UV_EXTRA_INDEX_URL": "https://d"})


@pytest.mark.parametrize(
    ("kind", "typed", "chosen"),
    [("none", "", "uv"), ("python_env", "virtualenv", "virtualenv"), ("docker_env", "local", "docker")],
)
def test_the_manager_is_what_was_chosen_or_what_the_project_asks_for(
    folder: Path, kind: Any, typed: str, chosen: str
) -> None:
    assert choosing.manager(Project(folder, "", {}, Environment(kind)), typed) == chosen


def test_a_nested_run_keeps_the_manager(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUMULOG_ENV_MANAGER", "local")

    assert choosing.manager(Project(folder, "", {}, Environment("python_env"))) == "local"


@pytest.mark.parametrize(("kind", "typed"), [("python_env", "conda"), ("none", "docker"), ("none", "poetry")])
def test_a_manager_that_cannot_be_is_refused(folder: Path, kind: Any, typed: str) -> None:
    with pytest.raises(ProjectError):
        choosing.manager(Project(folder, "", {}, Environment(kind)), typed)


@pytest.fixture
def with_docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    script = f'printf "%s\\n" "$@" > {tmp_path}/words; [ "$2" = inspect ] && echo sha256:1; exit 0'
    monkeypatch.setenv("PATH", f"{program(tmp_path / 'bin', 'docker', script)}:/usr/bin:/bin")
    return tmp_path / "words"


def test_values_of_variables_stand_in_no_command_line(with_docker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "secret")
    monkeypatch.setenv("COPIED", "a b")
    image = Docker("image", ("/a b:/c",), ("COPIED", ("OWN", "$(x)")))

    words, inside = docker.command(image, "image", {"network": "host", "t": True}, {"MLFLOW_RUN_ID": "r"}, ["bash"])

    assert words[1:] == [
        *("run", "--rm", "--network", "host", "-t", "-v", "/a b:/c"),
        *("-e", "MLFLOW_TRACKING_TOKEN", "-e", "MLFLOW_RUN_ID", "-e", "COPIED", "-e", "OWN", "image", "bash"),
    ]
    assert inside == {"MLFLOW_TRACKING_TOKEN": "secret", "MLFLOW_RUN_ID": "r", "COPIED": "a b", "OWN": "$(x)"}


def test_a_variable_that_a_container_needs_and_nobody_set_is_named(with_docker: Path) -> None:
    with pytest.raises(ProjectError, match="not set: MISSING"):
        docker.command(Docker("image", (), ("MISSING",)), "image", {}, {}, [])


def test_an_image_is_built_of_the_project(with_docker: Path, folder: Path) -> None:
    found = docker.prepared(Docker("base"), "name", bench(folder), builds=True, commit="0123456789")

    assert found.tags == {"mlflow.docker.image.uri": "name:0123456", "mlflow.docker.image.id": "sha256:1"}


@pytest.mark.parametrize(("image", "name"), [("--privileged", "name"), ("image", "")])
def test_an_image_without_a_name_or_that_looks_like_an_option_is_refused(
    with_docker: Path, folder: Path, image: str, name: str
) -> None:
    with pytest.raises(ProjectError):
        docker.prepared(Docker(image), name, bench(folder))


def test_without_docker_it_is_said_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(ProjectError, match="install docker"):
        docker.prepared(Docker("image"), "name", bench(folder))
