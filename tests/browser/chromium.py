"""The Chromium of this machine, which no test brings along."""

import os
import shutil
from pathlib import Path
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Of its own accord it asks its makers for updates.
_QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
MISSING = "no Chromium: name one with CHROMIUM=, or install Debian's `chromium`"


def found() -> str | None:
    """Where it is: what CHROMIUM names, or the first of the usual names; None if there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next((place for name in _NAMES if (place := shutil.which(name))), None)


def options(place: str) -> dict[str, Any]:
    """How Playwright starts it. Chromium's own sandbox refuses to work for root."""
    unboxed = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return {"executable_path": place, "args": [*_QUIET, *unboxed]}
