"""Files by pickle, cloudpickle and skops: written, read, and looked into for the modules that they need."""

import json
import pickle
import pickletools
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cumulog._http.errors import CumulogError
from cumulog._models.flavors.kinds import library, require_trust

# Types of these are there wherever a model of scikit-learn's is loaded.
_LIBRARIES = ("sklearn", "numpy", "scipy")
_SUBIMPORT = "subimport"
# Before it, files could name functions that skops called without asking (CVE-2025-54412, CVE-2025-54413).
_SOUND = (0, 12)


def dump(model: Any, path: Path, by: str) -> set[str]:
    """Write a model by `pickle` or `cloudpickle`, and return the modules that it needs. Raises CumulogError."""
    module = pickle if by == "pickle" else library("cloudpickle")
    try:
        content: bytes = module.dumps(model)
    except Exception as error:
        # What is in a model may raise anything.
        raise CumulogError(
            f"The model cannot be pickled: {type(error).__name__}: {error}. Objects such as open files, locks and "
            "connections have to be left out of it."
        ) from error
    path.write_bytes(content)
    return {*modules_of(content), *(() if by == "pickle" else ("cloudpickle",))}


def load(path: Path, trust: bool) -> Any:
    """Read what `dump` wrote, or MLflow. Raises CumulogError if it is not trusted."""
    require_trust(trust, f"'{path.name}' is a pickle")
    with path.open("rb") as file:
        try:
            return pickle.load(file)  # noqa: S301 - the caller trusts it
        except ModuleNotFoundError as error:
            raise CumulogError(f"The model needs the module {error.name}, which is not installed.") from error


def modules_of(content: bytes) -> set[str]:
    """The modules that a pickle imports when it is loaded. Nothing of it is run."""
    return {name for name in _imported(content) if name}


def _imported(content: bytes) -> Iterator[str]:
    """Names of modules: of what it refers to, and those that cloudpickle imports for a function."""
    texts: list[str] = []
    memo: dict[int, str] = {}
    is_subimport = False
    for code, argument, _ in pickletools.genops(content):
        if code.name == "GLOBAL":
            yield str(argument).partition(" ")[0]
        elif code.name == "STACK_GLOBAL":
            yield texts[-2]
            is_subimport = texts[-1] == _SUBIMPORT
        elif code.name == "MEMOIZE":
            memo[len(memo)] = texts[-1] if texts else ""
        elif code.name in ("BINPUT", "LONG_BINPUT", "PUT") and isinstance(argument, int):
            memo[argument] = texts[-1] if texts else ""
        text = memo.get(argument) if isinstance(argument, int) and code.name.endswith("GET") else argument
        if isinstance(text, str) and code.name != "GLOBAL":
            texts.append(text)
            if is_subimport:
                yield text
                is_subimport = False


def dump_skops(model: Any, path: Path, trusted: Sequence[str]) -> tuple[list[str], set[str]]:
    """Write a model by skops, and return the types that a loader has to trust, and the modules that it needs.

    Those of scikit-learn and what it builds on need not be `trusted` by the caller, who has made the model. Raises
    CumulogError for others: where the model is loaded, their module would be missing.
    """
    skops = library("skops.io", "skops")
    try:
        skops.dump(model, path)
    except Exception as error:
        # What is in a model may raise anything.
        raise CumulogError(
            f"skops cannot write the model: {type(error).__name__}: {error}. Another way is "
            "serialization_format='cloudpickle'."
        ) from error
    named = skops.get_untrusted_types(file=path)
    unknown = sorted(each for each in named if each not in trusted and each.partition(".")[0] not in _LIBRARIES)
    if unknown:
        raise CumulogError(
            f"The model holds types of your own: {', '.join(unknown)}. Name them by skops_trusted_types={unknown!r} "
            "and their code by code_paths, or pass serialization_format='cloudpickle'."
        )
    return list(dict.fromkeys([*trusted, *named])), {"skops", *_modules_of_skops(path)}


def load_skops(path: Path, trusted: Sequence[str], named: Sequence[str], trust: bool) -> Any:
    """Read what skops wrote. `trusted` types are known to be harmless; those that the model names need trust."""
    skops = library("skops.io", "skops")
    version = str(library("skops").__version__)
    if not _is_sound(version):
        require_trust(trust, f"skops {version} does not see every type in a file; {_SOUND[0]}.{_SOUND[1]} does")
    allowed = [*trusted, *(named if trust else ())]
    unknown = sorted(set(skops.get_untrusted_types(file=path)) - set(allowed))
    if unknown:
        require_trust(trust, f"it holds types that skops does not vouch for, {', '.join(unknown)}")
    return skops.load(path, trusted=[*allowed, *unknown])


def _is_sound(version: str) -> bool:
    numbers = [int(each) for each in version.split(".")[:2] if each.isdigit()]
    return tuple(numbers) >= _SOUND


def _modules_of_skops(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        found: set[str] = set()
        pending = [json.loads(archive.read("schema.json"))]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            found.update([each["__module__"]] if isinstance(each.get("__module__"), str) else ())
            pending.extend(each.values())
        elif isinstance(each, list):
            pending.extend(each)
    return found
