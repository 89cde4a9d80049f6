"""A run: what is logged to it goes into its journal."""

import contextlib
import json
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from struct import error as struct_error
from time import time_ns
from types import TracebackType
from typing import Any, NamedTuple, Protocol

from cumulog._delivery.deliverer import say
from cumulog._fluent import environment
from cumulog._fluent.environment import PARENT_RUN
from cumulog._journal.chains import Head
from cumulog._journal.points import ONE, STAMP, VALUE, Shape, named
from cumulog._journal.records import Kind
from cumulog._journal.writers import Writer

_MOST_KEYS = 65_536
_LONGEST_KEY = 250
_LONGEST_PARAM = 6000
_LONGEST_TAG = 8000

_MOST_SHAPES = 64
_MOST_IN_SHAPE = 100
_METRICS = int(Kind.METRICS)

_one = ONE.pack
_keys: dict[str, bytes] = {}
_shapes: dict[tuple[str, ...], Shape] = {}
_said: set[str] = set()


class RunInfo(NamedTuple):
    """What is known about a run without asking the server. `experiment_id` is empty if only a name was set."""

    run_id: str
    run_name: str
    experiment_id: str


class Host(Protocol):
    """The process, as far as a run needs it (`process.py`)."""

    def deliver(self, writer: Writer) -> None:
        """Have a journal delivered."""

    def leave(self, run: "Run") -> None:
        """The run is no longer active, nor are those in it."""


def now() -> int:
    return time_ns() // 1_000_000


def once(text: str) -> None:
    """Say something once per process, not per line."""
    if text not in _said:
        _said.add(text)
        say(text)


class Run:
    """A run that is logged to. As a block it is the active run, and ends with the block.

    `create` is the body of runs/create, or None for a run that exists.
    """

    def __init__(self, info: RunInfo, server: str, create: Mapping[str, Any] | None, host: Host) -> None:
        self.info = info
        self._server = server
        self._host = host
        self._create = create
        self._process = os.getpid()
        # Another process ends it.
        self.is_guest = False
        self._writer: Writer | None = None
        self._opening = threading.RLock()

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None) -> None:
        self._host.leave(self)
        self.end("FAILED" if kind else "FINISHED")

    def metric(self, key: str, value: float, step: int, timestamp: int | None) -> None:
        """Log one point. This is the hot path: everything rare is in other functions."""
        try:
            payload = _one(time_ns() // 1_000_000 if timestamp is None else timestamp, step, value) + _keys[key]
        except (KeyError, TypeError, ValueError, OverflowError, struct_error):
            self.metrics({key: value}, step, timestamp)
            return
        writer = self._writer
        if writer is None or writer.is_closed:
            writer = self._opened()
        writer.append(_METRICS, payload)

    def metrics(self, values: Mapping[str, float], step: int, timestamp: int | None) -> None:
        """Log several points of one step. What is no number is left out, and said once."""
        if timestamp is None:
            timestamp = time_ns() // 1_000_000
        try:
            payload = _shapes[tuple(values)].packed(timestamp, step, values.values())
        except (KeyError, TypeError, ValueError, OverflowError, struct_error):
            payload = _with_care(values, step, timestamp)
        if payload:
            self.append(_METRICS, payload)

    def params(self, params: Mapping[str, Any]) -> None:
        self._texts(Kind.PARAMS, params, _LONGEST_PARAM)

    def tags(self, tags: Mapping[str, Any]) -> None:
        self._texts(Kind.TAGS, tags, _LONGEST_TAG)

    def call(self, path: str, body: Mapping[str, Any]) -> None:
        """Journal a call to the server, to be made after everything that was logged before."""
        self.append(Kind.CALL, json.dumps({"path": path, "body": body}).encode())

    def append(self, kind: int, payload: bytes) -> bool:
        writer = self._writer
        if writer is None or writer.is_closed:
            writer = self._opened()
        return writer.append(kind, payload)

    def writer(self) -> Writer:
        """The journal of this process for this run."""
        return self._writer if self._writer and not self._writer.is_closed else self._opened()

    def end(self, status: str) -> None:
        """End the run, if this process started it; else only what this process logs to it."""
        if self._process == os.getpid() and not self.is_guest:
            self.call("/runs/update", {"run_id": self.info.run_id, "status": status, "end_time": now()})
            if os.environ.get(PARENT_RUN) == self.info.run_id:
                del os.environ[PARENT_RUN]
        if self._writer:
            self._writer.close()

    def after_fork(self) -> None:
        self._writer = None
        self._opening = threading.RLock()

    def _opened(self) -> Writer:
        with self._opening:
            if self._writer is None or self._writer.is_closed:
                rank = environment.rank()
                head = Head(self.info.run_id, self._server)
                writer = Writer(head, say, "" if rank is None else f"r{rank}")
                if self._create is not None:
                    writer.append(Kind.CREATE, json.dumps(self._create).encode())
                self._writer = writer
                self._host.deliver(writer)
            return self._writer

    def _texts(self, kind: Kind, texts: Mapping[str, Any], longest: int) -> None:
        entries = []
        for key, value in texts.items():
            text = str(value)
            if len(text) > longest:
                once(f"The value of {str(key)[:100]!r} has {len(text)} characters; it was cut to {longest}.")
            entries.append({"key": str(key), "value": text[:longest]})
        for start in range(0, len(entries), 100):
            self.append(kind, json.dumps(entries[start : start + 100]).encode())


def _with_care(values: Mapping[str, float], step: int, timestamp: int) -> bytes:
    """The payload of the points that can be logged; empty if none can."""
    try:
        stamp = STAMP.pack(timestamp, step)
    except (TypeError, struct_error):
        once(f"Step and timestamp have to be whole numbers: step {step!r}, timestamp {timestamp!r} was not logged.")
        return b""
    points = list(_checked(values))
    if 1 < len(points) == len(values) <= _MOST_IN_SHAPE:
        _remember(tuple(values))
    return stamp + b"".join(points) if points else b""


def _remember(keys: tuple[str, ...]) -> None:
    """The next points of the same keys are packed by one call."""
    if len(_shapes) >= _MOST_SHAPES:
        _shapes.clear()
    with contextlib.suppress(KeyError):
        # Many other keys may just have been forgotten.
        _shapes[keys] = Shape([_keys[key] for key in keys])


def _checked(values: Mapping[str, float]) -> Iterator[bytes]:
    """Each point that can be logged; the others are said."""
    for key, value in values.items():
        try:
            number = VALUE.pack(value)
        except (TypeError, ValueError, OverflowError, struct_error):
            once(f"The metric {str(key)[:100]!r} was not logged: {repr(value)[:50]} is no number. Pass a float.")
            continue
        try:
            yield number + (_keys.get(key) or _known(key))
        except (TypeError, ValueError) as error:
            once(f"The metric {str(key)[:100]!r} was not logged: {error}")


def _known(key: str) -> bytes:
    """A key as bytes. Raises ValueError if it is none; what else the server refuses it lists itself."""
    if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_KEY:
        raise ValueError(f"a name is a text of 1 to {_LONGEST_KEY} characters.")
    if len(_keys) >= _MOST_KEYS:
        _keys.clear()
    return _keys.setdefault(key, named(key))


def new_id() -> str:
    return secrets.token_hex(16)
