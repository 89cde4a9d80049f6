"""Which engine answers for DynamoDB and for S3, starting them, and telling chalicelib where they are.

Decide first (`choose`, plain data), then do (`running`).
"""

import json
import os
import platform
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from infra.local import processes
from infra.local.processes import Address, Child
from infra.local.settings import AWS, REPOSITORY, CannotStart, LocalSettings

OWN = "own"
JOURNAL = "events"
MEMORY = "memory"

NO_DYNOXIDE = """\
The DynamoDB engine, dynoxide, is not installed, and nothing would keep your runs. Do one of these:

  make up              installs it by npm (Node from PyPI where npm is missing), or says what hinders that
  install it yourself  so that `dynoxide` is on your PATH (brew install nubo-db/tap/dynoxide)
  make up MEMORY=1     goes on without it: everything is kept in memory, and FORGOTTEN at the end

See infra/docs/local.md."""
NO_MINISTACK = """\
The S3 engine, ministack, is not installed, and nothing would keep your artifacts. Do one of these:

  make up              installs it by pip, or says what hinders that
  make up MEMORY=1     goes on without it: everything is kept in memory, and FORGOTTEN at the end

See infra/docs/local.md."""

# npm's packages of dynoxide, a folder for each platform.
PACKAGES = REPOSITORY / "infra" / "local" / "node_modules" / "@dynoxide"
_SYSTEMS = {"Linux": "linux", "Darwin": "darwin", "Windows": "win32"}
_MACHINES = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64", "arm64": "arm64"}

_MINISTACK = REPOSITORY / ".venv" / "ministack"
MINISTACK_PYTHON = _MINISTACK / "bin" / "python"


@dataclass(frozen=True)
class Choice:
    """For each service: OWN (a process on the data folder), MEMORY (moto, forgets), "aws", or a URL."""

    dynamodb: str
    s3: str

    @property
    def is_local(self) -> bool:
        """Whether nothing leaves this machine."""
        return all(_is_here(chosen) for chosen in (self.dynamodb, self.s3))


@dataclass(frozen=True)
class Engines:
    """Started, perhaps not ready yet. `secret` is the key that S3 requests are signed with, new at each start."""

    choice: Choice
    children: tuple[Child, ...]
    secret: str

    def wait_ready(self) -> None:
        """Raises CannotStart when an engine does not come up."""
        for child in self.children:
            processes.wait_ready(child)

    def url(self, service: str) -> str | None:
        """Where chalicelib finds "dynamodb" or "s3"; None is the SDK's own default."""
        chosen: str = getattr(self.choice, service)
        if chosen in (MEMORY, AWS):
            return None
        return next((child.address.url for child in self.children if child.name == service), chosen)


def choose(settings: LocalSettings, has_dynoxide: bool, has_ministack: bool) -> Choice:
    """An endpoint that is set wins, then memory if the user asks for it, then our own engine.

    Nothing falls back to memory. It is one answer for both services: artifacts on disk would outlive their runs.
    Raises CannotStart for an engine that is missing, and for memory beside real AWS.
    """
    own = MEMORY if settings.in_memory else OWN
    choice = Choice(settings.dynamodb_endpoint or own, settings.s3_endpoint or own)
    if choice.dynamodb == OWN and not has_dynoxide:
        raise CannotStart(NO_DYNOXIDE)
    if choice.s3 == OWN and not has_ministack:
        raise CannotStart(NO_MINISTACK)
    if {AWS, MEMORY} <= {choice.dynamodb, choice.s3}:
        # moto answers every call to amazonaws.com in this process, the real one's too.
        raise CannotStart("One service is set to 'aws', so CUMULOG_MEMORY=1 cannot stand for the other one.")
    return choice


def installed() -> tuple[bool, bool]:
    """Whether (dynoxide, ministack) are there; `make up` installs them."""
    # An interrupted installation leaves a Python without ministack.
    return dynoxide() is not None, any(_MINISTACK.glob("lib/python*/site-packages/ministack/__init__.py"))


