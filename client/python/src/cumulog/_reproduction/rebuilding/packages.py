"""Which packages a run is run again with: what it had, if it is here as it was; else built from its lock."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Literal, NamedTuple

from cumulog._projects.project import Environment
from cumulog._record import packages
from cumulog._record.programs import asked
from cumulog._reproduction.recorded.run import Missing, Recorded
from cumulog._reproduction.recorded.run import packages as pinned

Manager = Literal["same", "uv", "local"]

_SECONDS = 60.0
_ASK = "import json, platform, sys; print(json.dumps([platform.python_version(), [p for p in sys.path if p]]))"


class Wanted(NamedTuple):
    """What was typed: the manager (empty: `same` if there is one, else `uv`), a version of Python, other versions."""

    manager: str = ""
    python: str = ""
    packages: tuple[str, ...] = ()


class Chosen(NamedTuple):
    """`python` is a program, or the name by which the built environment has it."""

    manager: str
    environment: Environment
    python: str
    version: str = ""
    requirements: str = ""
    missing: tuple[Missing, ...] = ()


class Found(NamedTuple):
    version: str
    requirements: str


def chosen(recorded: Recorded, wanted: Wanted, folder: Path) -> Chosen:
    """The environment; what describes one to be built goes to a folder."""
    is_forced = bool(wanted.python or wanted.packages)
    executable = str((recorded.document.get("python") or {}).get("executable", ""))
    # A record may name whatever its writer likes.
    is_python = Path(executable).is_absolute() and Path(executable).name.startswith(("python", "pypy"))
    if wanted.manager in ("", "same") and not is_forced and is_python:
        found = probed(executable, recorded)
        if found and found.version == recorded.python and pinned(found.requirements) == recorded.packages:
            return Chosen("local", Environment(), executable, *found)
    if wanted.manager == "local" or (not recorded.requirements and not is_forced):
        found = probed(sys.executable, recorded) or Found("", "")
        why = () if recorded.requirements else (Missing("packages", "It ran with the packages that are here."),)
        return Chosen("local", Environment(), sys.executable, *found, why)
    return _built(recorded, wanted, folder)


def probed(executable: str, recorded: Recorded) -> Found | None:
    """Version and packages of a Python; None if it cannot be asked."""
    path = (recorded.document.get("environment") or {}).get("PYTHONPATH", "")
    answer = asked(["env", f"PYTHONPATH={path}", executable, "-c", _ASK], _SECONDS)
    try:
        version, places = json.loads(answer.output)
    except ValueError:
        return None
    return Found(version, packages.installed(places))


def _built(recorded: Recorded, wanted: Wanted, folder: Path) -> Chosen:
    lines = [*_lines(recorded, wanted.packages)]
    # JSON is YAML.
    place = folder / "python_env.yaml"
    kept = [line for line in lines if not _is_gone(line)]
    place.write_text(json.dumps({"python": wanted.python or recorded.python, "dependencies": kept}))
    gone = tuple(
        Missing("packages", f"'{line}' was installed from a folder that is not here.")
        for line in lines
        if _is_gone(line)
    )
    local = tuple(
        Missing("packages", f"'{line}' is a folder of this machine, as it is now.")
        for line in kept
        if " @ file:" in line
    )
    requirements = "".join(f"{line.split(' --hash=')[0]}\n" for line in kept)
    version = wanted.python or recorded.python
    return Chosen("uv", Environment("python_env", place), "python", version, requirements, (*gone, *local))


def _lines(recorded: Recorded, others: tuple[str, ...]) -> list[str]:
    """The requirements, each in one line with its digests; what `others` name instead of what was."""
    text = recorded.lock or recorded.requirements
    joined = re.sub(r"\s*\\\r?\n\s*", " ", text)
    lines = [line.strip() for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    # What comes from a folder or a repository is in no lock.
    known = set(pinned("\n".join(lines)))
    besides = [line for line in recorded.requirements.splitlines() if " @ " in line and {*pinned(line)} - known]
    instead = {_name(each): each for each in others}
    kept = [line for line in (*lines, *besides) if _name(line) not in instead]
    return sorted([*kept, *instead.values()])


def _name(line: str) -> str:
    match = re.match(r"[A-Za-z0-9][\w.\-]*", line)
    return re.sub(r"[-_.]+", "-", match[0]).lower() if match else line


def _is_gone(line: str) -> bool:
    origin = line.partition(" @ file://")[2]
    return bool(origin) and not Path(origin.split("#")[0]).exists()


def client_path(folder: Path) -> str:
    """A folder with nothing but this client, for environments that were built without it."""
    place = folder / "client"
    place.mkdir(exist_ok=True)
    link = place / "cumulog"
    if not link.exists():
        link.symlink_to(Path(__file__).resolve().parents[2], target_is_directory=True)
    return os.fspath(place)
