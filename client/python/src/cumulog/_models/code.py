"""Code that goes along with a model: copies of files and folders, importable where the model is loaded."""

import fnmatch
import shutil
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from cumulog._http.errors import CumulogError
from cumulog._journal import places

NAME = "code"
_LEFT_OUT = ("__pycache__", ".git", "*.pyc")


def copy(paths: Sequence[str | PathLike[str]], folder: Path) -> None:
    """Copy files and folders of code to a model's folder. Raises CumulogError, and OSError if one cannot be read."""
    if isinstance(paths, str):
        raise CumulogError("code_paths is a list: put a single path in brackets.")
    copied: dict[str, Path] = {}
    for each in paths:
        source = _found(each)
        if copied.setdefault(source.name, source) != source:
            raise CumulogError(f"Two of code_paths have the name '{source.name}'. One would hide the other.")
        target = folder / NAME / source.name
        target.parent.mkdir(exist_ok=True)
        if not source.is_dir():
            shutil.copyfile(source, target)
        elif not target.exists():
            shutil.copytree(source, target, ignore=_Ignored(source, folder), ignore_dangling_symlinks=True)


def _found(path: str | PathLike[str]) -> Path:
    if not isinstance(path, str | PathLike) or not str(path):
        raise CumulogError(f"{path!r} is no path: code_paths is a list of files and folders.")
    source = Path(path).absolute()
    if not source.exists():
        raise CumulogError(f"There is no code at '{path}'.")
    # A link keeps its name, which is the one that is imported.
    return source.resolve() if source.name in ("", "..") else source


class _Ignored:
    """What is not copied of a folder: caches, the model itself, the journal, and links to a folder around them."""

    def __init__(self, source: Path, model: Path) -> None:
        self._source = source
        self._own = {each.resolve() for each in (model, *places.folders())}

    def __call__(self, folder: str, names: list[str]) -> set[str]:
        left_out = {name for name in names if any(fnmatch.fnmatch(name, each) for each in _LEFT_OUT)}
        return left_out | {name for name in names if self._is_endless(Path(folder), name)}

    def _is_endless(self, folder: Path, name: str) -> bool:
        path = folder / name
        if not path.is_dir():
            return False
        real = path.resolve()
        if real in self._own:
            return True
        # The folders that this one is in, also by links: copying one of them again would come here again.
        within = [each for each in (folder, *folder.parents) if each.is_relative_to(self._source)]
        return path.is_symlink() and any(each.resolve().is_relative_to(real) for each in within)
