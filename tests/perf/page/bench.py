"""The dashboard beside MLflow's own page: `python -m tests.perf.page.bench`, some eight minutes.

Both hold the same runs and are looked at by the same Chromium, each time with an empty cache: a table of 1,000 runs by
60 columns, comparisons of 100 and of 300 of them, and charts of 20 runs with 1,000,000 points each. Milliseconds are
from the address to the sight, the median of three; of frames the processor time of the main thread. The exit
code is 1 if a figure of ours is above its limit.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Error, sync_playwright

from infra.dashboard import build
from infra.local import stack
from tests import servers
from tests.browser import chromium
from tests.browser.api import Api
from tests.perf.page import live, mlflow_filled, ours_filled, runs, sides
from tests.perf.page.limits import Figures, verdicts
from tests.perf.page.looking import Sight, Tab, tab
from tests.perf.page.sides import Side, View, Views

_TIMES = 3
# Pixels to the right and down.
_SCROLLS = {"down": (0, 8_000), "sideways": (2_000, 0), "diagonal": (-2_000, -7_000)}


def main() -> int:
    place = chromium.found()
    if place is None:
        print(chromium.MISSING)
        return 2
    build.main()
    figures: Figures = {}
    with tempfile.TemporaryDirectory(prefix="cumulog-page-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.options(place))
        with _ours(Path(folder)) as side:
            _Rival(browser, side, sides.ours(side), figures).measure()
            for line in live.report(browser, side.url, side.table_id):
                print(line, flush=True)
        with _mlflow(Path(folder)) as side:
            _Rival(browser, side, sides.mlflow(side), figures).measure()
        browser.close()
    broken = list(verdicts(figures))
    print("\n".join(broken) or "all within their limits")
    return 1 if broken else 0


@contextmanager
def _ours(folder: Path) -> Iterator[Side]:
    with stack.running(folder / "ours", environment={"CUMULOG_ACCESS": "open"}) as running:
        api, begun = Api(running.url), time.monotonic()
        table, curves = api.experiment(runs.TABLE), api.experiment(runs.CURVES)
        table_runs = ours_filled.fill_table(api, table)[::-1]
        curve_runs = ours_filled.fill_curves(running, api, curves)
        print(f"ours filled in {time.monotonic() - begun:.0f} s", flush=True)
        yield Side("ours", running.url, table, table_runs, curves, curve_runs)


@contextmanager
def _mlflow(folder: Path) -> Iterator[Side]:
    with servers.mlflow(folder / "mlflow") as url:
        api, begun, database = Api(url), time.monotonic(), folder / "mlflow" / "mlflow.db"
        table, curves = api.experiment(runs.TABLE), api.experiment(runs.CURVES)
        table_runs = mlflow_filled.fill_table(database, table)[::-1]
        curve_runs = mlflow_filled.fill_curves(database, curves)
        print(f"MLflow filled in {time.monotonic() - begun:.0f} s", flush=True)
        script = sides.mlflow_script(table, curves)
        yield Side("MLflow", url, table, table_runs, curves, curve_runs, script)


class _Rival(NamedTuple):
    """A page that is measured."""

    browser: Browser
    side: Side
    views: Views
    figures: Figures

    def measure(self) -> None:
        self.see("first rows", self.views.table)
        for count in (100, 300):
            for what, view in sides.comparisons(self.side, count).items():
                self.see(f"compare {count}, {what}", view)
        self.scroll()
        # The last: a server that is still busy with an answer would hold up the others.
        if self.see("charts of 20 x 1M", self.views.curves):
            self.move()

    def see(self, told: str, view: View) -> bool:
        """How long it takes until this is in sight; whether it came."""
        seen: list[Sight] = []
        for _ in range(_TIMES):
            with tab(self.browser, self.side.script) as opened:
                seen.append(opened.look(view.address, view.is_there))
                if told == "first rows":
                    self.figures[self.side.name, "first load"] = opened.gzipped() / 1_000
            if seen[-1].failure:
                self.print(told, seen[-1].failure)
                return False
        middle = sorted(seen)[len(seen) // 2]
        self.figures[self.side.name, told] = middle.ms
        if told == "first rows":
            self.print(
                "first load", f"{self.figures[self.side.name, 'first load']:10,.0f} kB of its own files, compressed"
            )
        self.print(told, f"{middle.ms:10,.0f} ms {middle.requests:6} requests {middle.sent / 1_000:10,.0f} kB")
        return True

    def scroll(self) -> None:
        with tab(self.browser, self.side.script) as opened:
            begun = time.monotonic()
            if failure := opened.look(*self.views.table).failure:
                self.print("scroll", failure)
                return
            try:
                clicks = self._load_all(opened)
                self.print("all 1,000 rows", f"{1_000 * (time.monotonic() - begun):10,.0f} ms {clicks:6} clicks")
            except Error as error:
                self.print("all 1,000 rows", error.message.splitlines()[0])
            opened.page.wait_for_timeout(1_000)
            for way, by in _SCROLLS.items():
                frames = opened.frames(lambda by=by: opened.scroll(*self.views.scrollers, by))  # type: ignore[misc]
                self._add_frames(f"scroll {way}", frames)

    def _load_all(self, opened: Tab) -> int:
        """Load all rows; how often one has to ask for more."""
        clicks = 0
        while not opened.page.evaluate(self.views.all_rows):
            if not self.views.more or clicks > runs.TABLE_RUNS // 100:
                raise Error("they did not come")
            opened.jump(self.views.scrollers[0], 1_000_000)
            opened.page.get_by_text(self.views.more).click(timeout=20_000)
            opened.page.wait_for_timeout(500)
            clicks += 1
        opened.jump(self.views.scrollers[0], 0)
        return clicks

    def move(self) -> None:
        """Pan and zoom the first chart, after a zoom into a third of its width."""
        with tab(self.browser, self.side.script) as opened:
            if failure := opened.look(*self.views.curves).failure:
                self.print("pan and zoom", failure)
                return
            mouse, page = opened.page.mouse, opened.page
            box = page.locator(self.views.plot).first.bounding_box()
            assert box
            left, middle, width = box["x"], box["y"] + box["height"] / 2, box["width"]
            _drag(opened, (left + width * 0.3, left + width * 0.6), middle)
            start = left + width * 0.8
            mouse.move(start, middle)
            page.keyboard.down("Shift")
            mouse.down()
            pan = opened.frames(lambda: _each_frame(opened, lambda at: mouse.move(start - 4 * at, middle)))
            mouse.up()
            page.keyboard.up("Shift")
            page.wait_for_timeout(1_000)
            page.keyboard.down("Control")
            zoom = opened.frames(lambda: _each_frame(opened, lambda at: mouse.wheel(0, 100 if at % 2 else -100)))
            page.keyboard.up("Control")
            self._add_frames("pan", pan)
            self._add_frames("zoom", zoom)

    def _add_frames(self, told: str, frames: Sequence[float]) -> None:
        if not frames:
            self.print(told, "nothing moved")
            return
        half, most = statistics.median(frames), frames[int(len(frames) * 0.95)]
        self.figures[self.side.name, told] = most
        self.print(told, f"{half:10.1f} ms p50 {most:8.1f} ms p95 {len(frames):6} frames")

    def print(self, told: str, figures: str) -> None:
        print(f"{self.side.name:<8}{told:<24}{figures}", flush=True)


def _drag(opened: Tab, places: tuple[float, float], height: float) -> None:
    mouse = opened.page.mouse
    mouse.move(places[0], height)
    mouse.down()
    mouse.move(places[1], height, steps=4)
    mouse.up()
    opened.page.wait_for_timeout(1_500)


def _each_frame(opened: Tab, act: Callable[[int], None]) -> None:
    """Once in each of forty frames."""
    for at in range(40):
        act(at)
        opened.page.evaluate("new Promise(requestAnimationFrame)")


if __name__ == "__main__":
    sys.exit(main())
