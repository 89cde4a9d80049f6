"""What a way to search a space does."""

from typing import Protocol


class Method(Protocol):
    """Trials have numbers from 0 on. What it suggests for a number may depend on what it was told, or not."""

    @property
    def trials(self) -> int:
        """How many trials there are."""
        ...

    def suggested(self, number: int) -> dict[str, str]:
        """The parameters of a trial."""

    def told(self, number: int, params: dict[str, str], value: float | None) -> None:
        """How a trial ended. `value` is None if it failed, or logged no such metric."""
