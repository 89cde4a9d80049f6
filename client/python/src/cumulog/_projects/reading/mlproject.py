"""MLproject files, by the rules of MLflow 3.17.2 (`mlflow/projects/_project_spec.py`), and folders without one."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cumulog._projects import paths, trees
from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Docker, EntryPoint, Environment, EnvironmentKind, Parameter, Project

_NAME = "mlproject"
_KINDS: tuple[EnvironmentKind, ...] = ("docker_env", "python_env", "conda_env")
_FILES: tuple[tuple[EnvironmentKind, str], ...] = (("python_env", "python_env.yaml"), ("conda_env", "conda.yaml"))
PROGRAMS = {".py": "python", ".sh": "bash", ".R": "Rscript"}
# PEP 723, and the table of a pyproject.toml that is a project and not only settings of tools.
_INLINE = re.compile(rb"^# /// script\s*$", re.MULTILINE)
_IS_PROJECT = re.compile(rb"^\s*\[project\]", re.MULTILINE)
_MOST_SCRIPT_BYTES = 4 << 20
_MOST_NAMES = 20


def read(folder: Path) -> Project:
    """The project in a folder. Raises ProjectError."""
    try:
        file = next((each for each in sorted(folder.iterdir()) if each.name.lower() == _NAME), None)
    except OSError as error:
        raise ProjectError(f"The folder '{folder}' cannot be read: {error.strerror or error}.") from error
    tree = trees.read(file) if file else {}
    if tree.get("databricks_spark_job") is not None:
        raise ProjectError(
            "The project is a Spark job of Databricks (`databricks_spark_job`), which cannot be run here."
        )
    points = _map("`entry_points`", tree.get("entry_points"))
    return Project(
        folder,
        _text("`name`", tree.get("name")) or "",
        {str(each): _entry_point(str(each), point) for each, point in points.items()},
        _environment(tree, folder),
    )


def entry_point(project: Project, name: str) -> EntryPoint:
    """The entry point of a name, or one that runs the script of that name. Raises ProjectError."""
    if found := project.entry_points.get(name):
        if not found.command:
            raise ProjectError(f"The entry point '{name}' has no `command`.")
        return found
    program = PROGRAMS.get(Path(name).suffix)
    if not program:
        raise ProjectError(_unknown(project, name))
    if not paths.is_file(project.folder / name):
        raise ProjectError(f"There is no script '{name}' in the project.{_known(project)}")
    return EntryPoint(name, f"{program} {shlex.quote(_script(name))}".replace("{", "{{").replace("}", "}}"), {})


def for_script(project: Project, entry: EntryPoint) -> Project:
    """The project with the environment that a script asks for in its own text (PEP 723), if it does."""
    script = project.folder / entry.name
    if entry.name in project.entry_points or script.suffix != ".py":
        return project
    with script.open("rb") as file:
        is_asking = _INLINE.search(file.read(_MOST_SCRIPT_BYTES))
    return project._replace(environment=Environment("script", script)) if is_asking else project


def _script(name: str) -> str:
    """The name of a script as an argument, which no program takes for an option."""
    return f"./{name}" if name.startswith("-") else name


def _entry_point(name: str, tree: Any) -> EntryPoint:
    point = _map(f"the entry point '{name}'", tree)
    command = point.get("command")
    if command is not None and not isinstance(command, str):
        raise ProjectError(f"The `command` of the entry point '{name}' has to be a text.")
    parameters = _map(f"`parameters` of the entry point '{name}'", point.get("parameters"))
    return EntryPoint(name, command or "", {str(key): _parameter(str(key), value) for key, value in parameters.items()})


def _parameter(name: str, tree: Any) -> Parameter:
    """`string`, or `{type: float, default: 0.5}`. A default that is no text is what YAML has read, as with MLflow."""
    if tree is None or isinstance(tree, str):
        return Parameter(name, tree or "string")
    declared = _map(f"the parameter '{name}'", tree)
    kind = _text(f"the type of the parameter '{name}'", declared.get("type")) or "string"
    return Parameter(name, kind, _text(f"the default of the parameter '{name}'", declared.get("default")))


def _text(what: str, given: object) -> str | None:
    """A text, a number, a date. Lists are refused: a few lines of YAML make one that fills the memory as a text."""
    if isinstance(given, list | dict | set):
        raise ProjectError(f"In the MLproject file, {what} has to be a text or a number; put quotes around it.")
    try:
        return None if given is None else str(given)
    except ValueError as error:
        raise ProjectError(f"In the MLproject file, {what} is too long a number: put quotes around it.") from error


def _environment(tree: Mapping[str, Any], folder: Path) -> Environment:
    named = [kind for kind in _KINDS if kind in tree]
    if len(named) > 1:
        raise ProjectError(f"A project has one environment; this one has {' and '.join(named)}.")
    kind = named[0] if named and tree[named[0]] else "none"
    if kind == "docker_env":
        return Environment(kind, None, _docker(tree[kind]))
    if kind != "none":
        return Environment(kind, _named(kind, tree[kind], folder))
    return _found(folder)


def _named(kind: str, given: object, folder: Path) -> Path:
    if not isinstance(given, str):
        raise ProjectError(f"`{kind}` has to be the name of a file in the project.")
    path = folder / given
    if not path.is_file():
        raise ProjectError(f"`{kind}` names '{given}', but there is no such file in the project.")
    return path


def _found(folder: Path) -> Environment:
    """What lies in the folder: MLflow's files first."""
    for kind, name in _FILES:
        if (folder / name).is_file():
            return Environment(kind, folder / name)
    declared = folder / "pyproject.toml"
    if declared.is_file() and _IS_PROJECT.search(declared.read_bytes()):
        return Environment("uv_project", folder)
    if (folder / "requirements.txt").is_file():
        return Environment("requirements", folder / "requirements.txt")
    return Environment()


