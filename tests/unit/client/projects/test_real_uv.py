"""uv itself: where it is not installed, these are left out."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from cumulog._projects.children import Program, Stop, run
from cumulog._projects.environments import uv
from cumulog._projects.environments.prepared import Bench
from cumulog._projects.environments.specification import Specification

pytestmark = pytest.mark.skipif(not (find_spec("uv") or shutil.which("uv")), reason="uv is not installed")


def test_an_environment_without_packages_runs_its_own_python(tmp_path: Path) -> None:
    printed = bytearray()
    with Stop() as stop:
        bench = Bench(tmp_path, lambda _number, block: printed.extend(block), stop)
        found, place = uv.prepared(Specification(tmp_path), bench)
        code = run(
            Program(["python", "-c", "import sys; print(sys.prefix)"], tmp_path, found.variables), bench.said, stop
        )
    place.close()

    assert code == 0
    assert printed.decode().endswith(f"{found.folder}/venv\n")
