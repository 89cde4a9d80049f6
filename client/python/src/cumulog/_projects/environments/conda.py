"""Environments by conda, or what else is installed and reads its files."""

import os
import shutil
from pathlib import Path

from cumulog._projects.children import STDERR, Program, run
from cumulog._projects.environments import cache
from cumulog._projects.environments.prepared import Bench, Prepared
from cumulog._projects.errors import ProjectError

_PROGRAMS = ("conda", "mamba", "micromamba", "pixi")


def program() -> str:
    """The first that is installed; empty if none is."""
    named = os.environ.get("MLFLOW_CONDA_HOME", "")
    found = [f"{named}/bin/conda"] if named else []
    return next((path for path in (*found, *map(shutil.which, _PROGRAMS)) if path and Path(path).is_file()), "")


def prepared(file: Path, bench: Bench) -> tuple[Prepared, cache.Place]:
    """The environment of a conda.yaml, built unless it is there. Raises ProjectError."""
    conda = program()
    if not conda:
        raise ProjectError(
            "This project wants an environment of conda, and none of conda, mamba, micromamba and pixi is installed. "
            "Install one of them, or have only its Python packages installed: --env-manager uv"
        )
    place = cache.Place(cache.digest({"conda": Path(conda).name}, {"conda.yaml": file.read_bytes()}))
    try:
        with place.built_by_one(bench):
            if place.facts() is None:
                _build(conda, file, place, bench)
        prefix = place.folder / "prefix"
        return Prepared("conda", before=_before(conda, prefix), folder=place.folder), place
    except BaseException:
        place.close()
        raise


def _build(conda: str, file: Path, place: cache.Place, bench: Bench) -> None:
    bench.said(STDERR, b"Building the environment.\n")
    place.folder.mkdir(parents=True)
    prefix = place.folder / "prefix"
    words = {
        "micromamba": ["create", "--yes", "--quiet", "--prefix", str(prefix), "--file", str(file)],
        "pixi": ["init", "--import", str(file), str(prefix)],
    }.get(Path(conda).name, ["env", "create", "--quiet", "--prefix", str(prefix), "--file", str(file)])
    code = run(Program([conda, *words], bench.folder, os.environ), bench.said, bench.stop)
    if code:
        raise ProjectError(f"The environment of {file.name} cannot be built: {Path(conda).name} ended with {code}.")
    place.complete({"conda": conda})
    cache.prune()


def _before(conda: str, prefix: Path) -> tuple[str, ...]:
    if Path(conda).name == "pixi":
        return (conda, "run", "--manifest-path", str(prefix))
    whole = () if Path(conda).name == "micromamba" else ("--no-capture-output",)
    return (conda, "run", *whole, "--prefix", str(prefix))
