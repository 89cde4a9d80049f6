"""What MLproject files and folders without one say."""

from pathlib import Path

import pytest

from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Docker, EntryPoint, Environment, Parameter, Project
from cumulog._projects.reading import mlproject


def project(folder: Path, text: str = "", **files: str) -> Project:
    """The project of an MLproject file; `a__b` is the file a.b."""
    if text:
        (folder / "MLproject").write_text(text)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content)
    return mlproject.read(folder)


def test_a_project_has_a_name_and_entry_points_with_parameters(tmp_path: Path) -> None:
    read = project(
        tmp_path,
        """
name: tutorial
unknown: 1
entry_points:
  main:
    parameters:
      data: path
      alpha: {type: float, default: 0.5}
      rate: {default: 1e-1}
      flag: {type: string, default: true}
      none: {type: string, default: null}
      nothing:
    command: "python train.py {data}"
  validate: {command: "true"}
""",
    )

    parameters = {
        "data": Parameter("data", "path"),
        "alpha": Parameter("alpha", "float", "0.5"),
        "rate": Parameter("rate", "string", "1e-1"),
        "flag": Parameter("flag", "string", "True"),
        "none": Parameter("none", "string", None),
        "nothing": Parameter("nothing"),
    }
    points = {
        "main": EntryPoint("main", "python train.py {data}", parameters),
        "validate": EntryPoint("validate", "true", {}),
    }
    assert read == Project(tmp_path, "tutorial", points, Environment())


@pytest.mark.parametrize("name", ["MLproject", "mlproject", "MLPROJECT"])
def test_the_file_is_found_in_any_case(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("name: here")

    assert mlproject.read(tmp_path).name == "here"


@pytest.mark.parametrize("text", ["# nothing", "{}", "name:\nentry_points:\ndatabricks_spark_job:"])
def test_a_file_may_say_nothing(tmp_path: Path, text: str) -> None:
    assert project(tmp_path, text) == Project(tmp_path, "", {}, Environment())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a", "has to be a map of names and values"),
        ("a: [", "MLproject is no YAML"),
        ("name: [a]", "`name` has to be a text or a number"),
        ("entry_points: [main]", "`entry_points` has to be a map"),
        ("entry_points: {main: python}", "the entry point 'main' has to be a map"),
        ("entry_points: {main: {command: [a]}}", "The `command` of the entry point 'main' has to be a text"),
        (
            "entry_points: {main: {command: a, parameters: [x]}}",
            "`parameters` of the entry point 'main' has to be a map",
        ),
        ("entry_points: {main: {command: a, parameters: {x: 1}}}", "the parameter 'x' has to be a map"),
        ("entry_points: {main: {command: a, parameters: {x: {default: [1]}}}}", "default of the parameter 'x'"),
        ("entry_points: {main: {command: a, parameters: {x: {type: {}}}}}", "type of the parameter 'x'"),
        (f"name: 0x{'f' * 5000}", "`name` is too long a number"),
        (f"name: {'9' * 5000}", "MLproject is no YAML"),
        ("python_env: a\nconda_env: b", "one environment; this one has python_env and conda_env"),
        ("python_env: env.yaml", "names 'env.yaml', but there is no such file"),
        ("python_env: [env.yaml]", "has to be the name of a file"),
        ("docker_env: python", "`docker_env` has to be a map"),
        ("docker_env: {volumes: []}", "names no image"),
        ("docker_env: {image: i, volumes: /a}", "is a list of texts"),
        ("docker_env: {image: i, environment: [[A, b, c]]}", "is a list of names, and of names with values"),
        ("databricks_spark_job: {python_file: a.py}", "a Spark job of Databricks"),
    ],
)
def test_a_file_that_is_wrong_says_where(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ProjectError, match=message):
        project(tmp_path, text)


