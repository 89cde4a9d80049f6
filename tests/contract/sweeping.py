"""Time passing: sweeps at moments that come later than any test wants to wait."""

from chalicelib import clock
from chalicelib.storage import keys, tables
from chalicelib.storage.items import RunInfo
from chalicelib.sweeper.sweep import sweep
from chalicelib.tracking.runs.runs import SEALED

A_QUARTER_HOUR_MS = 900_000


def seal(run_id: str) -> None:
    """Let a run fall silent, be closed and be sealed."""
    for passed in (1, 2, 3):
        sweep_after(passed * A_QUARTER_HOUR_MS)
    info = tables.get(RunInfo, keys.run(run_id), keys.INFO)
    assert info is not None
    assert info.phase == SEALED


def sweep_after(passed_ms: int) -> None:
    """One sweep, at a time that much later than now."""
    with clock.frozen(clock.now_ms() + passed_ms):
        sweep()
