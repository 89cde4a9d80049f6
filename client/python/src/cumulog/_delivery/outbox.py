"""A journal on its way to the server, and what keeps it from getting there."""

from cumulog._delivery.pauses import Pause
from cumulog._journal.chains import Chain
from cumulog._journal.writers import Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._delivery.sending import Sending


class Outbox:
    """A journal that is being delivered; of this process if it has a writer.

    `is_awaited`: the end of this process waits for it.
    """

    def __init__(self, chain: Chain, writer: Writer | None = None, *, is_awaited: bool = True, lines: int = 0) -> None:
        self.chain = chain
        self.writer = writer
        self.is_awaited = is_awaited
        # What a journal of this process had left when it was closed for a while.
        self._lines = lines
        self.sending: Sending | None = None
        self.pause = Pause()
        self.is_done = False
        # Another one takes its place later.
        self.is_closed = False
        # It was tried, and waits for somebody to do something.
        self.is_held = False
        # The server does not know its run, and whether a `flush` has waited for that in vain.
        self.is_early = False
        self.is_given_up = False
        # The server may have some of it; and the end waits for the rest, although another process wrote it.
        self.is_begun = False
        self.is_finishing = False

    def is_behind(self) -> bool:
        """Whether awaited lines are left that may be delivered, or a journal that could be deleted."""
        is_awaited = self.is_awaited or (self.is_finishing and not self.pause.is_failing())
        may_go_on = is_awaited and not self.is_held and not self.is_done
        return may_go_on and (self.lines_left() > 0 or self.chain.is_over)

    def lines_left(self) -> int:
        """How many lines of this process the server does not have."""
        if self.is_done:
            return 0
        delivered = self.sending.delivered if self.sending else 0
        return self.writer.written - delivered if self.writer else self._lines

    def is_complete(self) -> bool:
        return self.chain.is_over and not self.chain.segments

    def may_be_closed(self) -> bool:
        """Whether the journal is found again on the disk."""
        return self.chain.is_over and self.chain.folder is not None and not self.chain.bytes_in_memory()
