"""What may explain that a run did not come out as before: the two records, side by side."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from cumulog._record import machine
from cumulog._record.wanted import FOLDER
from cumulog._reproduction.rebuilding.places import Data
from cumulog._reproduction.recorded.run import Missing, Recorded, digests

Likelihood = Literal["likely", "possible", "unlikely"]

_PATCH = f"{FOLDER}/changes.patch"
_MOST_NAMED = 5
_FILE = re.compile(rb"^diff --git (.*)$", re.MULTILINE)
# In this order causes of one likelihood are told.
_ORDER = (
    "code",
    "arguments",
    "parameter",
    "data",
    "seed",
    "package",
    "variable",
    "python",
    "accelerator",
    "threads",
    "host",
)
_RANKS: Mapping[Likelihood, int] = {"likely": 0, "possible": 1, "unlikely": 2}
_OF_MISSING: Mapping[str, tuple[str, Likelihood]] = {
    "code": ("code", "likely"),
    "command": ("arguments", "likely"),
    "data": ("data", "possible"),
    "seeds": ("seed", "possible"),
    "packages": ("package", "possible"),
    "variables": ("variable", "possible"),
}


class Cause(NamedTuple):
    """`kind` is one of code, arguments, parameter, data, seed, package, variable, python, accelerator, threads, host.

    `is_change` tells what is known to differ from what is not known.
    """

    kind: str
    likelihood: Likelihood
    sentence: str
    is_change: bool = True


class Pair(NamedTuple):
    """The old run, and the new one with what only whoever rebuilt it knows."""

    old: Recorded
    new: Recorded
    data: Data = Data()
    missing: tuple[Missing, ...] = ()


def found(pair: Pair) -> list[Cause]:
    """Everything that differs between two runs, or is not known to be the same, the likeliest first."""
    parts: tuple[Callable[[Pair], Iterator[Cause]], ...] = (
        *(_code, _arguments, _parameters, _data, _seeds, _packages, _digests, _variables),
        *(_python, _accelerators, _threads, _host, _unknown),
    )
    causes = dict.fromkeys(each for part in parts for each in part(pair))
    return sorted(causes, key=lambda each: (_RANKS[each.likelihood], not each.is_change, _ORDER.index(each.kind)))


def _code(pair: Pair) -> Iterator[Cause]:
    old, new = pair.old, pair.new
    if old.code.commit and new.code.commit and old.code.commit != new.code.commit:
        yield Cause("code", "likely", f"The commit is {new.code.commit[:12]}, it was {old.code.commit[:12]}.")
    patches = [_parts(each) for each in (old, new)]
    edited = sorted(name for name in {*patches[0], *patches[1]} if patches[0].get(name) != patches[1].get(name))
    if edited and old.document and new.document:
        yield Cause("code", "likely", f"Uncommitted edits differ in {_named(edited)}.")
    for what in ("untracked", "sources"):
        name = f"{FOLDER}/{what}.tar.gz"
        changed = _members_apart(old.files.get(name), new.files.get(name)) if old.document and new.document else []
        if changed and old.code.has_git == new.code.has_git:
            yield Cause("code", "likely", f"Files that git does not know differ: {_named(changed)}.")


def _parts(recorded: Recorded) -> dict[str, bytes]:
    """The part of the patch for each file."""
    place = recorded.files.get(_PATCH)
    content = place.read_bytes() if place else b""
    parts = re.split(rb"^(?=diff --git )", content, flags=re.MULTILINE)
    heads = [(_FILE.match(part), part) for part in parts]
    return {_path(match[1]): part for match, part in heads if match}


def _path(head: bytes) -> str:
    """The file that a part of a patch is about: both names of the head are the same."""
    text = head.decode(errors="replace").strip('"')
    return text[2 : len(text) // 2] if text.startswith("a/") else text


def _members_apart(old: Path | None, new: Path | None) -> list[str]:
    one, two = _members(old), _members(new)
    return sorted(name for name in {*one, *two} if one.get(name) != two.get(name))


def _members(archive: Path | None) -> dict[str, bytes]:
    if archive is None:
        return {}
    # Only where there is one.
    import tarfile  # noqa: PLC0415

    with tarfile.open(archive) as tar:
        files = [(each.name, tar.extractfile(each)) for each in tar if each.isfile()]
        return {name: file.read() for name, file in files if file}


def _arguments(pair: Pair) -> Iterator[Cause]:
    one, two = pair.old.invocation.arguments, pair.new.invocation.arguments
    if one != two and pair.old.document and not pair.old.is_project:
        yield Cause("arguments", "likely", f"The arguments are {_words(two)}, they were {_words(one)}.")


def _parameters(pair: Pair) -> Iterator[Cause]:
    old, new = pair.old.params, pair.new.params
    given = [_given(each) for each in (pair.old, pair.new)]
    for name in sorted({*old, *new}):
        if old.get(name) == new.get(name) or _is_too_early(pair, name in new):
            continue
        one, two = _value(old.get(name)), _value(new.get(name))
        if name not in new:
            yield Cause("parameter", "possible", f"The parameter {name} was not logged this time, it was {one}.")
        elif name in given[0] or name in given[1] or given[0] != given[1]:
            yield Cause("parameter", "likely", f"The parameter {name} is {two}, it was {one}.")
        else:
            yield Cause(
                "parameter",
                "likely",
                f"The parameter {name} is {two}, it was {one}: nobody gave it, so its default changed.",
            )


def _is_too_early(pair: Pair, is_logged: bool) -> bool:
    """Is something missing because the new run failed before it came to it?"""
    return not is_logged and pair.new.status != "FINISHED"


def _given(recorded: Recorded) -> Mapping[str, Any]:
    """Parameters as they were given: of a project, or the options among the arguments."""
    told: Mapping[str, Any] = (recorded.project.get("parameters") or {}).get("given") or {}
    words = recorded.invocation.arguments
    options = {word.partition("=")[0].lstrip("-"): word for word in words if word.startswith("--")}
    return {**told, **options}


def _data(pair: Pair) -> Iterator[Cause]:
    for sentence in pair.data.changed:
        yield Cause("data", "likely", f"The data changed: {sentence}.")
    for sentence in pair.data.missing:
        yield Cause("data", "likely", f"Data are missing: {sentence}.")
    old, new = ({each.name: each.digest for each in side.datasets} for side in (pair.old, pair.new))
    for name in sorted(old):
        if name in new and old[name] != new[name]:
            yield Cause("data", "likely", f"The dataset {name} has the digest {new[name]}, it was {old[name]}.")
        elif not _is_too_early(pair, name in new) and name not in new:
            yield Cause("data", "possible", f"The dataset {name} was not logged this time.")
    for sentence in pair.data.unchecked:
        name = sentence.partition(":")[0]
        if name not in new:
            yield Cause("data", "unlikely", f"Data could not be checked: {sentence}.", is_change=False)


def _seeds(pair: Pair) -> Iterator[Cause]:
    old, new = pair.old.seeds, pair.new.seeds
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name) and not _is_too_early(pair, name in new):
            yield Cause(
                "seed", "likely", f"The seed of {name} is {_value(new.get(name))}, it was {_value(old.get(name))}."
            )


def _packages(pair: Pair) -> Iterator[Cause]:
    old, new = pair.old.packages, pair.new.packages
    apart = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)] if old and new else []
    other = [name for name in apart if name in old and name in new]
    for name in other[:_MOST_NAMED]:
        yield Cause("package", "likely", f"{name} is {new[name]}, it was {old[name]}.")
    if len(other) > _MOST_NAMED:
        yield Cause("package", "likely", f"{len(other) - _MOST_NAMED} other packages have other versions too.")
    gone, more = [each for each in apart if each not in new], [each for each in apart if each not in old]
    if gone:
        yield Cause("package", "possible", f"These packages are not installed this time: {_named(gone)}.")
    if more:
        yield Cause("package", "unlikely", f"These packages were not installed: {_named(more)}.")


def _digests(pair: Pair) -> Iterator[Cause]:
    """Packages of the same version from other files than those in the lock."""
    old, new = digests(pair.old.lock), digests(pair.new.lock)
    for name in sorted({*old} & {*new}):
        if old[name] and new[name] and not old[name] & new[name]:
            yield Cause("package", "likely", f"The package index has other files of {name} than those in the lock.")


def _variables(pair: Pair) -> Iterator[Cause]:
    if not (pair.old.document and pair.new.document):
        return
    old, new = pair.old.variables, pair.new.variables
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            # Of most variables nothing is recorded.
            before = _value(old.get(name)) if name in old or machine.environment({name: "1"}) else "not recorded"
            yield Cause("variable", "likely", f"{name} is {_value(new.get(name))}, it was {before}.")


def _python(pair: Pair) -> Iterator[Cause]:
    old, new = pair.old.python, pair.new.python
    if old and new and old != new:
        is_patch = old.rpartition(".")[0] == new.rpartition(".")[0]
        yield Cause("python", "unlikely" if is_patch else "possible", f"Python is {new}, it was {old}.")


def _accelerators(pair: Pair) -> Iterator[Cause]:
    old, new = (_names(each.document.get("accelerators")) for each in (pair.old, pair.new))
    if pair.old.document and pair.new.document and old != new:
        yield Cause(
            "accelerator", "likely", f"The GPUs are {', '.join(new) or 'none'}, they were {', '.join(old) or 'none'}."
        )


def _names(devices: Any) -> list[str]:
    return [str(each.get("name") or each.get("maker", "")) for each in devices or ()]


def _threads(pair: Pair) -> Iterator[Cause]:
    old, new = (_libraries(each) for each in (pair.old, pair.new))
    for name in sorted({*old} & {*new}):
        if old[name] != new[name]:
            yield Cause("threads", "possible", f"{name} had {old[name]}, and has {new[name]}.")
    one, two = ((each.document.get("host") or {}).get("cpus_allowed") for each in (pair.old, pair.new))
    if one and two and one != two:
        yield Cause(
            "threads", "possible", f"The process may use {two} processors, it had {one}: sums by threads may differ."
        )


def _libraries(recorded: Recorded) -> dict[str, str]:
    told = recorded.document.get("blas_threads") or ()
    return {str(each.get("internal_api")): f"{each.get('num_threads')} threads" for each in told}


def _host(pair: Pair) -> Iterator[Cause]:
    old, new = (each.document.get("host") or {} for each in (pair.old, pair.new))
    for name, what in (("processor", "The processor"), ("platform", "The system")):
        one, two = old.get(name), new.get(name)
        if one and two and one != two:
            likelihood: Likelihood = "possible" if name == "processor" else "unlikely"
            yield Cause("host", likelihood, f"{what} is {two}, it was {one}.")


def _unknown(pair: Pair) -> Iterator[Cause]:
    """What is not known to be the same."""
    for each in (*pair.old.missing, *pair.missing):
        kind, likelihood = _OF_MISSING[each.kind]
        yield Cause(kind, likelihood, each.sentence, is_change=False)


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _value(value: object) -> str:
    return "not set" if value in (None, "") else repr(value)


def _words(words: tuple[str, ...]) -> str:
    return repr(" ".join(words)) if words else "none"
