"""Commands of projects run for tests: many in one bash, with a `show` that says what arguments it got."""

import os
import subprocess
from pathlib import Path

from cumulog._projects.project import Command, EntryPoint, Parameter, Values
from cumulog._projects.reading import command

# The number of the arguments, and each of them. A function is much faster than a program, and gets the same.
_SHOW = r"""show() { printf '%d\0' $#; if (($#)); then printf '%s\0' "$@"; fi; }; export -f show"""


def built(template: str, declared: dict[str, str], extra: dict[str, str] | None = None) -> Command:
    entry = EntryPoint("main", template, {name: Parameter(name) for name in declared})
    return command.built(entry, Values({}, declared, extra or {}))


def shown(commands: list[Command], folder: Path, *, are_quiet: bool = True) -> list[list[list[str]]]:
    """For each command the arguments of each `show` that it ran.

    The commands run in an empty folder. Unless the test says otherwise, they complain of nothing.
    """
    work, told = folder / "work", folder / "told"
    for each in (work, told):
        each.mkdir(exist_ok=True)
    lines = [f"{_quoted(each)} >{told}/{number} 2>{told}/{number}.err" for number, each in enumerate(commands)]
    script = os.fsencode("\n".join([_SHOW, *lines, ""]))
    subprocess.run(["bash", "-s"], input=script, env={"PATH": os.environ["PATH"]}, cwd=work, check=False)
    if are_quiet:
        assert "".join(each.read_text(errors="replace") for each in told.glob("*.err")) == ""
    return [_told(told / str(number)) for number in range(len(commands))]


def _quoted(made: Command) -> str:
    """The command for another bash, with its variables."""
    variables = "".join(f"{name}={_word(value)} " for name, value in made.variables.items())
    return variables + " ".join(map(_word, made.arguments)) + " </dev/null"


def _word(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _told(file: Path) -> list[list[str]]:
    words = os.fsdecode(file.read_bytes()).split("\0")[:-1]
    told = []
    while words:
        count = int(words.pop(0))
        told.append(words[:count])
        del words[:count]
    return told
