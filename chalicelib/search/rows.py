"""Index rows, as a search reads them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from chalicelib.search.field import Field
from chalicelib.search.intervals import Interval
from chalicelib.search.record import Record


class Row(NamedTuple):
    """One value of one run. Rows sort as their keys: by code, then the last started first, then by run."""

    code: str
    start: str
    run_id: str

    @property
    def key(self) -> str:
        return "".join(self)

    @property
    def place(self) -> str:
        """The run's place in the default order."""
        return self.start + self.run_id


RUN_ID_DIGITS = 32
START_DIGITS = 16


PLACE_CHARACTERS = START_DIGITS + RUN_ID_DIGITS


def row(key: str) -> Row:
    """The row with this key."""
    return Row(
        key[: -START_DIGITS - RUN_ID_DIGITS], key[-START_DIGITS - RUN_ID_DIGITS : -RUN_ID_DIGITS], key[-RUN_ID_DIGITS:]
    )


class Index(Protocol):
    """What a search reads from: the rows of the runs that it is about, and these runs."""

    @property
    def partitions(self) -> int:
        """How many partitions the rows of one field are in."""

    def rows(self, field: Field, interval: Interval, forward: bool = True, at_once: int = 100) -> Iterator[Row]:
        """The rows of a field in the order of their keys, read as they are taken: `at_once` first, then more."""

    def keys(self, field: Field, interval: Interval) -> Iterable[str]:
        """The keys of all these rows in their order: cheaper than `rows` for who reads thousands, to their end.

        A sequence if they are known, an iterator if they are read as they are taken.
        """

    def records(self, run_ids: Iterable[str]) -> Mapping[str, Record]:
        """Those of the runs that exist and have the lifecycle stage that the search is about."""
