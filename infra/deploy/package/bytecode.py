"""Compiled modules beside their sources: Lambda cannot keep what it compiles, so without them each cold start compiles
everything again and takes twice as long.

Only a Python of the target's version can compile them; without one the package has only sources, and works the same.
Compiled modules contain no times and no paths of this machine, so they too are the same in every folder.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from infra.deploy.package.target import Target, here

# Where Lambda unpacks the zip; tracebacks show this path.
_DEPLOYED_TO = "/var/task"


def compiler(target: Target) -> str | None:
    """The interpreter that compiles for a target, or None if this machine has none."""
    if target.python == here().python:
        return sys.executable
    found = shutil.which(f"python{target.python}")
    # A version manager may leave a command that only says that this version is not installed.
    return found if found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0 else None


def compile_all(folder: Path, interpreter: str | None) -> None:
    """Compile every module below a folder, if there is an interpreter for it."""
    if interpreter is None:
        return
    # Unchecked: the sources beside them never change. The seed is fixed because it decides the order of constant sets.
    options = ("-q", "-f", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", _DEPLOYED_TO)
    command = [interpreter, "-m", "compileall", *options, str(folder)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "0"})
