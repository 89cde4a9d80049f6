"""Virtual environments by uv: resolved once to a lock with digests, and installed from that."""

import os
import platform
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cumulog._projects.children import STDERR, Program, run
from cumulog._projects.environments import cache, indexes
from cumulog._projects.environments.prepared import Bench, Prepared
from cumulog._projects.environments.specification import Specification, this_python
from cumulog._projects.errors import ProjectError
from cumulog._record.confidential import masked

_FORMAT = 1
_MOST_SAID = 4000
_COMPILE = ("--generate-hashes", "--no-header", "--no-annotate", "--quiet")
_PLAIN = re.compile(r"\d+(?:\.\d+)*")


def prepared(wanted: Specification, bench: Bench, manager: str = "uv") -> tuple[Prepared, cache.Place]:
    """The environment, built unless it is there. The place has to be closed after its use. Raises ProjectError."""
    python = interpreter(wanted.python)
    place = cache.Place(cache.digest(_facts(wanted, python), wanted.files()))
    try:
        if place.facts() is None or wanted.local():
            bench.said(STDERR, b"Building the environment.\n")
        with place.built_by_one(bench):
            if place.facts() is None:
                _build(wanted, python, place, bench)
            if wanted.local():
                # Their files may be other ones than last time.
                _install_local(wanted, place.folder, bench)
        return _described(place, manager, _own_code(wanted)), place
    except BaseException:
        place.close()
        raise


def interpreter(version: str) -> str:
    """What uv makes the environment from: a program, or a version or condition by which it finds or fetches one."""
    ours = this_python()
    if not version or (_PLAIN.fullmatch(version) and f"{ours}.".startswith(f"{version}.")):
        return getattr(sys, "_base_executable", "") or sys.executable
    known = Path(os.environ.get("PYENV_ROOT", "") or Path("~/.pyenv").expanduser()) / "versions"
    names = [each.name for each in known.glob("*") if f"{each.name}.".startswith(f"{version}.")]
    best = max(names, key=lambda name: [int(part) for part in re.findall(r"\d+", name)], default="")
    program = known / best / "bin" / "python"
    return str(program) if best and program.is_file() else version


def program() -> str:
    """uv: of this Python, or on the path. Raises ProjectError, which says how to install it."""
    if find_spec("uv"):
        return str(import_module("uv").find_uv_bin())
    if found := shutil.which("uv"):
        return found
    raise ProjectError(
        "uv is needed to build the environment of this project: pip install uv. "
        "Or run it with the packages of this Python: --env-manager local"
    )


def _facts(wanted: Specification, python: str) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "python": [wanted.python, python, this_python()],
        "platform": [sys.platform, platform.machine()],
        "lines": wanted.lines,
        # What is relative to it would be something else elsewhere.
        "folder": str(wanted.folder) if wanted.local() else "",
    }


def _build(wanted: Specification, python: str, place: cache.Place, bench: Bench) -> None:
    venv, lock = place.folder / "venv", place.folder / "requirements.lock"
    place.folder.mkdir(parents=True)
    _uv(["venv", "--quiet", "--no-project", f"--python={python}", str(venv)], bench, "Python cannot be set up")
    if not wanted.is_empty:
        _lock(wanted, lock, venv, bench)
        hashed = place.folder / "hashed.txt"
        hashed.write_text("\n".join(each for each in _entries(lock.read_text()) if "--hash=" in each) + "\n")
        if hashed.read_text().strip():
            words = ["pip", "sync", "--require-hashes", "--quiet", f"--python={venv}", str(hashed)]
            _uv(words, bench, "The packages cannot be installed")
        _install_unhashed(wanted, lock, venv, bench)
    place.complete({"python": _python(venv), "uv": str(program())})
    cache.prune()


def _lock(wanted: Specification, lock: Path, venv: Path, bench: Bench) -> None:
    """Write down which packages, with the digests of all their files."""
    why = "The requirements cannot be resolved"
    if wanted.source and wanted.source.name == "pyproject.toml" and (wanted.folder / "uv.lock").is_file():
        export = ["export", "--frozen", "--no-emit-project", "--no-header", "--no-annotate", "--quiet"]
        _uv([*export, f"--project={wanted.folder}", f"--output-file={lock}"], bench, why)
        return
    source = wanted.source
    if source is None:
        source = lock.with_name("requirements.in")
        source.write_text(
            "".join(f"{_anchored(line, wanted.folder)}\n" for line in wanted.lines if line not in wanted.local())
        )
    words = ["pip", "compile", *_COMPILE, f"--python={venv}", f"--output-file={lock}", str(source)]
    _uv(words, bench._replace(folder=wanted.folder), why)


