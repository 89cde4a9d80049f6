"""`python -m infra.local.installing.engine`: install the DynamoDB engine, dynoxide, a binary in an npm package.

It reports a failure and still ends with code 0: a stack whose endpoints are set needs no engine. One that does need it
refuses to start and says what to do, and so do the tests.
"""

import json
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra.local import engines
from infra.local.installing import node
from infra.local.installing.node import NotInstalled
from infra.local.settings import REPOSITORY

_FOLDER = REPOSITORY / "infra" / "local"


def main() -> None:
    """Install what is missing or of another version than declared."""
    name = engines.platform_name(platform.system(), platform.machine())
    wanted, found = _declared().get(f"@dynoxide/{name}"), engines.npm_version(name)
    on_path = None if found else engines.dynoxide()
    if on_path:
        tested = ", ".join(sorted(set(_declared().values())))
        print(f"The DynamoDB engine is {on_path}, from your PATH. The version that was tested is {tested}.", flush=True)
    elif found is None or found != wanted:
        print("Installing the DynamoDB engine ...", flush=True)
        try:
            _install(f"@dynoxide/{name}", wanted)
        except NotInstalled as error:
            print(f"cumulog: The DynamoDB engine could not be installed. {error}", file=sys.stderr, flush=True)


def why(package: str, pinned: str | None, asked: "subprocess.CompletedProcess[str]") -> str:
    """Why npm did not install the package, judged by its answer to `npm view`. `pinned` is the lock file's hash."""
    if asked.returncode:
        return f"npm says of {package}:\n{_beginning(asked.stderr)}"
    if pinned and asked.stdout.strip() != pinned:
        return (
            f"npm offers another file as {package} than the one that infra/local/package-lock.json names by its hash."
        )
    return f"npm did not install {package}; its log says why."


def _install(package: str, version: str | None) -> None:
    if version is None:
        raise NotInstalled(f"There is no {package}: dynoxide is not published for this platform.")
    system, machine = package.rpartition("/")[2].split("-")
    # On macOS a Python for Intel may run beside a Node for ARM; an older npm ignores these two words. And the user's
    # configuration may leave out what is optional.
    wanted = [f"--os={system}", f"--cpu={machine}", "--include=optional", "--ignore-scripts"]
    done = node.npm("ci", *wanted, "--no-audit", "--no-fund", "--loglevel=error", folder=_FOLDER)
    if done.returncode:
        raise NotInstalled(f"npm says:\n{_beginning(done.stderr)}")
    if not (_FOLDER / "node_modules" / package / "dynoxide").exists():
        # npm says nothing of an optional package that it could not fetch, nor of one with a wrong hash.
        spec = f"{package}@{version}"
        asked = node.npm("view", spec, "dist.integrity", "--fetch-retries=0", "--loglevel=error", folder=_FOLDER)
        raise NotInstalled(why(spec, _pinned(package), asked))


def _beginning(said: str) -> str:
    """The first lines, which have the reason; pages of advice and a stack trace may follow."""
    return "\n".join(said.strip().splitlines()[:4])


def _declared() -> dict[str, str]:
    declared: dict[str, str] = _read(_FOLDER / "package.json")["optionalDependencies"]
    return declared


def _pinned(package: str) -> str | None:
    pinned: str | None = _read(_FOLDER / "package-lock.json")["packages"][f"node_modules/{package}"].get("integrity")
    return pinned


def _read(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


if __name__ == "__main__":
    main()
