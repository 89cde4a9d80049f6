"""What is installed, as requirements, and the same with the hashes of all files."""

import shutil
import subprocess
from importlib import metadata
from json import loads

from cumulog._record.confidential import masked_url

_SECONDS = 60


def installed() -> str:
    """The installed packages as lines of requirements: with their version, or where they come from."""
    lines = {}
    for each in metadata.distributions():
        name = each.metadata["Name"]
        if name and name.lower() not in lines:
            lines[name.lower()] = f"{name}{_origin(each) or f'=={each.version}'}"
    return "".join(f"{lines[name]}\n" for name in sorted(lines))


def compile_command() -> list[str]:
    """The command that reads requirements and writes them with hashes; empty if uv is not installed."""
    uv = shutil.which("uv")
    return [uv, "pip", "compile", "--generate-hashes", "--no-deps", "--no-header", "--quiet", "-"] if uv else []


def locked(requirements: str) -> str:
    """The requirements with the hashes of their files; empty if uv is missing or cannot find all.

    It takes seconds, and asks the package index.
    """
    command = compile_command()
    if not command:
        return ""
    # What comes from a folder or a repository has no hash.
    plain = "".join(f"{line}\n" for line in requirements.splitlines() if " @ " not in line)
    try:
        done = subprocess.run(  # noqa: S603 - nothing of the command comes from outside
            command, input=plain, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _origin(distribution: metadata.Distribution) -> str:
    """` @ <URL>` for a package that comes from no index; empty for others."""
    text = distribution.read_text("direct_url.json")
    if not text:
        return ""
    try:
        fields = loads(text)
        url = masked_url(str(fields["url"]))
        commit = fields.get("vcs_info", {})
        return f" @ {commit['vcs']}+{url}@{commit['commit_id']}" if commit else f" @ {url}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
