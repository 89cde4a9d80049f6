"""What the dashboard is made of and checked with: the packages of its lock file, in `client/dashboard/node_modules`."""

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

from infra.dashboard.files import FOLDER
from infra.local.installing import node
from infra.local.installing.node import NotInstalled

Npm = Callable[..., "subprocess.CompletedProcess[str]"]

_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
_ALL, _NEEDED = "all", "needed"


def install(also_tools: bool = False, folder: Path = FOLDER, npm: Npm = node.npm) -> None:
    """Install what the lock file names, unless it is there: what the page needs, or with `also_tools` all of it.

    Raises NotInstalled.
    """
    stamp = folder / "node_modules" / ".installed-from"
    before, _, kind = stamp.read_text().partition(" ") if stamp.exists() else ("", "", "")
    wanted = _ALL if also_tools or kind == _ALL else _NEEDED
    locked = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    if before == locked and kind in (wanted, _ALL):
        return
    print("Installing what the dashboard is made of ...", flush=True)
    done = npm(*_INSTALL, *(() if wanted == _ALL else ("--omit=dev",)), folder=folder)
    if done.returncode:
        raise NotInstalled(f"npm says:\n{(done.stderr or done.stdout).strip()[:2000]}")
    stamp.write_text(f"{locked} {wanted}")