def test_a_few_lines_cannot_fill_the_memory(tmp_path: Path) -> None:
    lines = ["a0: &a0 x", *(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 30))]

    with pytest.raises(ProjectError, match="has to be a text"):
        project(tmp_path, "\n".join([*lines, "name: *a29"]))


def test_docker_has_an_image_volumes_and_variables(tmp_path: Path) -> None:
    read = project(tmp_path, 'docker_env: {image: i, volumes: ["/a:/b"], environment: [HOME, [A, "b c"]]}')

    assert read.environment == Environment("docker_env", None, Docker("i", ("/a:/b",), ("HOME", ("A", "b c"))))


EVERYTHING = {
    "python_env__yaml": "python: 3.11",
    "conda__yaml": "name: a",
    "pyproject__toml": "[project]\nname = 'a'",
    "requirements__txt": "a",
}


def test_the_environment_that_is_named_comes_first(tmp_path: Path) -> None:
    read = project(tmp_path, "conda_env: own.yaml", own__yaml="name: b", **EVERYTHING)

    assert read.environment == Environment("conda_env", tmp_path / "own.yaml")


@pytest.mark.parametrize(
    ("left", "kind", "name"),
    [
        (4, "python_env", "python_env.yaml"),
        (3, "conda_env", "conda.yaml"),
        (2, "uv_project", ""),
        (1, "requirements", "requirements.txt"),
    ],
)
def test_without_a_name_the_files_of_the_folder_say(tmp_path: Path, left: int, kind: str, name: str) -> None:
    read = project(tmp_path, **dict(list(EVERYTHING.items())[-left:]))

    assert read.environment == Environment(kind, tmp_path / name)


def test_settings_of_tools_are_no_project(tmp_path: Path) -> None:
    assert project(tmp_path, pyproject__toml="[tool.ruff]").environment == Environment()


def test_a_script_is_an_entry_point(tmp_path: Path) -> None:
    read = project(tmp_path, "name: a", **{"a b{}__py": "", "-x__sh": "", "c__R": ""})

    commands = [mlproject.entry_point(read, name).command for name in ("a b{}.py", "-x.sh", "c.R")]

    assert commands == ["python 'a b{{}}.py'", "bash ./-x.sh", "Rscript c.R"]


def test_a_declared_entry_point_comes_before_a_script(tmp_path: Path) -> None:
    read = project(tmp_path, "entry_points: {train.py: {command: make}}", train__py="")

    assert mlproject.entry_point(read, "train.py").command == "make"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("test", "no entry point 'test', and it is no script .* The project has: main, empty."),
        ("test.py", "no script 'test.py' in the project. The project has: main, empty."),
        (f"{'x' * 300}.py", "no script"),
        ("a\0.py", "no script"),
        ("empty", "The entry point 'empty' has no `command`"),
    ],
)
def test_an_entry_point_that_is_not_there_names_those_that_are(tmp_path: Path, name: str, message: str) -> None:
    read = project(tmp_path, "entry_points: {main: {command: make}, empty: }")

    with pytest.raises(ProjectError, match=message):
        mlproject.entry_point(read, name)


def test_a_folder_without_a_project_names_its_scripts(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"no MLproject file and no script"):
        mlproject.entry_point(project(tmp_path), "main")
    with pytest.raises(ProjectError, match=r"Name a script by -e: a.py, b.sh\."):
        mlproject.entry_point(project(tmp_path, b__sh="", a__py=""), "main")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="cannot be read: No such file"):
        mlproject.read(tmp_path / "none")


INLINE = "# /// script\n# dependencies = ['a']\n# ///\n"


def test_a_script_may_bring_its_own_environment(tmp_path: Path) -> None:
    read = project(tmp_path, requirements__txt="a", own__py=INLINE, plain__py="print()", shell__sh=INLINE)

    def environment(name: str) -> Environment:
        return mlproject.for_script(read, mlproject.entry_point(read, name)).environment

    assert environment("own.py") == Environment("script", tmp_path / "own.py")
    assert environment("plain.py") == environment("shell.sh") == read.environment
