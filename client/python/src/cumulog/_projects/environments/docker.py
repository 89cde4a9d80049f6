"""Commands in containers, by docker or podman. No value ever passes a shell, and none stands in the command line."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from cumulog._projects.children import STDERR, Program, run
from cumulog._projects.environments.prepared import Bench, Prepared
from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Docker

_CODE = "/mlflow/projects/code/"
_SECONDS = 60
# Who may log, and how: for the command in the container.
_HANDED_ON = (
    "MLFLOW_TRACKING_TOKEN",
    "MLFLOW_TRACKING_USERNAME",
    "MLFLOW_TRACKING_PASSWORD",
    "MLFLOW_TRACKING_INSECURE_TLS",
)


def prepared(wanted: Docker, name: str, bench: Bench, *, builds: bool = False, commit: str = "") -> Prepared:
    """The image, pulled or built. Raises ProjectError."""
    docker = program()
    if wanted.image.startswith("-"):
        raise ProjectError(f"'{wanted.image}' is no name of an image.")
    if not name:
        raise ProjectError("A project that runs in a container needs a name: add `name:` to its MLproject file.")
    image = wanted.image
    if builds:
        image = f"{name}:{commit[:7]}" if commit else name
        _build(docker, wanted.image, image, bench)
    elif not _id(docker, image):
        code = run(Program([docker, "pull", "--", image], bench.folder, os.environ), bench.said, bench.stop)
        if code:
            raise ProjectError(f"The image {image} cannot be fetched: {Path(docker).name} ended with {code}.")
    tags = {"mlflow.docker.image.uri": image, "mlflow.docker.image.id": _id(docker, image)}
    return Prepared("docker", tags={key: value for key, value in tags.items() if value})


def program() -> str:
    """docker, or podman. Raises ProjectError if none is installed."""
    if found := shutil.which("docker") or shutil.which("podman"):
        return found
    raise ProjectError("This project runs in a container: install docker (https://docs.docker.com/install) or podman.")


def command(
    wanted: Docker, image: str, options: Mapping[str, str | bool], variables: Mapping[str, str], words: Sequence[str]
) -> tuple[list[str], dict[str, str]]:
    """The command line that runs words in a container, and the variables that it needs in its environment.

    Variables are handed on by name, so that no list of processes shows their values. Raises ProjectError.
    """
    inside = {**_handed_on(), **variables, **_own(wanted)}
    given = [word for name, value in options.items() for word in _option(name, value)]
    volumes = [word for each in wanted.volumes for word in ("-v", each)]
    names = [word for name in inside for word in ("-e", name)]
    return [program(), "run", "--rm", *given, *volumes, *names, image, *words], inside


def _option(name: str, value: str | bool) -> list[str]:
    mark = "-" if len(name) == 1 else "--"
    return [f"{mark}{name}"] if value is True else [f"{mark}{name}", str(value)]


def _handed_on() -> dict[str, str]:
    return {name: os.environ[name] for name in _HANDED_ON if os.environ.get(name)}


def _own(wanted: Docker) -> dict[str, str]:
    """The variables that the project names: with a value, or as they are here."""
    missing = [each for each in wanted.environment if isinstance(each, str) and each not in os.environ]
    if missing:
        raise ProjectError(f"The project's container needs variables that are not set: {', '.join(missing)}.")
    pairs = (each if isinstance(each, tuple) else (each, os.environ[each]) for each in wanted.environment)
    return {name: str(value) for name, value in pairs}


def _build(docker: str, base: str, image: str, bench: Bench) -> None:
    """An image with the project's files in it."""
    bench.said(STDERR, f"Building the image {image}.\n".encode())
    with tempfile.TemporaryDirectory(prefix="cumulog-image-") as folder:
        recipe = Path(folder, "Dockerfile")
        recipe.write_text(f"FROM {base}\nCOPY . {_CODE}\nWORKDIR {_CODE}\n")
        words = [docker, "build", "-t", image, "-f", str(recipe), str(bench.folder)]
        code = run(Program(words, bench.folder, os.environ), bench.said, bench.stop)
    if code:
        raise ProjectError(f"The image {image} cannot be built: {Path(docker).name} ended with {code}.")


def _id(docker: str, image: str) -> str:
    """The id of an image that is here; empty if it is not."""
    words = [docker, "image", "inspect", "--format", "{{.Id}}", "--", image]
    try:
        found = subprocess.run(words, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
