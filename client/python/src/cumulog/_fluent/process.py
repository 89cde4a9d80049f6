"""What this process has: its server, its experiment, its active runs and the thread that delivers.

A forked child inherits a held lock and no thread. So it begins anew: it keeps the active runs, logs to them through
journals of its own, and never ends a run that its parent started.
"""

import atexit
import contextlib
import math
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cumulog._delivery.deliverer import Deliverer, say
from cumulog._fluent import environment
from cumulog._fluent.names import flaw
from cumulog._fluent.runs import Run, once
from cumulog._journal import chains
from cumulog._journal.writers import Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._fluent.entities import StoredRun

# The end takes ten seconds at most; on a busy machine some of them pass outside the wait.
END_SECONDS = 9.0
_LEAST_SECONDS = 1.0
# The end says that it waits, if it does for longer.
_SILENT_SECONDS = 2.0


class _Stack(threading.local):
    def __init__(self) -> None:
        self.runs: list[Run] = []


class Process:
    """The state of one process. Threads without a run of their own log to the run of the main thread."""

    def __init__(self) -> None:
        self.server: str | None = None
        self.experiment_id = ""
        self.experiment_name = ""
        self.shared: list[Run] = []
        # All runs that were started here and have not ended, of whatever thread.
        self.begun: list[Run] = []
        self.others: dict[str, Run] = {}
        # The run that was started last, also when it has ended.
        self.last: Run | None = None
        # Records what was run, of a run that begins (`_record`).
        self.record: Callable[[Run], None] = lambda _run: None
        # Samples the machine while a run goes on.
        self.measure: Callable[[Run], None] = lambda _run: None
        self.own = _Stack()
        self.lock = threading.RLock()
        self.hooked = False
        # The interpreter ends: no run begins any more.
        self.is_ending = False
        self._speaks_at = math.inf
        self._deliverers: dict[str, Deliverer] = {}
        # In a forked child: the process that it comes from, and whether that delivers what children leave.
        self._parent = 0
        self._parent_delivers = False
        # It has forked, or started workers in another way.
        self._has_children = False
        # Journals that name no server, and lines that nobody keeps.
        self._offline: list[Path | None] = []

    def stack(self) -> list[Run]:
        """The runs of this thread, the innermost last."""
        own = self.own.runs
        return own if own or threading.current_thread() is not threading.main_thread() else self.shared

    def active(self) -> Run | None:
        own = self.own.runs
        return own[-1] if own else self.shared[-1] if self.shared else None

    def begin(self, run: Run) -> None:
        """Make a run the active one of this thread."""
        self.stack().append(run)
        self.begun.append(run)
        self.last = run
        if run.server in self._deliverers and not run.is_guest:
            run.lease = self._deliverers[run.server].keep_alive(run.info.run_id)

    def ended(self, run: Run) -> None:
        with contextlib.suppress(ValueError):
            self.begun.remove(run)

    def leave(self, run: Run) -> None:
        """The run is no longer active, nor are those in it."""
        stack = self.stack()
        if run in stack:
            del stack[stack.index(run) :]

    def server_now(self) -> str:
        return environment.server() if self.server is None else self.server

    def experiment(self) -> tuple[str, str]:
        """Id and name of the experiment for new runs, of which one is empty; the default experiment has the id 0."""
        env = os.environ.get
        if self.experiment_id or self.experiment_name:
            return self.experiment_id, self.experiment_name
        name = env("MLFLOW_EXPERIMENT_NAME", "")
        if name and (why := flaw(name)):
            once(f"No experiment can have the name in MLFLOW_EXPERIMENT_NAME: {why}. The default experiment is used.")
            name = ""
        named = env("MLFLOW_EXPERIMENT_ID", ""), name
        return named if any(named) else ("0", "")

    def deliver(self, writer: Writer) -> None:
        """Have a journal delivered, or say how to send it later if there is no server."""
        self.hook()
        server = writer.chain.head.server
        if server:
            if server not in self._deliverers:
                self._deliverers[server] = Deliverer(server, adopts=not self._has_parent())
            self._deliverers[server].take(writer)
            return
        self._offline.append(writer.chain.folder)
        if len(self._offline) == 1:
            say(
                f"Lines are kept in {writer.chain.folder}, as there is no server to send them to. "
                "To send them: MLFLOW_TRACKING_URI=https://… cumulog sync"
                if writer.chain.folder
                else "There is no server, and no folder for a journal can be written, so lines are lost when this "
                "process ends. Set CUMULOG_JOURNAL to a folder that can be written, or MLFLOW_TRACKING_URI."
            )

    def flush(self, seconds: float = END_SECONDS, *, adopts: bool = True) -> bool:
        """Wait until the server has everything; False, and a message, if lines remain after so many seconds.

        What children of this process have left counts too, if it `adopts`.

        Lines that were logged while no server was set remain until `cumulog sync` has sent them.
        """
        deadline = time.monotonic() + seconds
        if adopts and self._may_have_children():
            self._take_over()
        left = {server: each.flush(deadline) for server, each in list(self._deliverers.items())}
        for server, count in left.items():
            if count:
                lines = "1 line is" if count == 1 else f"{count} lines are"
                say(f"{lines} not on {server} yet, but kept on disk. To send what remains: cumulog sync")
        has_lost = any(each.has_lost for each in self._deliverers.values())
        remains = any(each is None or each.exists() for each in self._offline)
        return not (any(left.values()) or has_lost or remains)

    def deliver_now(self) -> None:
        """Wait for the server as `flush` does, but not while it cannot be reached: else each call would wait for it.

        Nor while it says nothing: a wait in which it takes no line is the last one until it takes some.
        """
        before = {each: each.lines_sent() for each in self._deliverers.values()}
        if any(each.is_failing() for each in before):
            return
        self.flush(END_SECONDS, adopts=False)
        silent = [each for each, sent in before.items() if each.note_silence(sent)]
        if silent:
            once(
                "The server took no line while this process waited for it. Until it does, calls that ask to wait "
                "(synchronous=True) return at once; their lines are kept in the journal."
            )

    def stored(self, run_id: str, server: str) -> "StoredRun | None":
        """A run as the server has it, after what this process logged has arrived; None if there is no server."""
        if not server:
            return None
        self.flush()
        # Most jobs only log.
        from cumulog._fluent.asking import stored_run  # noqa: PLC0415

        return stored_run(server, run_id)

    def finish(self) -> bool:
        """End the runs that this process started, and wait up to ten seconds for delivery."""
        # In a notebook or at a prompt a statement failed, and the session went on.
        has_failed = getattr(sys, "last_value", None) is not None and not hasattr(sys, "ps1")
        status = "FAILED" if has_failed else "FINISHED"
        begun = time.monotonic()
        self.own.runs.clear()
        self.shared.clear()
        # Those of other threads too; the innermost first.
        for run in reversed(list(self.begun)):
            run.end(status)
        while self.others:
            self.others.popitem()[1].end(status)
        for each in () if self._has_parent() else self._deliverers.values():
            each.adopt_soon()
        # What else a run's end waits for, as for its record, is a part of the ten seconds.
        is_done = self.flush(max(begun + END_SECONDS - time.monotonic(), _LEAST_SECONDS))
        for each in self._deliverers.values():
            each.end()
        return is_done

    def _end(self) -> None:
        """What the end of the interpreter calls. A thread that goes on logging begins no run that nobody would end."""
        self.is_ending = True
        deadline = time.monotonic() + END_SECONDS
        self._speaks_at = time.monotonic() + _SILENT_SECONDS
        for each in self._deliverers.values():
            each.at_lap = self._note_wait
        try:
            self.finish()
            self._finish_begun(deadline)
        except KeyboardInterrupt:
            # Whoever waits no longer has the lines on disk.
            self.flush(0.0)

    def _note_wait(self) -> None:
        """Say once that the end waits: else people take it for hung, and do not know what Ctrl-C would lose."""
        if time.monotonic() >= self._speaks_at:
            self._speaks_at = math.inf
            say("Waiting for the server, ten seconds at most. Ctrl-C ends the wait; the lines stay on disk.")

    def _finish_begun(self, deadline: float) -> None:
        """Send whole what was begun of other processes' journals, and say if any remain."""
        for server, each in self._deliverers.items():
            remain = each.finish_begun(deadline)
            # Else it was said already how to send them.
            if remain and not each.lines_left():
                say(f"Lines that other processes left for {server} are still on disk. To send them: cumulog sync")

    def after_fork(self) -> None:
        """In the child: nothing of the parent's locks, thread and journals is used any more."""
        chains.forget_parent()
        self.lock = threading.RLock()
        self.hooked = False
        self._parent_delivers = bool(self._deliverers) or self._has_parent()
        self._parent = os.getppid()
        self._has_children = False
        self._deliverers = {}
        for run in (*self.own.runs, *self.shared, *self.others.values()):
            run.after_fork()

    def _has_parent(self) -> bool:
        """Whether a parent that delivers is there: it sends what other children left, so this one need not."""
        return self._parent_delivers and self._parent == os.getppid()

    def parent(self) -> int:
        """The process that started this one and takes over what it leaves; 0 if there is none."""
        return self._parent or environment.parent_of_worker()

    def after_fork_in_parent(self) -> None:
        self._has_children = True
        self.hook()

    def _may_have_children(self) -> bool:
        others = ("multiprocessing.popen_spawn_posix", "multiprocessing.popen_forkserver")
        return self._has_children or any(name in sys.modules for name in others)

    def _take_over(self) -> None:
        """Have delivered what children have left, also for servers that this process logged nothing to."""
        for server in chains.servers_of_children(os.getpid()) - self._deliverers.keys():
            self._deliverers[server] = Deliverer(server)
        for each in self._deliverers.values():
            each.adopt_soon()

    def hook(self) -> None:
        """See to it that the end of the interpreter delivers."""
        if self.hooked:
            return
        self.hooked = True
        atexit.register(self._end)
        if environment.is_child_of_multiprocessing():
            # atexit does not run in these children.
            from multiprocessing.util import Finalize  # noqa: PLC0415

            Finalize(None, self._end, exitpriority=10)


process = Process()
# Workers may log, and this process nothing.
process.hook()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=process.after_fork, after_in_parent=process.after_fork_in_parent)
