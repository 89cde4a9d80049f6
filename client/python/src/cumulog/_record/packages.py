"""What is installed, as requirements, and the same with the hashes of all files."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cumulog._record.confidential import masked, masked_url
from cumulog._record.programs import Answer, asked

_SECONDS = 60
_INFO = re.compile(r"(?P<name>.+?)-(?P<version>\d[^-]*)(?:-py[\d.]+.*)?\.(?:dist-info|egg-info)")


def installed(path: Iterable[str]) -> str:
    """The packages that a Python with this sys.path finds, as requirements: with their version, or where they are from.

    It reads names of folders alone: to read the files of some hundred packages takes too long.
    """
    lines: dict[str, str] = {}
    for place in dict.fromkeys(path):
        with contextlib.suppress(OSError):
            for entry in (each.name for each in Path(place or ".").iterdir()):
                match = _INFO.fullmatch(entry)
                name = re.sub(r"[-_.]+", "-", match["name"]).lower() if match else ""
                # What comes first in the path is what is imported.
                if match and name not in lines:
                    lines[name] = _line(name, match["version"], Path(place, entry, "direct_url.json"))
    return "".join(f"{lines[name]}\n" for name in sorted(lines))


def compile_command(python: str) -> list[str]:
    """The command that reads requirements and writes them with hashes; empty if uv is not installed."""
    uv = shutil.which("uv")
    options = ("--generate-hashes", "--no-deps", "--no-header", "--no-annotate", "--no-build", "--quiet")
    return [uv, "pip", "compile", *options, "--color=never", f"--python={python}", "-"] if uv else []


def locked(requirements: str, python: str) -> Answer:
    """The requirements with the hashes of their files, or why there are none.

    It takes seconds, and asks the package index; the same requirements once.
    """
    command = compile_command(python)
    if not command:
        return Answer(b"", "uv is not installed")
    # What comes from a folder or a repository has no hash.
    plain = "".join(f"{line}\n" for line in requirements.splitlines() if " @ " not in line)
    known = _kept(plain)
    with contextlib.suppress(OSError):
        return Answer(known.read_bytes(), "")
    answer = asked(command, _SECONDS, plain.encode())
    if not answer.why:
        _keep(known, answer.output)
    return answer._replace(why=masked(answer.why))


def _kept(requirements: str) -> Path:
    """Where the lock of some requirements is kept for the next run."""
    cache = os.environ.get("XDG_CACHE_HOME", "") or Path("~/.cache").expanduser()
    named = f"{sys.version_info[:3]}\n{sys.platform}\n{requirements}"
    return Path(cache, "cumulog", "locks", f"{hashlib.sha256(named.encode()).hexdigest()[:32]}.txt")


def _keep(place: Path, content: bytes) -> None:
    # A folder that cannot be written costs the next run its time, no more.
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = place.with_name(f"{place.name}.{os.getpid()}")
        part.write_bytes(content)
        part.replace(place)


def _line(name: str, version: str, origin: Path) -> str:
    """A package as a requirement. A folder of this machine is named, though no other machine has it."""
    try:
        told: dict[str, Any] = json.loads(origin.read_bytes())
        url = masked_url(str(told["url"]))
        commit = told.get("vcs_info")
        return f"{name} @ {commit['vcs']}+{url}@{commit['commit_id']}" if commit else f"{name} @ {url}"
    except (OSError, ValueError, KeyError, TypeError):
        # A wheel writes 1.0_local where the version is 1.0-local or 1.0+local.
        return f"{name}=={version.replace('_', '+')}"
