"""What our page costs while runs go on, a part of `make bench-page`.

50 running runs log three metrics each second. For two minutes one tab shows them in the table of 1,050 runs, another
one their curves. Told are the bytes that were sent and received for each poll, in the first and in the second minute,
and the size of the page's heap after a collection, at 20 and at 120 seconds.
"""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.parse import urlencode

from playwright.sync_api import Browser

from tests.browser.api import Api
from tests.perf.page.looking import Tab, tab

RUNS = 50
SECONDS = 120
_EARLY_SECONDS = 20
_METRICS = ("loss", "accuracy", "speed")
_POLLS = {"table": "/runs/columns", "curves": "/metrics/series"}


class _Poll(NamedTuple):
    seconds: float
    sent: int
    received: int


def report(browser: Browser, url: str, experiment_id: str) -> Iterator[str]:
    """Lines about both tabs. Adds running runs to the experiment."""
    api = Api(url)
    run_ids = [api.run(experiment_id, run_name=f"live {number}", start_time=_now()) for number in range(RUNS)]
    _log(api, run_ids, 0)
    with tab(browser) as table, tab(browser) as curves, _logging(api, run_ids) as calls:
        columns = ["name!", "status", *[f"m.{key}" for key in _METRICS]]
        base = f"{url}/#/experiments/{experiment_id}"
        table.page.goto(f"{base}/runs?{urlencode({'columns': ','.join(columns)})}")
        curves.page.goto(f"{base}/compare?{urlencode({'runs': ','.join(run_ids), 'tab': 'curves'})}")
        watched = {"table": _Watched(table, "table"), "curves": _Watched(curves, "curves")}
        _wait(watched, _EARLY_SECONDS)
        early = {name: each.heap() for name, each in watched.items()}
        _wait(watched, SECONDS - _EARLY_SECONDS)
        yield f"live    {len(calls)} calls logged {3 * len(calls)} points in {SECONDS} s"
        for name, each in watched.items():
            yield from each.lines(early[name])


class _Watched:
    """A tab, and its polls so far."""

    def __init__(self, opened: Tab, name: str) -> None:
        self._tab, self._name = opened, name
        self._begun = time.monotonic()
        self._sent: dict[str, int] = {}
        self.polls: list[_Poll] = []
        opened.cdp.on("Network.requestWillBeSent", self._asked)
        opened.cdp.on("Network.loadingFinished", self._done)

    def _asked(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].endswith(_POLLS[self._name]):
            self._sent[event["requestId"]] = len(event["request"].get("postData", ""))

    def _done(self, event: dict[str, Any]) -> None:
        sent = self._sent.pop(event["requestId"], None)
        if sent is not None:
            self.polls.append(_Poll(time.monotonic() - self._begun, sent, int(event["encodedDataLength"])))

    def wait(self, ms: int) -> None:
        self._tab.page.wait_for_timeout(ms)

    def heap(self) -> float:
        """Megabytes, after a collection."""
        self._tab.cdp.send("HeapProfiler.collectGarbage")
        self._tab.cdp.send("Performance.enable")
        told = self._tab.cdp.send("Performance.getMetrics")["metrics"]
        return next(float(each["value"]) for each in told if each["name"] == "JSHeapUsedSize") / 1e6

    def lines(self, early: float) -> Iterator[str]:
        half = SECONDS / 2
        # The first ones ask for all there is.
        for title, polls in (
            ("1st minute", [each for each in self.polls if 10 < each.seconds <= half]),
            ("2nd minute", [each for each in self.polls if each.seconds > half]),
        ):
            if polls:
                sent, received = (statistics.median(column) for column in list(zip(*polls, strict=True))[1:])
                told = f"{len(polls):3} polls, of each {sent:8,.0f} bytes up {received:8,.0f} bytes down"
                yield f"live    {self._name + ', ' + title:<24}{told}"
        yield f"live    {self._name + ', heap':<24}{early:6.1f} MB at 20 s, {self.heap():6.1f} MB at {SECONDS} s"


def _wait(watched: dict[str, _Watched], seconds: float) -> None:
    """Let both tabs go on; each is in a window of its own, so both are in sight."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for each in watched.values():
            each.wait(500)


@contextmanager
def _logging(api: Api, run_ids: list[str]) -> Iterator[list[float]]:
    """Log in threads until the block ends; the moments of the calls."""
    ended, calls = threading.Event(), list[float]()

    def log(some: list[str]) -> None:
        step = 1
        while not ended.is_set():
            next_second = time.monotonic() + 1
            for run_id in some:
                # A busy machine may be late with one of them.
                with suppress(URLError, TimeoutError):
                    _log(api, [run_id], step)
                    calls.append(time.monotonic())
            step += 1
            ended.wait(max(0.0, next_second - time.monotonic()))

    threads = [threading.Thread(target=log, args=(run_ids[at::5],)) for at in range(5)]
    for thread in threads:
        thread.start()
    try:
        yield calls
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _log(api: Api, run_ids: list[str], step: int) -> None:
    for run_id in run_ids:
        points = [{"key": key, "value": 1 / (step + 1), "timestamp": _now(), "step": step} for key in _METRICS]
        api.post("/runs/log-batch", run_id=run_id, metrics=points)


def _now() -> int:
    return int(time.time() * 1_000)
