"""The server never loads a model: nothing in the package that AWS runs can unpickle, or is a framework for models.

Read from the syntax trees, so that an import inside a function counts too.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path, PurePosixPath

import pytest

from infra.deploy.package.dependencies import is_shipped

ROOT = Path(__file__).resolve().parents[5]
LOCK = ROOT / "infra" / "deploy" / "package" / "requirements.lock"

UNPICKLERS = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
FRAMEWORKS = {"mlflow", "torch", "tensorflow", "keras", "jax", "sklearn", "skops", "xgboost", "lightgbm", "catboost"}
FORBIDDEN = UNPICKLERS | FRAMEWORKS | {"transformers", "onnxruntime", "numpy", "pandas", "scipy"}

# Of pydantic's first version, kept for old programs; nothing imports them, as the last test here shows.
UNUSED = {"pydantic/deprecated/parse.py", "pydantic/v1/parse.py"}


def imported(source: str) -> Iterator[str]:
    """The top-level names of all modules that a source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def locked() -> list[str]:
    """The distributions that are shipped."""
    return re.findall(r"^([A-Za-z0-9_.-]+)==", LOCK.read_text(), re.MULTILINE)


def test_an_import_inside_a_function_is_found() -> None:
    assert set(imported("def f():\n    import pickle\n    from torch.nn import Module\n")) == {"pickle", "torch"}


@pytest.mark.parametrize("path", [ROOT / "app.py", *sorted((ROOT / "chalicelib").rglob("*.py"))], ids=str)
def test_our_own_code_imports_none(path: Path) -> None:
    assert FORBIDDEN.isdisjoint(imported(path.read_text()))


@pytest.mark.slow
def test_what_we_ship_beside_it_imports_none_but_what_nobody_uses() -> None:
    found = {
        str(file)
        for name in locked()
        for file in files(name) or ()
        if file.suffix == ".py" and is_shipped(PurePosixPath(str(file))) and _has_any(Path(str(file.locate())))
    }

    assert found <= UNUSED


@pytest.mark.slow
def test_to_load_the_whole_application_loads_none() -> None:
    program = "import sys, app; print(*sorted({name.partition('.')[0] for name in sys.modules}))"

    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    ).stdout.split()

    assert "chalicelib" in loaded
    # Python itself reads its .pyc files with it.
    assert (FORBIDDEN - {"marshal"}).isdisjoint(loaded)


def _has_any(path: Path) -> bool:
    return not FORBIDDEN.isdisjoint(imported(path.read_text()))
