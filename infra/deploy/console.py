"""Output and questions of the commands."""

from collections.abc import Callable
from dataclasses import dataclass


def _print(text: str) -> None:
    # Flushed: a deployment takes minutes, and its output often goes into a file or a pipe.
    print(text, flush=True)


@dataclass(frozen=True)
class Console:
    say: Callable[[str], None] = _print
    ask: Callable[[str], str] = input

    def answer(self, question: str) -> str:
        """The user's answer; empty if there is no input."""
        try:
            return self.ask(question).strip()
        except EOFError:
            self.say("")
            return ""
