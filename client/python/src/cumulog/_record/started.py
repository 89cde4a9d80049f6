"""How the process that trains was started, and what only itself can tell. It is taken when a run begins."""

import platform
import sys
from pathlib import Path
from typing import Any, NamedTuple

from cumulog._journal import places
from cumulog._record import notebooks

_SOURCES = (".py", ".pyi")
_MOST_SOURCES = 1000
_MAIN = "__main__.py"
_FLAGS = ("debug", "dev_mode", "inspect", "interactive", "isolated", "no_site", "no_user_site", "optimize", "utf8_mode")


class Started(NamedTuple):
    """Plain data, as another process reads it (`process.py`).

    `arguments` is sys.argv, `command` all words of the command line, `module` what `python -m` named, `path` sys.path,
    `sources` the modules that were loaded from the folder of the script, `journals` where logged lines may be kept.
    """

    folder: str
    arguments: list[str]
    command: list[str]
    variables: dict[str, str]
    module: str
    python: dict[str, Any]
    path: list[str]
    sources: list[str]
    journals: list[str]
    blas_threads: list[dict[str, Any]]

    def script(self) -> Path | None:
        """The file that was started: a script, the `__main__.py` of a folder, or a notebook.

        None at a prompt, for a module, and for `python -c`.
        """
        name = self.arguments[0] if self.arguments else ""
        if notebooks.is_kernel(self.arguments):
            name = notebooks.path(self.variables)
        path = Path(self.folder, name)
        if name and (path / _MAIN).is_file():
            return path / _MAIN
        return path if name not in ("", "-c", "-m") and not self.module and path.is_file() else None


class Command(NamedTuple):
    """What a program may change at any time after a run has begun."""

    folder: str
    arguments: list[str]
    command: list[str]
    variables: dict[str, str]


def taken(command: Command) -> Started:
    """What is known of this process."""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    # A folder or an archive of Python's is a script.
    module = spec.name.removesuffix(".__main__") if spec and spec.name != "__main__" else ""
    path = [str(each) for each in sys.path]
    journals = [str(folder.resolve()) for folder in places.folders()]
    begun = Started(*command, module, _python(), path, [], journals, _blas_threads())
    script = begun.script()
    return begun._replace(sources=_sources(script.absolute().parent) if script else [])


def _python() -> dict[str, Any]:
    return {
        "version": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "is_virtual_environment": sys.prefix != sys.base_prefix,
        "flags": [name for name in _FLAGS if getattr(sys.flags, name, 0)],
    }


def _sources(folder: Path) -> list[str]:
    """Files of loaded modules that lie below a folder, and were not installed there."""
    begin = f"{folder}/"
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    found = {path for path in files if isinstance(path, str) and path.startswith(begin) and path.endswith(_SOURCES)}
    own = sorted(path for path in found if "site-packages" not in path)[:_MOST_SOURCES]
    # What an archive has is no file.
    return [path for path in own if Path(path).is_file()]


def _blas_threads() -> list[dict[str, Any]]:
    """The threads of the numeric libraries that are loaded, if threadpoolctl is: nothing is imported for it."""
    module = sys.modules.get("threadpoolctl")
    names = ("internal_api", "version", "num_threads", "threading_layer")
    found = module.threadpool_info() if module is not None else []
    return [{name: each.get(name) for name in names if each.get(name) is not None} for each in found]
