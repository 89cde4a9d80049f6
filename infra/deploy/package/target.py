"""The target of the package: the only place that fixes the runtime."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A Python (`3.12`) and an architecture, as Lambda names them: `x86_64` or `arm64`."""

    python: str
    architecture: str

    @property
    def runtime(self) -> str:
        return f"python{self.python}"


# Lambda's versions on Amazon Linux 2023, which `dependencies.py` relies on. The first is supported until October 2028.
RUNTIMES = ("3.12", "3.13")
# arm64 costs a fifth less per second, but the deployed code should be the tested code, compiled wheels included, and
# tests run on x86-64.
_ARCHITECTURE = "x86_64"


def here() -> Target:
    """The current interpreter, for tests that execute the package with it."""
    return Target(f"{sys.version_info.major}.{sys.version_info.minor}", _ARCHITECTURE)


def best(python: str) -> Target:
    """The target to deploy from a machine with this Python: the same version if Lambda has it, so that modules ship
    compiled."""
    return Target(python if python in RUNTIMES else RUNTIMES[0], _ARCHITECTURE)


DEPLOYED = best(here().python)
