"""A run: what is logged to it goes into its journal."""

import contextlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from struct import error as struct_error
from time import time_ns
from types import TracebackType
from typing import Any, Protocol

from cumulog._delivery.deliverer import say
from cumulog._fluent import environment
from cumulog._fluent.environment import PARENT_RUN
from cumulog._fluent.info import ActiveInfo, RunInfo
from cumulog._fluent.names import key_flaw
from cumulog._http.errors import CumulogError
from cumulog._journal.chains import Head
from cumulog._journal.points import ONE, STAMP, VALUE, Shape, named
from cumulog._journal.records import Kind
from cumulog._journal.writers import Writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._delivery.lease import Lease
    from cumulog._fluent.entities import StoredData, StoredRun

_MOST_KEYS = 65_536
_LONGEST_PARAM = 6000
_LONGEST_TAG = 8000
# Of a number in a message.
_MOST_BITS = 256

_MOST_SHAPES = 64
_MOST_IN_SHAPE = 100
_METRICS = int(Kind.METRICS)

_one = ONE.pack
# Larger payloads are split, so that no line comes near the largest that a journal takes.
_LONGEST_PAYLOAD = 1 << 20
_MOST_SAID = 100

_keys: dict[str, bytes] = {}
_shapes: dict[tuple[str, ...], Shape] = {}
_said: set[str] = set()


class Host(Protocol):
    """The process, as far as a run needs it (`process.py`)."""

    def deliver(self, writer: Writer) -> None:
        """Have a journal delivered."""

    def stored(self, run_id: str, server: str) -> "StoredRun | None":
        """A run as the server has it; None if there is no server."""

    def parent(self) -> int:
        """The process that started this one and takes over what it leaves; 0 if there is none."""

    @property
    def is_ending(self) -> bool:
        """Whether the interpreter ends."""

    def ended(self, run: "Run") -> None:
        """The run has ended."""

    def leave(self, run: "Run") -> None:
        """The run is no longer active, nor are those in it."""


def now() -> int:
    return time_ns() // 1_000_000


def once(text: str, about: str = "") -> None:
    """Say something once per process for what it is about, not per line."""
    about = about or text
    if about in _said or len(_said) > _MOST_SAID:
        return
    _said.add(about)
    say(text if len(_said) <= _MOST_SAID else "Further lines that cannot be logged are not named.")


