"""MLproject files made by chance: most are right, and every second one has a twist.

A twist changes one thing. Where MLflow 3.17.2 does something else with it than we do, the twist says why.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import yaml

_NAMES = ["alpha", "l1_ratio", "data-path", "max depth", "a'b", 'a"b', "$(touch ran)", "a;touch ran", "é"]
VALUES = [
    *("0.5", "", "plain", "a b", "a; touch ran", "$(touch ran)", "`touch ran`", "'; touch ran; '", '"; touch ran; "'),
    *("it's", "\\", "*", "~", "--x", "-", "$HOME", "{alpha}", "a\nb", "☃", "#", "!", "| touch ran", "> ran"),
]
_KINDS = ["string", "float", "int", "what"]


@dataclass
class Case:
    """A project, how it is run, and the arguments that `show` has to get."""

    tree: Any
    words: list[str]
    entry: str = "main"
    given: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    file: str = "MLproject"
    text: str = ""
    is_elsewhere: bool = False

    @property
    def content(self) -> str:
        return self.text or yaml.safe_dump(self.tree, allow_unicode=True, sort_keys=False)

    @property
    def main(self) -> dict[str, Any]:
        point: dict[str, Any] = self.tree["entry_points"]["main"]
        return point

    def declare(self, declared: Any, template: str = "{new}") -> None:
        """One more parameter, used at the end of the command."""
        self.main["parameters"]["new"] = declared
        self.main["command"] = f"{self.main['command'].rstrip()} {template}"


def case(number: int) -> tuple[Case, str]:
    """The case of a number, and the name of its twist; empty if it has none."""
    chance = Random(number)
    made = _right(chance)
    if number % 2 == 0:
        return made, ""
    name = sorted(TWISTS)[number // 2 % len(TWISTS)]
    TWISTS[name].change(made, chance)
    return made, name


def _right(chance: Random) -> Case:
    made = Case({"name": chance.choice(["tutorial", 'it\'s a "name"; $(touch ran)', 5, None])}, [])
    _environment(made, chance)
    parameters: dict[str, Any] = {}
    words = ["show"]
    for name in chance.sample(_NAMES, chance.randrange(5)):
        value = _declared(made, parameters, name, chance)
        before, after = chance.choice([("", ""), (f"--{len(words)}=", ""), ("a", "b"), ('"c d"', "'e'")])
        words.append(f"{before}{{{name}}}{after}")
        made.words.append(before.strip('"') + value + after.strip("'"))
    command = chance.choice([" ", " \\\n   "]).join(words)
    made.tree["entry_points"] = {"main": {"parameters": parameters, "command": command}, "other": {"command": "true"}}
    if chance.random() < 0.4:
        for name in chance.sample(["x", "y z", "q'; touch ran", "$(touch ran)x"], 2):
            made.given[name] = chance.choice(VALUES)
            made.words += [f"--{name}", made.given[name]]
    return made


def _declared(made: Case, parameters: dict[str, Any], name: str, chance: Random) -> str:
    """Declare a parameter, and give it a value or leave that to the default. What the command gets."""
    value = chance.choice(VALUES)
    if chance.random() < 0.4:
        default = chance.choice([value, 0.5, True, 7])
        parameters[name] = {"type": chance.choice(_KINDS), "default": default}
        return str(default)
    kind = chance.choice([*_KINDS, "uri"])
    parameters[name] = chance.choice(
        [kind, {"type": kind}, {"type": kind, "default": None}, {"type": kind, "default": "d:"}]
    )
    made.given[name] = f"s3://bucket/{value}" if kind == "uri" else value
    return made.given[name]


def _environment(made: Case, chance: Random) -> None:
    made.files |= {name: "" for name in ("python_env.yaml", "conda.yaml", "own.yaml") if chance.random() < 0.3}
    kind = chance.choice(["none", "python_env", "conda_env", "docker_env"])
    if kind == "docker_env":
        docker = {"image": "i", "volumes": ["/a:/b"], "environment": ["HOME", ["A", "b"]]}
        made.tree[kind] = dict(chance.sample(sorted(docker.items()), 3)[: chance.randrange(3)], image="i")
    elif kind != "none":
        made.files["own.yaml"] = ""
        made.tree[kind] = "own.yaml"


Change = Callable[[Case, Random], None]


@dataclass(frozen=True)
class Twist:
    """`theirs` and `ours`: whether the command runs. If `reason` is empty both do the same."""

    change: Change
    theirs: bool = False
    ours: bool = False
    reason: str = ""


def _sets(**entries: Any) -> Change:
    """Entries of the file; the environment goes, so that there is only what is set."""

    def change(made: Case, chance: Random) -> None:
        for kind in ("python_env", "conda_env", "docker_env"):
            made.tree.pop(kind, None)
        made.tree.update(entries)

    return change


def _main(**entries: Any) -> Change:
    return lambda made, chance: made.main.update(entries)


def _text(text: str) -> Change:
    def change(made: Case, chance: Random) -> None:
        made.text = text

    return change


def _new(declared: Any, template: str = "{new}", value: str | None = None, word: str | None = None) -> Change:
    """One more parameter, without further ones that are not declared; its value by chance if none is given."""

    def change(made: Case, chance: Random) -> None:
        given = chance.choice(VALUES) if value is None else value
        _drop_extra(made)
        made.declare(declared, template)
        made.given["new"] = given
        made.words.append(given if word is None else word)

    return change


def _default(declared: Any, word: str) -> Change:
    def change(made: Case, chance: Random) -> None:
        _new(declared, "{new}", "", word)(made, chance)
        del made.given["new"]

    return change


def _drop_extra(made: Case) -> None:
    for name in set(made.given) - set(made.main["parameters"]):
        at = made.words.index(f"--{name}")
        del made.words[at : at + 2], made.given[name]


def _script(name: str, words: list[str], *, is_there: bool = True) -> Change:
    def change(made: Case, chance: Random) -> None:
        made.entry, made.given, made.words = name, {"x": "a b"}, [*words, "--x", "a b"]
        if is_there:
            made.files[name] = ""

    return change


def _file(name: str) -> Change:
    def change(made: Case, chance: Random) -> None:
        made.file = name

    return change


def _after_a_newline(made: Case, chance: Random) -> None:
    made.main["command"] += "\n"
    made.given["last"] = "1"
    made.words += ["--last", "1"]


def _path_from_elsewhere(made: Case, chance: Random) -> None:
    _new("path", "{new}", "data.csv", "PROJECT/data.csv")(made, chance)
    made.files["data.csv"], made.is_elsewhere = "", True


def _numbered(made: Case, chance: Random) -> None:
    made.tree["entry_points"][1] = made.main
    made.entry = "1"


_NULL = "MLflow crashes on a null, which YAML writes where nothing was written."
_LITERAL = "MLflow's quotes and those of the template undo each other; here a value is always literal."
_FORMAT = "MLflow formats the quoted text, which is no value anymore."
TWISTS = {
    "two environments": Twist(_sets(python_env="own.yaml", conda_env="own.yaml")),
    "an environment that is not there": Twist(_sets(python_env="none.yaml")),
    "a conda environment that is not there": Twist(_sets(conda_env="none.yaml")),
    "docker without an image": Twist(_sets(docker_env={"volumes": ["a"]})),
    "docker with volumes that are a text": Twist(_sets(docker_env={"image": "i", "volumes": "/a:/b"})),
    "docker with variables that are a map": Twist(_sets(docker_env={"image": "i", "environment": {"A": "b"}})),
    "docker that is a text": Twist(_sets(docker_env="python:3")),
    "docker with three texts for a variable": Twist(
        _sets(docker_env={"image": "i", "environment": [["A", "b", "c"]]}),
        True,
        False,
        "MLflow takes it and drops the third.",
    ),
    "an environment that is a folder": Twist(
        _sets(python_env="."), True, False, "MLflow fails later, when it reads it."
    ),
    "an environment that is empty": Twist(_sets(python_env=None), True, True),
    "unknown keys": Twist(_sets(kubernetes_env={"a": None}, registry=None), True, True),
    "no entry point of that name": Twist(lambda made, chance: setattr(made, "entry", "train")),
    "no value": Twist(lambda made, chance: made.declare("float")),
    "a null as the default": Twist(lambda made, chance: made.declare({"default": None})),
    "a placeholder of no parameter": Twist(_main(command="show {nope}")),
    "a placeholder by number": Twist(_main(command="show {0}")),
    "a placeholder without a name": Twist(_main(command="show {}")),
    "a brace alone": Twist(_main(command="show {")),
    "another brace alone": Twist(_main(command="show }")),
    "a variable in braces": Twist(_main(command="show ${HOME}")),
    "a command that is a number": Twist(_main(command=5)),
    "a command that is a list": Twist(_main(command=["show"])),
    "no command": Twist(_main(command=None)),
    "an empty command": Twist(_main(command=""), True, False, "There is nothing to run."),
    "no YAML": Twist(_text("name: [")),
    "YAML that is a list": Twist(_text("- name")),
    "YAML that is a text": Twist(_text("name")),
    "a tab": Twist(_text("name: a\nentry_points:\n\tmain: a")),
    "an object of Python": Twist(_text("!!python/object/apply:os.system ['touch ran']")),
    "an empty file": Twist(_text("# nothing")),
    "null entry points": Twist(_sets(entry_points=None)),
    "entry points that are a list": Twist(_sets(entry_points=["main"])),
    "parameters that are a list": Twist(_main(parameters=["a"])),
    "null parameters": Twist(
        lambda made, chance: (
            made.main.update(parameters=None, command="show"),
            made.given.clear(),
            made.words.clear(),
        ),
        False,
        True,
        _NULL,
    ),
    "a null parameter": Twist(_new(None), False, True, _NULL),
    "a number for a parameter": Twist(_new(5)),
    "another file name": Twist(_file("mlPROJECT"), True, True),
    "a file name with an ending": Twist(_file("MLproject.yaml")),
    "a uri without a scheme": Twist(_new("uri", "{new}", "a/b")),
    "a number for a uri": Twist(lambda made, chance: made.declare({"type": "uri", "default": 5})),
    "a path that is not there": Twist(_new("path", "{new}", "none")),
    "a path": Twist(_new("path", "{new}", "MLproject", "PROJECT/MLproject"), True, True),
    "a path that begins with file": Twist(_new("path", "{new}", "file:///dev/null", "/dev/null"), True, True),
    "a path from elsewhere": Twist(
        _path_from_elsewhere,
        False,
        True,
        "A path is seen from the project, and then from here; by MLflow only from here.",
    ),
    "single quotes around": Twist(_new("string", "'{new}'"), True, True, _LITERAL),
    "double quotes around": Twist(_new("string", '"{new}"'), True, True, _LITERAL),
    "a backslash before": Twist(_new("string", "\\{new}"), True, True, _LITERAL),
    "a conversion": Twist(_new("string", "{new!r}"), True, False, _FORMAT),
    "a width": Twist(_new("string", "{new:>10}"), True, False, _FORMAT),
    "a character": Twist(_new("string", "{new[0]}", "abc"), True, False, _FORMAT),
    "an attribute": Twist(_new("string", "{new.upper}"), True, False, _FORMAT),
    "a newline at the end": Twist(
        _after_a_newline, True, True, "What is not declared becomes a second command of MLflow's."
    ),
    "a default that is a list": Twist(
        _default({"default": ["a"]}, ""), True, False, "MLflow gives Python's text of the list."
    ),
    "a default that is a map": Twist(
        _default({"default": {"a": 1}}, ""), True, False, "MLflow gives Python's text of the map."
    ),
    "a default that is a date": Twist(_default({"default": "2026-01-02"}, "2026-01-02"), True, True),
    "a merge of maps": Twist(
        _text("a: &a {command: show}\nentry_points: {main: {<<: *a}}"),
        True,
        False,
        "A few lines of merges fill the memory.",
    ),
    "a Spark job of Databricks": Twist(
        _sets(databricks_spark_job={"python_libraries": ["a"]}, docker_env=None), False, False
    ),
    "an entry point that is a number": Twist(
        _numbered, False, True, "MLflow looks for a text, and does not find the number."
    ),
    "a script": Twist(_script("a.py", ["python", "a.py"]), True, True),
    "a script of the shell": Twist(_script("a b.sh", ["bash", "a b.sh"]), True, True),
    "a script with quotes": Twist(_script("a'; touch ran; '.py", ["python", "a'; touch ran; '.py"]), True, True),
    "a script with braces": Twist(
        _script("a{b}.py", ["python", "a{b}.py"]), False, True, "MLflow takes them for a parameter."
    ),
    "a script that is not there": Twist(
        _script("a.py", [], is_there=False), True, False, "MLflow leaves it to Python, after the environment was made."
    ),
    "a script like an option": Twist(
        _script("-x.py", ["python", "./-x.py"]), True, True, "MLflow gives Python an option."
    ),
    "a script of R": Twist(
        _script("a.R", ["Rscript", "a.R"]), True, True, "MLflow's form needs its package for R; an R script does not."
    ),
}
