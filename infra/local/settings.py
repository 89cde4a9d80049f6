"""The settings of the local stack, and the one error with which it declines to start."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
AWS = "aws"


class CannotStart(Exception):
    """The stack cannot start, and the message tells its user why and what to do. The process ends with code 2."""


class AlreadyRuns(CannotStart):
    """The very stack that was asked for runs already, and the message says where.

    The process ends with code 0: what the user wants is there, and `make` shows no error.
    """


@dataclass(frozen=True)
class LocalSettings:
    """port 0 asks for a free one; an endpoint is None (start our own engine), "aws", or a URL.

    `transition_machine` is the ARN of a state machine at `states_endpoint`; our own engine makes its own. Where access
    `is_open` everybody on this machine is an administrator, else a token is asked for as when deployed. With
    `in_memory` no engine is started, and everything is forgotten at the end. `page` is the origin of the web pages that
    may call.
    """

    port: int
    data: Path
    sweep_seconds: float
    dynamodb_endpoint: str | None
    s3_endpoint: str | None
    states_endpoint: str | None = None
    transition_machine: str | None = None
    is_open: bool = True
    in_memory: bool = False
    page: str | None = None


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
        in_memory=_is_in_memory(env.get("CUMULOG_MEMORY") or "0"),
        page=_page(env.get("CUMULOG_DASHBOARD_ORIGIN") or None),
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


def _is_in_memory(text: str) -> bool:
    if text in ("0", "1"):
        return text == "1"
    raise CannotStart(f"CUMULOG_MEMORY is {text!r}; it must be '1', to keep everything in memory, or '0'.")


def _page(text: str | None) -> str | None:
    # As DashboardOrigin in infra/deploy/fragments/parameters.yaml. S3 would take `*` for every page.
    if text is None or re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", text):
        return text
    raise CannotStart(
        f"CUMULOG_DASHBOARD_ORIGIN is {text!r}; it must be an origin, with scheme and host and no path, such as "
        "http://localhost:3000."
    )


def _endpoint(name: str, env: Mapping[str, str]) -> str | None:
    value = env.get(name) or None
    if value is None or value == AWS or value.startswith(("http://", "https://")):
        return value
    raise CannotStart(f"{name} is {value!r}; it must be a URL, or {AWS!r} for the real service.")
