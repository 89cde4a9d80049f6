"""The one thread of a process that talks to the server.

It looks at the journals once a second, syncs them to the disk and delivers what is new. While the server does not
answer it waits, longer each time, up to half a minute; who logs never waits for it.
"""

import math
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cumulog._delivery import outcomes
from cumulog._delivery.keeper import Keeper
from cumulog._delivery.lease import Lease
from cumulog._delivery.outbox import Outbox
from cumulog._delivery.pauses import Pause
from cumulog._delivery.refused import Refused
from cumulog._http.forks import importing, log
from cumulog._journal import chains, places
from cumulog._journal.writers import Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._delivery.sending import Sending

_TICK = 1.0
# Journals that are open at the same time.
_MOST_OPEN = 64
# Of a message; of a longer one the middle is left out.
_LONGEST_TEXT = 1000


def say(text: str) -> None:
    """Tell the user. The logger `cumulog` writes to stderr unless the program set up something else."""
    # What it quotes, of a script or a server, must not steer a terminal, nor stop a handler that writes to a file.
    plain = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
    half = _LONGEST_TEXT // 2
    log.warning("cumulog: %s", plain if len(plain) <= _LONGEST_TEXT else f"{plain[:half]} … {plain[-half:]}")


class Deliverer:
    """Delivers to one server. The thread starts with the first journal."""

    def __init__(self, server: str, tell: Callable[[str], None] = say, *, adopts: bool = True) -> None:
        self.server = server
        self.refused = Refused(tell)
        # Lines were damaged, or put aside with their run.
        self.has_lost = False
        self.say = tell
        self._must_adopt = adopts
        self._runs: set[str] = set()
        self._gone: set[str] = set()
        # Journals of this process that are closed for a while, and how many lines each has.
        self._closed: dict[Path, int] = {}
        self._has_more = False
        self._said: set[str] = set()
        self._boxes: list[Outbox] = []
        self._pause = Pause()
        self._wake = threading.Event()
        self._lap = threading.Condition()
        self._may_end = False
        # The process ends, so no journal of another one is begun.
        self._is_ending = False
        # How many lines had been sent when a wait for more ended in vain.
        self._silent_at = -1
        self._keeper = Keeper(self)
        self._hang_up: Callable[[str], None] | None = None
        self._thread: threading.Thread | None = None
        # No thread can be started any more; who delivers instead stops at this time (monotonic).
        self._is_alone = False
        self._stops_at = math.inf
        # Called again and again while somebody waits.
        self.at_lap: Callable[[], None] = lambda: None

    def take(self, writer: Writer) -> None:
        """Deliver what a writer of this process journals."""
        run_id = writer.chain.head.run_id
        # What is logged to a run that was deleted is kept, and tried by the next process.
        self._boxes.append(Outbox(writer.chain, writer, is_awaited=run_id not in self._gone))
        self._runs.add(run_id)
        with self._lap:
            # Here too: the server may hold up the thread for half a minute.
            self._close_some([box for box in self._boxes if not box.is_begun], 2 * _MOST_OPEN)
        self._begin()

    def keep_alive(self, run_id: str) -> Lease:
        """Say again and again that the run is alive, until its lease ends."""
        return self._keeper.add(run_id)

    def flush(self, deadline: float) -> int:
        """Wait until the server has what was logged, or until `deadline` (monotonic). Returns the lines that remain."""
        self._pause.end()
        for box in list(self._boxes):
            box.is_held = box.is_given_up
            # What was refused is tried now: else the wait would pass without a try.
            box.pause.end()
        if self._is_alone:
            self._deliver_here(deadline)
        self._wait(deadline)
        for box in list(self._boxes):
            box.is_given_up = box.is_early
        return self.lines_left()

    def finish_begun(self, deadline: float) -> bool:
        """Wait for what was begun of other processes' journals, and begin no other. Whether lines of theirs remain."""
        with self._lap:
            self._is_ending = True
            for box in list(self._boxes):
                box.is_finishing = box.is_begun and not box.writer
        self._wait(deadline)
        self.end()
        others = [box for box in list(self._boxes) if not box.writer]
        return self._has_more or any(not box.is_done and not box.is_held for box in others)

    def _wait(self, deadline: float) -> None:
        while self._is_behind() and time.monotonic() < deadline:
            self.at_lap()
            with self._lap:
                if self._is_due():
                    self._wake.set()
                self._lap.wait(min(0.05, max(0.0, deadline - time.monotonic())))

    def _deliver_here(self, deadline: float) -> None:
        """Deliver in this thread: at the end of the interpreter no other starts, from Python 3.12 on."""
        self._stops_at = deadline
        while (self._must_adopt or any(box.is_behind() for box in self._boxes)) and time.monotonic() < deadline:
            if self._must_adopt:
                self.guarded(self.adopt)
                self._must_adopt = False
            self.guarded(self.round)
            self.at_lap()
            if any(box.is_behind() for box in self._boxes):
                time.sleep(min(0.05, max(0.0, deadline - time.monotonic())))

    def adopt_soon(self) -> None:
        """Take over what children of this process left, before the next `flush` is done."""
        self._must_adopt = True
        self._begin()

    def end(self) -> None:
        """The thread ends when it has delivered everything; it begins again with the next journal."""
        thread, self._may_end = self._thread, True
        if thread and not self._boxes:
            self._wake.set()
            thread.join(_TICK)

    def lines_left(self) -> int:
        """How many lines of this process the server does not have."""
        return sum(box.lines_left() for box in list(self._boxes)) + sum(list(self._closed.values()))

    def lines_sent(self) -> int:
        """How many lines of the present journals the server has: another number says that it took some."""
        return sum(box.sending.count for box in list(self._boxes) if box.sending)

    def note_silence(self, before: int) -> bool:
        """Note, until the server takes lines, that it took none in a wait that began with so many sent.

        Whether that is so. A server that may just be away, or refuses, is not silent.
        """
        if self.lines_left() and self.lines_sent() == before and not self.is_failing():
            self._silent_at = before
            return True
        return False

    def is_failing(self) -> bool:
        """Whether the server did not take something of this process's when it was last tried, or waited for."""
        return self._silent_at == self.lines_sent() or self._is_refused()

    def _is_refused(self) -> bool:
        return self._pause.is_failing() or any(box.pause.is_failing() for box in list(self._boxes) if box.writer)

    def round(self) -> None:
        """Deliver once what can be delivered now."""
        waiting: dict[str, Outbox] = {}
        for box in self._in_turn():
            if box.writer:
                box.writer.sync()
            # The journals of one run go one after the other: a late resend of an old tag would win.
            if before := waiting.get(box.chain.head.run_id):
                box.is_held = before.is_held
            elif not self._deliver(box):
                waiting[box.chain.head.run_id] = box
        # Another thread may add one meanwhile.
        for box in [box for box in self._boxes if box.is_done]:
            self._boxes.remove(box)
        with self._lap:
            self._close_some(self._boxes, _MOST_OPEN)
            self._must_adopt = self._must_adopt or (self._has_more and len(self._boxes) < _MOST_OPEN // 2)

    def adopt(self) -> None:
        """Take over what processes that ended have left for this server."""
        places.clear()
        self._has_more = False
        # Before those of this process, the oldest first: of two that change one tag the later one must win.
        at = sum(not box.writer for box in list(self._boxes))
        for folder in places.chains():
            if len(self._boxes) >= _MOST_OPEN:
                self._has_more = True
                break
            try:
                chain = chains.found(folder)
            except (OSError, ValueError, KeyError) as error:
                self.tell(f"The journal {folder} cannot be read ({error}); look after it, or delete it.")
                continue
            if chain and chain.head.server == self.server:
                lines = self._closed.pop(folder, 0)
                is_awaited = chain.head.run_id in self._runs or chain.head.parent == os.getpid()
                self._boxes.insert(at, Outbox(chain, is_awaited=is_awaited, lines=lines))
                at += 1
            elif chain:
                chain.close()

    def close(self) -> None:
        """Let go of all journals."""
        for box in self._boxes:
            box.chain.close()
        self._boxes.clear()

    def _close_some(self, boxes: list[Outbox], most: int) -> None:
        """Close journals of runs that ended, while too many are open: each takes two descriptors of the process."""
        for box in [box for box in boxes if box.may_be_closed()][: max(0, len(self._boxes) - most)]:
            if box.writer and box.chain.folder:
                self._closed[box.chain.folder] = box.lines_left()
            box.is_closed = True
            box.chain.close()
            self._boxes.remove(box)
            self._has_more = True

    def _in_turn(self) -> list[Outbox]:
        """This process's runs first, with what earlier processes left of the same runs before them."""
        boxes = list(self._boxes)
        own = {box.chain.head.run_id for box in boxes if box.writer}
        return sorted(boxes, key=lambda box: box.chain.head.run_id not in own)

    def _is_behind(self) -> bool:
        is_running = self._thread is not None and self._thread.is_alive()
        is_adopting = self._must_adopt or bool(self._closed)
        return is_running and (is_adopting or any(box.is_behind() for box in list(self._boxes)))

    def _is_due(self) -> bool:
        """Whether another round now may deliver something: while the server is away, the thread has to wait."""
        return self._must_adopt or (
            self._pause.is_over() and any(box.is_behind() and box.pause.is_over() for box in list(self._boxes))
        )

    def _begin(self) -> None:
        with self._lap:
            self._may_end = self._is_ending = False
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="cumulog-delivery", daemon=True)
                try:
                    thread.start()
                    self._thread = thread
                except RuntimeError:
                    self._is_alone = True

    def _is_over(self) -> bool:
        """Whether the thread has nothing more to do. Whoever begins it again must not find it half ended."""
        with self._lap:
            self._lap.notify_all()
            if self._may_end and not self._boxes and not self._must_adopt and not self._has_more:
                self._thread = None
            return self._thread is None

    def _run(self) -> None:
        while True:
            if self._must_adopt:
                self.guarded(self.adopt)
                self._must_adopt = False
            self.guarded(self.round)
            self.guarded(self._keeper.begin)
            if self._is_over():
                break
            self._wake.wait(_TICK)
            self._wake.clear()
        if self._hang_up:
            self._hang_up(self.server)

    def is_pausing(self) -> bool:
        """Whether the server is left alone for a while."""
        return not self._pause.is_over()

    def guarded(self, step: Callable[[], None]) -> None:
        """A fault of ours must not end delivery, nor must it be hidden."""
        try:
            step()
        except Exception as error:  # noqa: BLE001 - the next round goes on
            log.debug("delivery", exc_info=True)
            self.tell(f"Delivery failed, and goes on: {type(error).__name__}: {error}")
            time.sleep(_TICK)

    def _deliver(self, box: Outbox) -> bool:
        """Whether another journal of the same run may go on: nothing of this one is left, or it waits for that."""
        if not self._begins(box):
            return False
        try:
            while self._sending(box).some():
                self._pause.end()
                box.pause.end()
                self._silent_at = -1
                box.is_early = box.is_given_up = box.is_held = False
                if self._must_pause(box):
                    break
        except outcomes.Later as later:
            self._pause.lengthen(later.wait)
            self.tell("The server takes nothing now: lines wait in the journal meanwhile.", str(later))
        except outcomes.Held as held:
            self._hold(box, held)
            if box.is_early:
                return True
        except outcomes.Gone as gone:
            self._put_aside(box, str(gone))
        if box.is_complete() and not box.is_done:
            self._complete(box)
        return box.is_done

    def _hold(self, box: Outbox, held: outcomes.Held) -> None:
        """Note that a journal waits, and whether a `flush` does: a run that is unknown twice may have a wrong id."""
        was_early, box.is_early = box.is_early, isinstance(held, outcomes.NotYet)
        # Ranks often start before the one that creates the run.
        is_hopeless = was_early and not box.chain.may_be_created()
        box.is_held = not box.is_early or box.is_given_up or is_hopeless
        box.pause.lengthen(0.0)
        if not box.is_early or is_hopeless or box.pause.is_long():
            self.tell(str(held))

    def _begins(self, box: Outbox) -> bool:
        """Whether a journal may be begun, or gone on with, now."""
        if not (self._pause.is_over() and box.pause.is_over()) or (box.writer and not box.is_awaited):
            return False
        with self._lap:
            box.is_begun = not box.is_closed and (box.is_begun or box.is_awaited or not self._is_ending)
            return box.is_begun

    def _complete(self, box: Outbox) -> None:
        if box.sending and not box.writer:
            box.sending.leave(self.say)
        if told := box.chain.finish():
            self.say(told)
            self.has_lost = True
        box.is_done = True

    def _must_pause(self, box: Outbox) -> bool:
        """Whether time is over, or what was left by others would hold up this process: it goes on in the next round."""
        if box.writer is None and self.has_news():
            self._wake.set()
            return True
        return time.monotonic() >= self._stops_at

    def has_news(self) -> bool:
        """Whether there are lines of this process that may be delivered now."""
        return any(box.writer and box.is_behind() and box.pause.is_over() for box in list(self._boxes))

    def _sending(self, box: Outbox) -> "Sending":
        if box.sending is None:
            with importing:
                # Imported by the thread that delivers: `import cumulog` must not pay for http.client and ssl.
                from cumulog._delivery.opening import hang_up, opened  # noqa: PLC0415

                self._hang_up = hang_up
                box.sending = opened(self.server, box.chain, self.refused)
        return box.sending

    def _put_aside(self, box: Outbox, why: str) -> None:
        folder = box.chain.folder
        aside = folder.parent / places.ASIDE if folder else None
        self.say(f"{why} Its lines are kept in {aside}; restore the run and move them back to send them.")
        if box.writer:
            box.writer.close()
        box.chain.put_aside()
        self._gone.add(box.chain.head.run_id)
        self.has_lost = box.is_done = True

    def tell(self, text: str, detail: str = "") -> None:
        """Tell the user, once."""
        if text not in self._said:
            self._said.add(text)
            self.say(f"{text} ({detail})" if detail else text)
