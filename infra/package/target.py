"""What the package is built for: the one place that fixes the runtime."""

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


# Lambda supports Python 3.12 until October 2028, and so does all that we pin. arm64 costs a fifth less per second, but
# what is deployed should be what is tested, compiled wheels included, and tests run on x86-64.
DEPLOYED = Target("3.12", "x86_64")


def here() -> Target:
    """The interpreter at hand, for tests that execute the package with it."""
    return Target(f"{sys.version_info.major}.{sys.version_info.minor}", DEPLOYED.architecture)
