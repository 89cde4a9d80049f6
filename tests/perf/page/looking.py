"""A page in Chromium, and what it costs: time, transfers, and the processor of each frame."""

import gzip
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Error, Page, Response

PATIENCE_SECONDS = 60
_CALL = re.compile(r"/(ajax-)?api/")
_SETTLE_MS = 1_000
# Looks in each frame, and once it is there waits until the next one is drawn.
_SEEN = """
new Promise((done) => {
  const drawn = () => requestAnimationFrame(() => done(true));
  const look = () => requestAnimationFrame((%s) ? drawn : look);
  look();
  setTimeout(() => done(false), %d);
})
"""
_SCROLLED = """
([down, across, x, y, frames, longest]) => new Promise((done) => {
  const until = performance.now() + longest;
  const [one, other] = [document.querySelector(down), document.querySelector(across)];
  const step = () => {
    other.scrollBy(x, 0);
    one.scrollBy(0, y);
    frames -= 1;
    requestAnimationFrame(frames && performance.now() < until ? step : done);
  };
  step();
})
"""
_FRAMES = 120
_LONGEST_MS = 20_000
_TRACED = ["devtools.timeline", "toplevel"]


class Sight(NamedTuple):
    """What one looked for: when it was there, and the requests and bytes until a second later.

    `failure` says why it never came.
    """

    ms: float = 0.0
    requests: int = 0
    sent: int = 0
    failure: str = ""


class Tab:
    """A tab whose transfers are counted."""

    def __init__(self, page: Page, browser: Browser) -> None:
        self.page = page
        self._browser = browser
        self._addresses: dict[str, str] = {}
        self.transfers: list[tuple[str, int]] = []
        self._responses: list[Response] = []
        page.on("response", lambda response: self._responses.append(response))
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.on("Network.requestWillBeSent", self._asked)
        self.cdp.on("Network.loadingFinished", self._done)
        self.cdp.send("Network.enable")

    def _asked(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _done(self, event: dict[str, Any]) -> None:
        address = self._addresses.get(event["requestId"], "")
        self.transfers.append((address, int(event["encodedDataLength"])))

    def look(self, address: str, is_there: str) -> Sight:
        """Go there, and wait until the condition, an expression of the page, holds."""
        start = time.perf_counter()
        try:
            self.page.goto(address, timeout=PATIENCE_SECONDS * 1_000)
            is_seen = self.page.evaluate(_SEEN % (is_there, PATIENCE_SECONDS * 1_000))
        except Error as error:
            return Sight(failure=error.message.splitlines()[0][:60])
        if not is_seen:
            return Sight(failure=f"not there in {PATIENCE_SECONDS} s")
        ms = (time.perf_counter() - start) * 1_000
        self.page.wait_for_timeout(_SETTLE_MS)
        return Sight(ms, len(self.transfers), sum(size for _, size in self.transfers))

    def gzipped(self) -> int:
        """The bytes of the page's own files so far, as a server sends them that compresses."""
        own = [each for each in self._responses if not _CALL.search(each.url)]
        return sum(len(gzip.compress(each.body())) for each in own if each.ok)

    def frames(self, act: Callable[[], None]) -> list[float]:
        """Milliseconds of the main thread's processor for each frame while this is done, in order of size."""
        self._browser.start_tracing(page=self.page, categories=_TRACED)
        try:
            act()
        finally:
            traced = self._browser.stop_tracing()
        return sorted(_per_frame(json.loads(traced)["traceEvents"]))

    def jump(self, down: str, place: int) -> None:
        """Scroll the element there at once."""
        self.page.evaluate("([down, place]) => document.querySelector(down).scrollTo(0, place)", [down, place])

    def scroll(self, down: str, across: str, by: tuple[int, int]) -> None:
        """Scroll the elements by so many pixels, a part in each of some frames."""
        x, y = by
        self.page.evaluate(_SCROLLED, [down, across, x / _FRAMES, y / _FRAMES, _FRAMES, _LONGEST_MS])


@contextmanager
def tab(browser: Browser, script: str = "") -> Iterator[Tab]:
    """A tab that has nothing in its cache; `script` is run before those of the page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", timezone_id="UTC")
    try:
        if script:
            context.add_init_script(script)
        yield Tab(context.new_page(), browser)
    finally:
        context.close()


def _per_frame(events: list[dict[str, Any]]) -> Iterator[float]:
    """The processor time of the tasks between two frames, of the busiest main thread of a page."""
    mains = {_thread(each) for each in events if each["name"] == "thread_name" and _is_main(each)}
    tasks: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for event in events:
        if event["ph"] == "X" and event["name"].endswith("RunTask") and _thread(event) in mains:
            tasks[_thread(event)].append(event)
    main = max(tasks, key=lambda thread: sum(map(_processor, tasks[thread])))
    begins = sorted(each["ts"] for each in events if each["name"] == "Layerize" and _thread(each) == main)
    for begin, end in pairwise(begins):
        yield sum(_processor(each) for each in tasks[main] if begin <= each["ts"] < end) / 1_000


def _thread(event: dict[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]


def _is_main(event: dict[str, Any]) -> bool:
    return bool(event["args"]["name"] == "CrRendererMain")


def _processor(event: dict[str, Any]) -> float:
    return float(event.get("tdur", 0))
