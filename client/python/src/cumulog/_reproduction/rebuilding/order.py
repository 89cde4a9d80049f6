"""From a record to an order that can be run, with what is to differ from it."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from cumulog._projects.environments.choosing import Choice
from cumulog._projects.project import Command, EntryPoint, Project, Values
from cumulog._projects.running.order import Order
from cumulog._record import machine
from cumulog._reproduction.errors import NotReproducible
from cumulog._reproduction.rebuilding import packages, places, projects
from cumulog._reproduction.rebuilding.packages import Chosen
from cumulog._reproduction.rebuilding.placing import Place, source, working_folder
from cumulog._reproduction.recorded.run import Invocation, Recorded
from cumulog._reproduction.recorded.run import packages as pinned

# Where several processes train together: one that is alone would wait for the others.
_OF_SEVERAL = ("MASTER_ADDR", "WORLD_SIZE", "RANK", "LOCAL_RANK", "LOCAL_WORLD_SIZE")


class Changes(NamedTuple):
    """What is to differ from the record: parameters, variables, the arguments (None: as they were)."""

    parameters: Mapping[str, str] = MappingProxyType({})
    variables: Mapping[str, str] = MappingProxyType({})
    arguments: tuple[str, ...] | None = None


def ordered(recorded: Recorded, place: Place, chosen: Chosen, changes: Changes) -> Order:
    """What is to be run. Raises NotReproducible, and ProjectError for a project that cannot be read."""
    if recorded.is_project:
        found = projects.ordered(recorded, place, chosen, changes.parameters)
    else:
        found = _of_script(recorded, place, chosen, changes)
    variables = {**_environment(recorded, place, chosen, changes), **found.command.variables}
    return found._replace(command=found.command._replace(variables=variables))


def require_command(recorded: Recorded) -> None:
    """Raises NotReproducible if nobody knows what was started."""
    if recorded.is_project or recorded.invocation.is_known:
        return
    what = recorded.tags.get("mlflow.source.name", "")
    why = f"it was started from '{what}', which no command runs again" if what else "it does not say what was run"
    raise NotReproducible(f"Run {recorded.run_id} cannot be run again: {why}.")


def _of_script(recorded: Recorded, place: Place, chosen: Chosen, changes: Changes) -> Order:
    invocation = recorded.invocation
    folder = working_folder(recorded, place)
    words = _words(recorded, place, folder, changes)
    text = shlex.join([chosen.python, *words])
    project = Project(folder, "", {}, chosen.environment)
    entry = EntryPoint(invocation.script or invocation.module or "main", text, {})
    made = Command([chosen.python, *words], {}, text)
    return Order(source(recorded, place), project, entry, Values({}, {}, {}), made, Choice(chosen.manager))


def _words(recorded: Recorded, place: Place, folder: Path, changes: Changes) -> list[str]:
    """What follows Python's name on the command line."""
    invocation = recorded.invocation
    if invocation.command and not (invocation.script or invocation.module):
        return [places.moved(each, recorded, place.tree) for each in invocation.command[1:]]
    given = invocation.arguments if changes.arguments is None else changes.arguments
    arguments = _with_parameters([places.moved(each, recorded, place.tree) for each in given], changes.parameters)
    if invocation.module:
        return [*invocation.options, "-m", invocation.module, *arguments]
    script = _script(recorded, place)
    return [*invocation.options, os.path.relpath(script, folder), *arguments]


def _script(recorded: Recorded, place: Place) -> Path:
    """The script among the code. MLflow's client gives its whole path on another machine, or the end of it."""
    named = recorded.invocation.script
    parts = Path(places.moved(named, recorded, place.tree)).parts
    ends = [place.tree / Path(*parts[at:]) for at in range(len(parts))]
    found = next((each for each in ends if each.is_file()), None)
    if found is None or not found.resolve().is_relative_to(place.tree.resolve()):
        raise NotReproducible(f"The code of run {recorded.run_id} has no file '{named}'.")
    return found


def _with_parameters(arguments: list[str], given: Mapping[str, str]) -> list[str]:
    """Arguments with other values for options: of `--name value` and `--name=value`; new ones are added."""
    words = list(arguments)
    for name, value in given.items():
        option = f"--{name.lstrip('-')}"
        at = next((at for at, word in enumerate(words) if word.partition("=")[0] == option), None)
        if at is None:
            words += [option, value]
        elif "=" in words[at] or at + 1 == len(words):
            words[at] = f"{option}={value}"
        else:
            words[at + 1] = value
    return words


def _environment(recorded: Recorded, place: Place, chosen: Chosen, changes: Changes) -> dict[str, str]:
    """Variables as they were, but for those that are to differ."""
    told: Mapping[str, str] = recorded.document.get("environment") or {}
    known = recorded.variables.items()
    kept = {name: value for name, value in known if "[secret]" not in value and name not in _OF_SEVERAL}
    found = {name: places.moved(value, recorded, place.tree) for name, value in kept.items()}
    path = [places.moved(each, recorded, place.tree) for each in told.get("PYTHONPATH", "").split(os.pathsep) if each]
    if chosen.manager == "uv" and recorded.document and "cumulog" not in pinned(chosen.requirements):
        path.append(packages.client_path(place.scratch))
    if path:
        found["PYTHONPATH"] = os.pathsep.join(path)
    return {**found, **_on_the_path(chosen), **changes.variables}


def _on_the_path(chosen: Chosen) -> dict[str, str]:
    """What has a command find the Python that is there already."""
    if chosen.manager != "local" or not Path(chosen.python).is_absolute():
        return {}
    programs = Path(chosen.python).parent
    found = {"PATH": os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])}
    return found | ({"VIRTUAL_ENV": str(programs.parent)} if (programs.parent / "pyvenv.cfg").is_file() else {})


def unset(recorded: Recorded) -> list[str]:
    """The variables that are set here, and were not when the run was recorded."""
    if not recorded.document:
        return []
    told = recorded.document.get("environment") or {}
    return [name for name in machine.environment(os.environ) if name not in told]


def invoked(recorded: Recorded, changes: Changes) -> Invocation:
    """How it is started now, for whoever compares it with the record."""
    given = recorded.invocation.arguments if changes.arguments is None else changes.arguments
    return recorded.invocation._replace(arguments=tuple(_with_parameters([*given], changes.parameters)))