def _anchored(line: str, folder: Path) -> str:
    """A line that names a file, with its whole path."""
    match = re.match(r"(-r|-c|--requirement|--constraint)[\s=]*(\S.*)", line)
    return f"{match[1]} {folder / match[2].strip()}" if match and "://" not in line else line


def _entries(lock: str) -> list[str]:
    """The requirements of a lock, each with its digests."""
    return [each for each in re.split(r"^(?=[^\s#])", lock, flags=re.MULTILINE) if each.strip() and each[0] != "#"]


def _install_unhashed(wanted: Specification, lock: Path, venv: Path, bench: Bench) -> None:
    """What comes from a repository has no digest, but a commit."""
    rest = [each for each in _entries(lock.read_text()) if "--hash=" not in each]
    if rest:
        file = lock.with_name("unhashed.txt")
        file.write_text("".join(rest))
        words = ["pip", "install", "--no-deps", "--quiet", f"--python={venv}", f"--requirements={file}"]
        _uv(words, bench._replace(folder=wanted.folder), "The packages cannot be installed")


def _install_local(wanted: Specification, folder: Path, bench: Bench) -> None:
    file = folder / "local.txt"
    file.write_text("".join(f"{line}\n" for line in wanted.local()))
    words = ["pip", "install", "--quiet", f"--python={folder / 'venv'}", f"--requirements={file}"]
    _uv(words, bench._replace(folder=wanted.folder), "The project's own packages cannot be installed")


def _uv(words: Sequence[str], bench: Bench, what: str) -> None:
    said = bytearray()

    def keep(_number: int, block: bytes) -> None:
        said.extend(block)
        bench.said(STDERR, block)

    others: tuple[str, ...] = ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT", "PYTHONHOME")
    told = {**os.environ, **indexes.variables()}
    if "--require-hashes" in words:
        # What they allow was asked when the lock was made; here uv wants digests of them too.
        others = (*others, "UV_CONSTRAINT")
    variables = {name: value for name, value in told.items() if name not in others}
    code = run(Program([program(), *words], bench.folder, variables), keep, bench.stop)
    if code:
        text = re.sub(r"\x1b\[[\d;]*m", "", said.decode(errors="replace")).strip()
        raise ProjectError(f"{what}: {masked(text[-_MOST_SAID:]) or f'uv ended with {code}'}")


def _python(venv: Path) -> dict[str, Any]:
    """Which Python an environment has, as its own file says."""
    pairs = (line.partition("=") for line in (venv / "pyvenv.cfg").read_text().splitlines())
    told = {name.strip(): value.strip() for name, _, value in pairs}
    return {
        "version": told.get("version_info") or told.get("version", ""),
        "implementation": told.get("implementation", ""),
    }


def _own_code(wanted: Specification) -> dict[str, str]:
    """Where a project of uv has its own package, which no cached environment has."""
    own = wanted.folder / "src"
    if wanted.source is None or wanted.source.name != "pyproject.toml" or not own.is_dir():
        return {}
    others = [each for each in (os.environ.get("PYTHONPATH", ""),) if each]
    return {"PYTHONPATH": os.pathsep.join([str(own), *others])}


def _described(place: cache.Place, manager: str, more: Mapping[str, str]) -> Prepared:
    venv, facts = place.folder / "venv", place.facts() or {}
    lock = place.folder / "requirements.lock"
    path = os.pathsep.join([str(venv / "bin"), os.environ.get("PATH", os.defpath)])
    return Prepared(
        manager,
        variables={"VIRTUAL_ENV": str(venv), "PATH": path, **more},
        python={**facts.get("python", {}), "executable": str(venv / "bin" / "python"), "is_virtual_environment": True},
        packages=tuple(str(each) for each in venv.glob("lib/python*/site-packages")),
        lock=lock.read_bytes() if lock.is_file() else b"",
        folder=place.folder,
    )