def _docker(tree: Any) -> Docker:
    """As MLflow checks it; `environment` has names, and lists of a name and a value."""
    docker = _map("`docker_env`", tree)
    image, volumes, variables = docker.get("image"), docker.get("volumes") or [], docker.get("environment") or []
    if not isinstance(image, str) or not image:
        raise ProjectError("`docker_env` names no image.")
    if not isinstance(volumes, list) or not all(isinstance(each, str) for each in volumes):
        raise ProjectError('`volumes` of docker_env is a list of texts: ["/data:/data"].')
    if not isinstance(variables, list) or not all(_is_variable(each) for each in variables):
        raise ProjectError(
            '`environment` of docker_env is a list of names, and of names with values: ["HOME", ["MODE", "fast"]].'
        )
    pairs = (each if isinstance(each, str) else (str(each[0]), str(each[1])) for each in variables)
    return Docker(image, tuple(volumes), tuple(pairs))


def _is_variable(given: object) -> bool:
    return isinstance(given, str) or (isinstance(given, list) and len(given) == 2 and isinstance(given[0], str))


def _map(what: str, tree: Any) -> Mapping[Any, Any]:
    if tree is not None and not isinstance(tree, Mapping):
        raise ProjectError(f"In the MLproject file, {what} has to be a map of names and values.")
    return tree or {}


def _unknown(project: Project, name: str) -> str:
    kinds = ", ".join(PROGRAMS)
    return f"There is no entry point '{name[:200]}', and it is no script ({kinds}).{_known(project)}"


def _known(project: Project) -> str:
    """What there is instead."""
    if project.entry_points:
        return f" The project has: {_listed(list(project.entry_points))}."
    names = sorted(each.name for each in project.folder.iterdir())
    if scripts := [each for each in names if Path(each).suffix in PROGRAMS]:
        return f" Name a script by -e: {_listed(scripts)}."
    if any(each.lower() == _NAME for each in names):
        return " The MLproject file has no entry points, and there is no script."
    return " The folder has no MLproject file and no script."


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
