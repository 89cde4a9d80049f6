"""What `import cumulog` gives, and what it costs."""

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import cumulog

ROOT = Path(__file__).resolve().parents[3]
LOADED = """
import sys
before = set(sys.modules)
import cumulog, json
print(json.dumps(sorted(set(sys.modules) - before)))
"""
# Ours are 27; types, paths, threads and JSON bring 60 of the standard library on Python 3.11.
MOST_MODULES = 100
# Each takes as long as a tenth to a fifth of the rest, and most jobs need none of them.
LATER = {"dataclasses", "hashlib", "inspect", "random", "secrets", "tempfile"}


def test_the_import_loads_the_standard_library_and_little_of_it():
    source = str(ROOT / "client/python/src")

    done = subprocess.run([sys.executable, "-c", LOADED], env={"PYTHONPATH": source}, capture_output=True, check=True)

    modules = json.loads(done.stdout)
    strangers = {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names)
    assert strangers == {"cumulog"}
    # Half of what a process may cost, which no line needs before it is delivered.
    assert {"http.client", "ssl", "requests", *LATER} & set(modules) == set()
    assert len(modules) <= MOST_MODULES


def test_the_types_of_requests_and_replies_are_not_loaded():
    script = "import cumulog, sys; cumulog.Client('http://server'); print(*sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(ROOT / "client/python/src")},
        capture_output=True,
        text=True,
    )

    loaded = {name for name in done.stdout.split() if name.startswith("cumulog._client.generated.")}
    assert "cumulog._client.generated.runs" in loaded
    assert {name.rpartition(".")[2] for name in loaded} & {"messages", "replies"} == set()


def test_everything_public_is_in_one_list_and_documented():
    public = {name for name in vars(cumulog) if not name.startswith("_")} - {"annotations"}
    modules = {name for name in public if inspect.ismodule(getattr(cumulog, name))}

    # Which is loaded when it is asked for.
    lazy = set(cumulog._LATER)
    assert (public - modules) | lazy == set(cumulog.__all__) - {"__version__"}
    assert [name for name in cumulog.__all__ if not inspect.getdoc(getattr(cumulog, name))] == []


def test_every_public_name_is_in_the_readme_and_says_what_it_is():
    readme = (ROOT / "client/python/README.md").read_text()
    things = {name: getattr(cumulog, name) for name in cumulog.__all__ if name != "__version__"}

    assert [name for name, thing in things.items() if not thing.__doc__ and not issubclass(thing, Exception)] == []
    assert [name for name in things if name.islower() and f"`{name}`" not in readme and f"{name}(" not in readme] == []


def test_a_name_of_mlflow_that_is_missing_is_explained_however_it_is_asked_for():
    with pytest.raises(AttributeError, match=r"cumulog\.Client has every endpoint"):
        cumulog.MlflowClient  # noqa: B018
    with pytest.raises(ImportError, match=r"cumulog\.Client has every endpoint"):
        from cumulog import MlflowClient  # noqa: F401


def test_every_error_is_one_of_ours():
    errors = [each for each in vars(cumulog).values() if inspect.isclass(each) and issubclass(each, Exception)]

    assert len(errors) == 6
    assert all(issubclass(error, cumulog.CumulogError) for error in errors)
