"""The terms of leases: how often they are renewed, how long they run, and the last lease of a run that was left."""

import math
import os
from collections.abc import Callable
from typing import Any

from cumulog._journal.chains import Chain

PATH = "/api/2.0/cumulog/runs/lease"
SECONDS = 300.0
# What the server takes, by how much longer a lease runs than it takes until the next renewal.
LONGER = 1.8
_LEAST, _MOST = 5.0, 48_000.0


def period(tell: Callable[[str], None]) -> float:
    """Every how many seconds leases are renewed, by CUMULOG_LEASE; 0 for no leases."""
    text = os.environ.get("CUMULOG_LEASE", "").strip()
    try:
        seconds = float(text or SECONDS)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        tell(f"CUMULOG_LEASE is no number of seconds: '{text[:100]}'. Leases are renewed every {SECONDS:.0f} s.")
        return SECONDS
    return min(max(seconds, _LEAST), _MOST) if seconds else 0.0


def take_for(chain: Chain, tell: Callable[[str], None], ask: Callable[[dict[str, Any]], object]) -> None:
    """Take the last lease of a run whose process is gone, in the name of that: it is not renewed."""
    if seconds := period(tell):
        # A journal's name ends with the process that began it, and digits that no other has.
        named = (chain.folder.name if chain.folder else "").split(".")[-2:]
        ask({"run_id": chain.head.run_id, "holder": ":".join([machine(), *named]), "seconds": int(LONGER * seconds)})


def machine() -> str:
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return "".join(filter(str.isprintable, name))[:200] or "unknown"
