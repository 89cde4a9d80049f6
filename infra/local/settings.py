"""The settings of the local stack, and the one error with which it declines to start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
AWS = "aws"


class CannotStart(Exception):
    """The stack cannot start, and the message tells its user why and what to do. The process ends with code 2."""


class AlreadyRuns(CannotStart):
    """A stack runs on this data folder, and the message says where. That is what was asked for, so the code is 0."""


@dataclass(frozen=True)
class LocalSettings:
    """port 0 asks for a free one; an endpoint is None (start our own engine), "aws", or a URL.

    `transition_machine` is the ARN of a state machine at `states_endpoint`; our own engine makes its own. Where access
    `is_open` everybody on this machine is an administrator, else a token is asked for as when deployed. With
    `may_forget` a missing engine is replaced by a store in memory.
    """

    port: int
    data: Path
    sweep_seconds: float
    dynamodb_endpoint: str | None
    s3_endpoint: str | None
    states_endpoint: str | None = None
    transition_machine: str | None = None
    is_open: bool = True
    may_forget: bool = False


def from_environment(env: Mapping[str, str]) -> LocalSettings:
    """The settings in `env`. Raises CannotStart for a value that makes no sense."""
    return LocalSettings(
        port=_port(env.get("CUMULOG_PORT") or "5000"),
        data=Path(env.get("CUMULOG_DATA") or REPOSITORY / ".cumulog").expanduser().resolve(),
        sweep_seconds=_seconds(env.get("CUMULOG_SWEEP_SECONDS") or "30"),
        dynamodb_endpoint=_endpoint("CUMULOG_DYNAMODB_ENDPOINT", env),
        s3_endpoint=_endpoint("CUMULOG_S3_ENDPOINT", env),
        states_endpoint=_endpoint("CUMULOG_STATES_ENDPOINT", env),
        transition_machine=env.get("CUMULOG_TRANSITION_MACHINE") or None,
        is_open=_is_open(env.get("CUMULOG_ACCESS") or "open"),
        may_forget=env.get("CUMULOG_MEMORY") == "1",
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 65535:
        return int(text)
    raise CannotStart(f"CUMULOG_PORT is {text!r}; it must be a number from 0 (any free port) to 65535.")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if 0 < seconds <= 86_400:
        return seconds
    raise CannotStart(f"CUMULOG_SWEEP_SECONDS is {text!r}; it must be a number of seconds above 0, up to 86400.")


def _is_open(text: str) -> bool:
    if text in ("open", "closed"):
        return text == "open"
    raise CannotStart(f"CUMULOG_ACCESS is {text!r}; it must be 'open', for everybody on this machine, or 'closed'.")


def _endpoint(name: str, env: Mapping[str, str]) -> str | None:
    value = env.get(name) or None
    if value is None or value == AWS or value.startswith(("http://", "https://")):
        return value
    raise CannotStart(f"{name} is {value!r}; it must be a URL, or {AWS!r} for the real service.")
