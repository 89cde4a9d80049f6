"""What a project prints: on the terminal as it comes, and as an artifact of its run."""

import codecs
import contextlib
import os
import sys

from cumulog._fluent.runs import Run
from cumulog._projects.children import STDERR, STDOUT
from cumulog._record.output import Output

FILE = "cumulog/output.log"


class Terminal:
    """The terminal, or whatever else this process prints to."""

    def __init__(self, *, to_stderr: bool = False) -> None:
        """`to_stderr`: all of it, as stdout is for something else."""
        self._to_stderr = to_stderr
        self._gone: set[int] = set()

    def said(self, number: int, block: bytes) -> None:
        """Pass on what a program printed to one of its streams, byte by byte as it is."""
        left = memoryview(block)
        number = STDERR if self._to_stderr else number
        with contextlib.suppress(AttributeError, ValueError, OSError):
            (sys.stdout if number == STDOUT else sys.stderr).flush()
        while left and number not in self._gone:
            try:
                left = left[os.write(number, left) :]
            except OSError:
                # Whoever read it is gone; the run goes on, and its artifact has the rest.
                self._gone.add(number)


class Printed:
    """The output of one run: it is passed on, and kept."""

    def __init__(self, run: Run, terminal: Terminal) -> None:
        self._terminal = terminal
        self._output = Output(run, FILE, names=())
        self._decoders = {each: codecs.getincrementaldecoder("utf-8")("replace") for each in (STDOUT, STDERR)}

    def start(self) -> None:
        self._output.start()

    def said(self, number: int, block: bytes) -> None:
        self._terminal.said(number, block)
        self._output.kept.add(self._decoders[number].decode(block))