class Run:
    """A run that is logged to. As a block it is the active run, and ends with the block.

    `create` is the body of runs/create, or None for a run that exists.
    """

    def __init__(self, info: RunInfo, server: str, create: Mapping[str, Any] | None, host: Host) -> None:
        self.info = ActiveInfo(info, self._stored)
        # The datasets and logged models that metrics named.
        self.measured: set[tuple[str, ...]] = set()
        self.server = server
        self._host = host
        self._create = create
        self._process = os.getpid()
        # Another process ends it.
        self.is_guest = False
        # Says that the run is alive, while this process is and the run has not ended.
        self.lease: Lease | None = None
        # What has to be done before it ends.
        self.at_end: list[Callable[[], None]] = []
        self._writer: Writer | None = None
        self._opening = threading.RLock()

    def __repr__(self) -> str:
        return f"<cumulog.Run {self.info!r}>"

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None) -> None:
        self._host.leave(self)
        self.end("FAILED" if kind else "FINISHED")

    def metric(self, key: str, value: float, step: int, timestamp: int | None) -> None:
        """Log one point. This is the hot path: everything rare is in other functions."""
        try:
            payload = _one(time_ns() // 1_000_000 if timestamp is None else timestamp, step, value) + _keys[key]
        except Exception:  # noqa: BLE001 - a tensor may raise anything when it is asked for its number
            self._metrics_with_care([(key, value)], step, timestamp)
            return
        writer = self._writer
        if writer is None or writer.is_closed:
            writer = self._opened()
        writer.append(_METRICS, payload)

    def metrics(self, values: Mapping[str, float], step: int, timestamp: int | None) -> None:
        """Log several points of one step. What is no number is left out, and said once."""
        try:
            payload = _shapes[tuple(values)].packed(
                time_ns() // 1_000_000 if timestamp is None else timestamp, step, values.values()
            )
        except Exception:  # noqa: BLE001 - a tensor may raise anything when it is asked for its number
            self._metrics_with_care(items(values), step, timestamp)
            return
        self.append(_METRICS, payload)

    def params(self, params: Mapping[str, Any]) -> None:
        self._texts(Kind.PARAMS, params, _LONGEST_PARAM)

    def tags(self, tags: Mapping[str, Any]) -> None:
        self._texts(Kind.TAGS, tags, _LONGEST_TAG)

    def call(self, path: str, body: Mapping[str, Any], *, names_others: bool = False) -> None:
        """Journal a call to the server, to be made after everything that was logged before.

        `names_others`: it may be refused because of what it names beside the run.
        """
        self.append(Kind.CALL, _call(path, body, **({"names_others": True} if names_others else {})))

    def append(self, kind: int, payload: bytes) -> bool:
        writer = self._writer
        if writer is None or writer.is_closed:
            writer = self._opened()
        return writer.append(kind, payload)

    @property
    def is_new(self) -> bool:
        """Whether this process has created the run, and no other one has to do with it."""
        return self._create is not None and not self.is_guest

    @property
    def data(self) -> "StoredData | None":
        """What the server has of the run's metrics, params and tags; it gets first what was logged.

        None if no server is set.
        """
        run = self._stored()
        return run.data if run else None

    def to_dictionary(self) -> dict[str, dict[str, Any]]:
        """The run as the server has it, as plain data in MLflow's form; without a server the `info` known here."""
        run = self._stored()
        return run.to_dictionary() if run else {"info": self.info.to_dictionary()}

    def writer(self) -> Writer:
        """The journal of this process for this run."""
        return self._writer if self._writer and not self._writer.is_closed else self._opened()

    def end(self, status: str) -> None:
        """End the run, if this process started it; else only what this process logs to it."""
        while self.at_end:
            self.at_end.pop()()
        if self._process == os.getpid() and not self.is_guest:
            # First: what the server says of a run that has ended would be news to nobody.
            given_back = self.lease.ended() if self.lease else {}
            # One that waits for another machine has not ended.
            end = {} if status == "SCHEDULED" else {"end_time": now()}
            body = {"run_id": self.info.run_id, "status": status, **end, **given_back}
            self.writer().append_last(Kind.CALL, _call("/runs/update", body))
            if os.environ.get(PARENT_RUN) == self.info.run_id:
                del os.environ[PARENT_RUN]
        if self._writer:
            self._writer.close()
        self._host.ended(self)

    def after_fork(self) -> None:
        self._writer = self.lease = None
        self._opening = threading.RLock()

    def _stored(self) -> "StoredRun | None":
        return self._host.stored(self.info.run_id, self.server)

    def _opened(self) -> Writer:
        with self._opening:
            if self._writer is None or self._writer.is_closed:
                if self._host.is_ending:
                    raise CumulogError("The process is ending, and its runs have ended.")
                rank = environment.rank()
                head = Head(self.info.run_id, self.server, self._birth(), self._host.parent())
                writer = Writer(head, say, "" if rank is None else f"r{rank}")
                if self._create is not None:
                    writer.append(Kind.CREATE, json.dumps(self._create).encode())
                self._writer = writer
                self._host.deliver(writer)
            return self._writer

    def _birth(self) -> Mapping[str, Any]:
        """What the head of the journal says of the run's creation."""
        if self._create is None:
            return {}
        named = {name: self._create[name] for name in ("experiment_id", "experiment_name")}
        return {"start_time": self._create["body"]["start_time"], "ends": not environment.rank(), **named}

    def _metrics_with_care(self, values: list[tuple[Any, Any]], step: int, timestamp: int | None) -> None:
        """Log the points that can be logged, the first ones of some names too; say what cannot."""
        stamp = stamp_of([key for key, _ in values], step, timestamp)
        if not stamp:
            return
        points = [VALUE.pack(number) + _known(key) for key, number in numbers(values)]
        if 0 < len(points) == len(values) <= _MOST_IN_SHAPE:
            _remember(tuple(key for key, _ in values))
        for some in _split(points):
            self.append(_METRICS, stamp + b"".join(some))

    def _texts(self, kind: Kind, texts: Mapping[str, Any], longest: int) -> None:
        entries = [entry for key, value in items(texts) for entry in _entry(key, value, longest)]
        for some in _split(entries):
            for start in range(0, len(some), 100):
                self.append(kind, b"[" + b",".join(some[start : start + 100]) + b"]")


def _call(path: str, body: Mapping[str, Any], **more: bool) -> bytes:
    return json.dumps({"path": path, "body": body, **more}).encode()


def items(values: Any) -> list[tuple[Any, Any]]:
    """What a caller gave, which should be a mapping."""
    if isinstance(values, Mapping):
        return list(values.items())
    once(f"{type(values).__name__} was not logged: pass a dictionary of names and values.")
    return []


def stamp_of(keys: list[Any], step: int | None, timestamp: int | None) -> bytes:
    """Time and step of points with these names, packed; empty, and a message, if they are no whole numbers."""
    try:
        return STAMP.pack(now() if timestamp is None else timestamp, 0 if step is None else step)
    except (TypeError, struct_error):
        names = ", ".join(_shown(key) for key in keys[:3])
        text = f"{names} at step {_shown(step)}, timestamp {_shown(timestamp)} was not logged."
        once(f"Step and timestamp have to be whole numbers: {text}", f"step and timestamp of {names}")
        return b""


def _shown(given: Any) -> str:
    """What a caller gave, for a message. The text of what is of no plain type may raise, as that of a huge number."""
    if isinstance(given, int) and given.bit_length() > _MOST_BITS:
        return f"an int of {given.bit_length()} bits"
    return repr(given)[:100] if isinstance(given, str | int | float | None) else f"of type {type(given).__name__}"


def _split(parts: list[bytes]) -> Iterator[list[bytes]]:
    """Parts in their order, each list with as many as one line may have."""
    some: list[bytes] = []
    size = 0
    for part in parts:
        if some and size + len(part) > _LONGEST_PAYLOAD:
            yield some
            some, size = [], 0
        some.append(part)
        size += len(part)
    if some:
        yield some


def _entry(key: Any, value: Any, longest: int) -> Iterator[bytes]:
    """A param or tag as JSON; nothing if it cannot be logged."""
    try:
        name, text = str(key), str(value)
    except Exception as error:  # noqa: BLE001 - a value's own __str__ may raise anything
        once(f"A value was not logged, as its text cannot be made: {type(error).__name__} ({_shown(value)})")
        return
    if why := key_flaw(name):
        once(f"{name[:100]!r} was not logged: {why}")
        return
    if len(text) > longest:
        once(f"The value of {name[:100]!r} has {len(text)} characters; it was cut to {longest}.", f"length of {name}")
    yield json.dumps({"key": name, "value": text[:longest]}).encode()


def _remember(keys: tuple[str, ...]) -> None:
    """The next points of the same keys are packed by one call."""
    if len(_shapes) >= _MOST_SHAPES:
        _shapes.clear()
    with contextlib.suppress(KeyError):
        # Many other keys may just have been forgotten.
        _shapes[keys] = Shape([_keys[key] for key in keys])


def numbers(values: list[tuple[Any, Any]]) -> Iterator[tuple[str, float]]:
    """Each point that can be logged, its key and its number; the others are said."""
    for key, value in values:
        name = _shown(key)
        try:
            number = _number(value)
        except Exception:  # noqa: BLE001 - a tensor may raise anything when it is asked for its number
            once(f"The metric {name} was not logged: {_shown(value)} is no number that a float can hold.", f"of {name}")
            continue
        try:
            _known(key)
        except (TypeError, ValueError) as error:
            once(f"The metric {name} was not logged: {error}", f"named {name}")
            continue
        yield key, number


def _number(value: Any) -> float:
    """A number, of what is one by itself, an array of one element, or the text of one, as MLflow takes them."""
    return float(value.item() if hasattr(value, "item") else value)


def _known(key: Any) -> bytes:
    """A key as bytes. Raises ValueError if it is none."""
    if isinstance(key, str) and key in _keys:
        return _keys[key]
    if why := key_flaw(key):
        raise ValueError(why)
    if len(_keys) >= _MOST_KEYS:
        _keys.clear()
    return _keys.setdefault(key, named(key))


def new_id() -> str:
    # Not by `secrets`, which takes a tenth of the time of importing this package.
    return os.urandom(16).hex()