@contextmanager
def running(choice: Choice, data: Path) -> Iterator[Engines]:
    """Start what `choice` says on the data folder; end it after the block. They start while the caller goes on."""
    secret = secrets.token_hex(20)
    children = []
    with ExitStack() as ending:
        if choice.dynamodb == OWN:
            children.append(_start("dynamodb", "/", data, secret))
        if choice.s3 == OWN:
            children.append(_start("s3", "/_ministack/health", data, secret))
        for child in children:
            ending.enter_context(processes.ended_after(child.process))
        if MEMORY in (choice.dynamodb, choice.s3):
            # moto takes half a second to import, and most stacks never need it.
            from infra.local.forgetful import pretending  # noqa: PLC0415

            ending.enter_context(pretending())
        yield Engines(choice, tuple(children), secret)


def environment(engines: Engines) -> Mapping[str, str | None]:
    """What chalicelib and botocore must find in the environment; None means that the variable must be absent."""
    found: dict[str, str | None] = {
        "CUMULOG_DYNAMODB_ENDPOINT": engines.url("dynamodb"),
        "CUMULOG_S3_ENDPOINT": engines.url("s3"),
        "CUMULOG_SHOW_CAPACITY": "1",
        # For one person who tries approvals: nobody has to sign in here.
        "CUMULOG_TRUST_USER_HEADER": "1",
    }
    if engines.choice.is_local:
        # The user's own keys must not travel to an emulator, nor may a profile that does not exist stop botocore.
        found |= {
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_REGION": None,
            "AWS_PROFILE": None,
            "AWS_SESSION_TOKEN": None,
            **signing_keys(engines.secret),
        }
    elif not os.environ.get("AWS_REGION"):
        found["AWS_DEFAULT_REGION"] = os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    return found


def _start(service: str, probe: str, data: Path, secret: str) -> Child:
    address = processes.free_address()
    log = data / "logs" / f"{service}.log"
    command = dynamodb_command(address, data) if service == "dynamodb" else _s3_command(address, data)
    # Nothing of our own environment, least of all AWS settings, may change how an engine behaves.
    env = {"PATH": os.defpath, **signing_keys(secret)}
    return Child(service, processes.start(command, env, log), address, probe, log)


def dynamodb_command(address: Address, data: Path) -> list[str]:
    binary = dynoxide()
    if binary is None:
        raise CannotStart(NO_DYNOXIDE)
    where = ["--host", address.host, "--port", str(address.port)]
    return [str(binary), "serve", *where, "--db-path", str(data / "runs.db")]


def _s3_command(address: Address, data: Path) -> list[str]:
    script = REPOSITORY / "infra" / "local" / "s3_engine.py"
    places = [str(data / "objects"), str(data / JOURNAL)]
    return [str(MINISTACK_PYTHON), str(script), address.host, str(address.port), *places]


def dynoxide() -> Path | None:
    """The binary that npm installed for this platform, or else the one on the PATH."""
    name = platform_name(platform.system(), platform.machine())
    found = PACKAGES / name / "dynoxide" if npm_version(name) else shutil.which("dynoxide")
    return Path(found) if found else None


def npm_version(name: str) -> str | None:
    """The version of dynoxide that npm has installed for the platform; None where it has not, or not all of it.

    npm writes its list of what is installed last. An installation that was killed leaves a part of the binary, and no
    list.
    """
    listed = PACKAGES.parent / ".package-lock.json"
    if not listed.exists() or not (PACKAGES / name / "dynoxide").exists():
        return None
    try:
        packages = json.loads(listed.read_text(encoding="utf-8"))["packages"]
        return str(packages[f"node_modules/@dynoxide/{name}"]["version"])
    except (ValueError, KeyError):
        return None


def platform_name(system: str, machine: str) -> str:
    """What npm's packages call a platform that Python calls so: linux-x64, darwin-arm64, …"""
    return f"{_SYSTEMS.get(system, system.lower())}-{_MACHINES.get(machine, machine)}"


def _is_here(chosen: str) -> bool:
    host = urlsplit(chosen).hostname or ""
    return chosen in (OWN, MEMORY) or host in ("localhost", "::1") or host.startswith("127.")


def signing_keys(secret: str) -> dict[str, str]:
    """What requests to our engines are signed with."""
    return {"AWS_ACCESS_KEY_ID": "cumulog-local", "AWS_SECRET_ACCESS_KEY": secret}


def main() -> int:
    """`python -m infra.local.engines`, before tests: whether both are installed, as an exit code; what is missing."""
    try:
        choose(LocalSettings(0, Path(), 0, None, None), *installed())
    except CannotStart as refusal:
        print(f"cumulog: {refusal}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
