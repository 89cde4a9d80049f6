"""Where the runs to look at come from: a walk in the wanted order, or the rows that comparisons leave over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from chalicelib.search import codes, plan
from chalicelib.search.field import Entity
from chalicelib.search.intervals import START_TIME, Interval, Range, indexed, ranges
from chalicelib.search.rows import PLACE_CHARACTERS, RUN_ID_DIGITS, Index, Row
from chalicelib.search.search import Search
from chalicelib.search.walk import Candidate, Piece, Walk, is_row_order, place_of
from chalicelib.storage.parallel import Deadline

# Up to this many rows that are known are looked through first.
_MOST_KNOWN = 20_000
# Rows passed over in one step: the clock is checked between two steps.
_MOST_PASSED_OVER = 20_000


@dataclass
class Enumeration:
    """The rows of one field that comparisons leave over, as far as they were read.

    `places` has the place of each run in the default order.
    """

    range: Range
    keys: Iterator[str]
    read: int = 0
    complete: bool = False
    places: dict[str, str] = field(default_factory=dict)
    last: str = ""

    def go_on(self, count: int) -> None:
        taken = list(islice(self.keys, count))
        self.read += len(taken)
        self.complete = len(taken) < count
        self.last = taken[-1][-PLACE_CHARACTERS:] if taken else self.last
        if self.range.test is not None:
            taken = [key for key in taken if self.range.admits(key[:-PLACE_CHARACTERS])]
        # Not as `Row`: there may be thousands.
        self.places.update([(key[-RUN_ID_DIGITS:], key[-PLACE_CHARACTERS:]) for key in taken])

    def __str__(self) -> str:
        name = f"{self.range.field.entity.value} {self.range.field.key}"
        return f"{name}: {self.read} rows{'' if self.complete else ' and more'}"


class Sources:
    """The runs to look at for one question. In the default order (`is_row_order`) the rows of one value of a field are
    a source of their own: `tags.team = 'audio'` reads no other run."""

    def __init__(
        self, question: Search, index: Index, passed_over: frozenset[str], at_once: int, deadline: Deadline
    ) -> None:
        self._deadline = deadline
        self._index, self._passed_over, self._at_once = index, passed_over, at_once
        self._terms, self._after = question.ordering.terms, question.after
        self._by_default = is_row_order(self._terms)
        self._ranges = ranges(question.comparisons)
        self._place = (self._by_default and self._after and place_of(self._terms, self._after)) or ""
        self._enumerations = [self._enumeration(each) for each in self._narrowing()]
        self._pieces: Iterator[Piece] | None = None
        self._members: dict[str, str] | None = None
        self._name = ""
        for each in self._enumerations:
            if each.complete:
                self._rule_out(each)
        self.are_exhausted = any(not each.intervals for each in self._ranges)
        self.are_in_order = True

    @property
    def left_over(self) -> int | None:
        """How many runs the complete enumerations leave over; None if none is complete."""
        return None if self._members is None else len(self._members)

    @property
    def at_once(self) -> int | None:
        """How many runs are looked at next, however many are wanted, if they are in no order; else None."""
        return None if self.are_in_order else self.left_over

    def rows_read(self) -> list[int | None]:
        """The rows read so far of each enumeration; None if it is complete."""
        return [None if each.complete else each.read for each in self._enumerations]

    def read_rows(self, step: plan.Enumerate) -> bool:
        """Go on with an enumeration. Returns whether it is now complete."""
        each = self._enumerations[step.number]
        each.go_on(step.rows)
        if each.complete:
            self._rule_out(each)
            if self._by_default:
                self._pieces = None
        return each.complete

    def start_over(self) -> bool:
        """Make the runs left over the only source, in no order, if they are few. Returns whether it did."""
        if self._by_default or self._members is None or len(self._members) > plan.FEW:
            return False
        self._name, self.are_in_order = "all of them", False
        self._pieces = iter([[Candidate(Row("", place[:16], run_id)) for run_id, place in self._members.items()]])
        return True

    def take(self, count: int) -> tuple[list[Candidate], bool]:
        """The next runs to look at, about `count`; and whether they are in the wanted order."""
        taken: list[Candidate] = []
        for passed, piece in enumerate(self._source()):
            if isinstance(piece, list):
                if taken:
                    self._give_back(piece)
                    return taken, True
                # All of them are one piece.
                self.are_exhausted = not self.are_in_order
                return [each for each in piece if self._is_wanted(each.row)], False
            if self._is_wanted(piece.row):
                taken.append(piece)
                self._place = piece.row.place
            if len(taken) == count or passed > _MOST_PASSED_OVER or (taken and self._deadline.is_over()):
                return taken, True
        self.are_exhausted = True
        return taken, True

    def has_more(self) -> bool:
        """Whether there is any run left to look at."""
        return not self.are_exhausted and bool(self.take(1)[0] or not self.are_exhausted)

    def story(self) -> str:
        """For measurements."""
        return "; ".join([self._name or "nothing", *map(str, self._enumerations)])

    def _source(self) -> Iterator[Piece]:
        if self._pieces is None:
            self._pieces = self._chosen()
        return self._pieces

    def _chosen(self) -> Iterator[Piece]:
        if self._by_default and self._members is not None:
            self._name = "rows left over, in order"
            return self._left_over(self._members)
        driver = self._driver() if self._by_default else None
        if driver is not None:
            self._name = f"rows of {driver.field.entity.value} {driver.field.key}"
            return self._rows_of(driver)
        self._name = "listing" if self._by_default else f"rows of {self._terms[0].field.key}"
        bounds = {each.field: each for each in self._ranges if each.field.entity is not Entity.DATASET}
        return Walk(self._index, bounds, self._at_once).pieces(self._terms, self._after)

    def _left_over(self, members: dict[str, str]) -> Iterator[Piece]:
        for place in sorted(place for place in members.values() if place > self._place):
            yield Candidate(Row("", place[:16], place[16:]))

    def _rows_of(self, driver: Range) -> Iterator[Piece]:
        (interval,) = driver.intervals
        low = f"{interval.low}{self._place}{codes.AFTER}" if self._place else interval.low
        later = Interval(low, interval.high)
        return map(Candidate, self._index.rows(driver.field, later, at_once=self._at_once))

    def _rule_out(self, each: Enumeration) -> None:
        places = each.places if self._members is None else self._members
        self._members = {run_id: place for run_id, place in places.items() if run_id in each.places}

    def _driver(self) -> Range | None:
        """The field with the fewest runs among those that must have one value: its first rows reach back farthest."""
        points = [each for each in self._ranges if each.point]
        if len(points) < 2:
            return points[0] if points else None
        reach = {each.range.field: each.last for each in self._enumerations if each.range.point}
        return max(points, key=lambda each: reach.get(each.field, ""))

    def _narrowing(self) -> list[Range]:
        """The ranges whose rows, once all are read, rule out more runs than the walk does by itself."""
        implied = START_TIME if self._by_default else indexed(self._terms[0].field)
        found = [each for each in self._ranges if each.field != implied and each.intervals]
        # The rows of a single value are walked in the default order: there is no need to read them all.
        return [] if self._by_default and len(found) == 1 and found[0].point else found

    def _enumeration(self, each: Range) -> Enumeration:
        several = [self._index.keys(each.field, interval) for interval in each.intervals]
        known = [len(keys) for keys in several if isinstance(keys, Sequence)]
        found = Enumeration(each, chain.from_iterable(several))
        if len(known) == len(several) and sum(known) <= _MOST_KNOWN:
            found.go_on(_MOST_KNOWN + 1)
        return found

    def _is_wanted(self, row: Row) -> bool:
        return row.run_id not in self._passed_over and (self._members is None or row.run_id in self._members)

    def _give_back(self, piece: Piece) -> None:
        self._pieces = chain([piece], self._source())
