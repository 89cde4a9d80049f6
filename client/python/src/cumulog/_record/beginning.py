"""The record of a run that begins: what must cost its start nothing. The rest is done in the background."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from cumulog._fluent import environment
from cumulog._fluent.quiet import told
from cumulog._fluent.runs import Run, once
from cumulog._http.forks import importing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._record.started import Command

# The end of a run waits so long for the cheap part, and then for the processes that it no longer wants.
_SECONDS_AT_END = 2.0
_SECONDS_TO_STOP = 0.5


class Recording:
    """The recording of one run, in a thread of its own."""

    def __init__(self, run: Run, *, with_files: bool) -> None:
        self.run = run
        self.with_files = with_files
        # Taken at once: a script may change each of them.
        self._begun = (str(Path.cwd()), list(sys.argv), list(sys.orig_argv), dict(os.environ))
        self._process = os.getpid()
        self._has_cheap_part = threading.Event()
        self._is_closed = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="cumulog-record", daemon=True)
        self._thread.start()

    @property
    def command(self) -> "Command":
        """How the process was started."""
        from cumulog._record.started import Command  # noqa: PLC0415 - imported by now

        return Command(*self._begun)

    def has_cheap_part(self) -> None:
        """The end of the run need not wait for what follows."""
        self._has_cheap_part.set()

    def ends_within(self, seconds: float) -> bool:
        """Wait so long for the end of the run. Whether it has ended."""
        return self._is_closed.wait(seconds)

    def do(self, step: Callable[[], object]) -> None:
        """Log something, unless the run has ended."""
        with self._lock:
            if not self._is_closed.is_set():
                step()

    def close(self) -> None:
        """Wait for the cheap part, and record nothing any more: the run ends."""
        if self._process != os.getpid():
            # The thread is the parent's.
            return
        self._has_cheap_part.wait(_SECONDS_AT_END)
        with self._lock:
            self._is_closed.set()
        self._thread.join(_SECONDS_TO_STOP)

    def _work(self) -> None:
        """What the thread does. Whatever goes wrong is said, and the run goes on."""
        try:
            with importing:
                from cumulog._record.recording import record  # noqa: PLC0415 - it takes as long as all the rest
            record(self)
        except Exception as error:  # noqa: BLE001 - a repository or a package may be broken in any way
            once(f"What was run is not recorded: {told(error)}")
        finally:
            self._has_cheap_part.set()


def begin(run: Run) -> None:
    """Record a run that this process has created, as CUMULOG_RECORD says: `on`, `tags` or `off`."""
    if environment.is_off("CUMULOG_RECORD"):
        return
    wanted = os.environ.get("CUMULOG_RECORD", "").strip().lower()
    # What the thread imports would import it too. It holds a lock in forks, and a fork that is under way meanwhile
    # would let go of what it has not taken; so this thread imports it, which is forking nothing now.
    import concurrent.futures.thread  # noqa: F401, PLC0415 - two milliseconds

    try:
        recording = Recording(run, with_files=wanted != "tags")
    except (OSError, RuntimeError) as error:
        # The working directory is gone, or no thread can be started.
        once(f"What was run is not recorded: {told(error)}")
        return
    run.at_end.append(recording.close)
