"""Which engine answers for DynamoDB and for S3, starting them, and telling chalicelib where they are.

Decide first (`choose`, plain data), then do (`running`).
"""

import os
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

NO_DYNOXIDE = (
    "The DynamoDB engine, dynoxide, is not installed. `make up` installs it by npm. You can also install it yourself, "
    "by brew for one, so that it is on your PATH, or set CUMULOG_DYNAMODB_ENDPOINT. See infra/docs/local.md."
)
NO_MINISTACK = (
    "The S3 engine, ministack, is not installed. `make up` installs it. You can set CUMULOG_S3_ENDPOINT, too. See "
    "infra/docs/local.md."
)
FORGETFUL = "To go on with a store in memory, which forgets everything when it ends: make up MEMORY=1."

_PACKAGES = REPOSITORY / "infra" / "local" / "node_modules" / "@dynoxide"
MINISTACK_PYTHON = REPOSITORY / ".venv" / "ministack" / "bin" / "python"


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
    """An endpoint that is set wins, then our own engine, then memory if the user allows it.

    Raises CannotStart without an engine, and for memory beside real AWS.
    """
    choice = Choice(
        dynamodb=settings.dynamodb_endpoint or (OWN if has_dynoxide else MEMORY),
        s3=settings.s3_endpoint or (OWN if has_ministack else MEMORY),
    )
    missing = [why for chosen, why in ((choice.dynamodb, NO_DYNOXIDE), (choice.s3, NO_MINISTACK)) if chosen == MEMORY]
    if missing and not settings.may_forget:
        raise CannotStart("\n".join([*missing, FORGETFUL]))
    if {AWS, MEMORY} <= {choice.dynamodb, choice.s3}:
        # moto answers every call to amazonaws.com in this process, the real one's too.
        raise CannotStart(
            "One service is set to 'aws', and the engine of the other is not installed: install it by `make up`, "
            "or set both endpoints."
        )
    return choice


def installed() -> tuple[bool, bool]:
    """Whether (dynoxide, ministack) are there; `make up` installs them."""
    return dynoxide() is not None, MINISTACK_PYTHON.exists()


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
        raise CannotStart("dynoxide is not installed; run `make up`, or set CUMULOG_DYNAMODB_ENDPOINT.")
    where = ["--host", address.host, "--port", str(address.port)]
    return [str(binary), "serve", *where, "--db-path", str(data / "runs.db")]


def _s3_command(address: Address, data: Path) -> list[str]:
    script = REPOSITORY / "infra" / "local" / "s3_engine.py"
    places = [str(data / "objects"), str(data / JOURNAL)]
    return [str(MINISTACK_PYTHON), str(script), address.host, str(address.port), *places]


def dynoxide() -> Path | None:
    """The binary that npm installed for this platform, or else the one on the PATH."""
    found = shutil.which("dynoxide")
    return next(_PACKAGES.glob("*/dynoxide"), Path(found) if found else None)


def _is_here(chosen: str) -> bool:
    host = urlsplit(chosen).hostname or ""
    return chosen in (OWN, MEMORY) or host in ("localhost", "::1") or host.startswith("127.")


def signing_keys(secret: str) -> dict[str, str]:
    """What requests to our engines are signed with."""
    return {"AWS_ACCESS_KEY_ID": "cumulog-local", "AWS_SECRET_ACCESS_KEY": secret}


def main() -> int:
    """`python -m infra.local.engines`: whether the engines are installed, as an exit code, with what is missing."""
    missing = [why for is_there, why in zip(installed(), (NO_DYNOXIDE, NO_MINISTACK), strict=True) if not is_there]
    for why in missing:
        print(why, file=sys.stderr)
    return 2 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
