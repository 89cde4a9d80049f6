"""Searches of runs on the real engine, sealed, open and on their way between, beside brute force over what was logged.

By day some of the worlds are tried with a few searches each.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import pytest

from chalicelib import clock, remembered
from chalicelib.edge import replies
from chalicelib.search.search import Query, parse, search
from chalicelib.storage import keys, parallel, tables
from chalicelib.storage.items import RunInfo
from chalicelib.sweeper.sweep import sweep
from chalicelib.tracking.experiments.lifecycle import ACTIVE, DELETED
from chalicelib.tracking.runs.runs import SEALED
from tests import client as api
from tests.contract.logged_runs import Logged
from tests.contract.sweeping import A_QUARTER_HOUR_MS
from tests.sampling import times
from tests.unit.search import any_search
from tests.unit.search.any_world import NUMBERS, TEXTS
from tests.unit.search.index_oracle import any_question

# Random searches in each world.
CASES = times(14, nightly=600)
SEEDS = range(5)
RUNS = 24
VIEWS = {"ACTIVE_ONLY": {ACTIVE}, "DELETED_ONLY": {DELETED}, "ALL": {ACTIVE, DELETED}}
CUT_SEARCHES = times(10, nightly=400)
_MOST_PAGES = 6


class Scene:
    """A world whose time goes on by minutes; every change is made through the API, and remembered."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.now = clock.now_ms()
        self.logged = Logged(rng)

    @contextmanager
    def a_minute_later(self) -> Iterator[None]:
        self.now += 60_000
        with clock.frozen(self.now):
            yield

    def change(self) -> None:
        """Something that a client does, one sweep, or another process that answers from now on."""
        with self.a_minute_later():
            self.rng.choice([*self.logged.changes(), sweep, remembered.forget_all])()

    def seal(self) -> None:
        """Whatever is open falls silent, is closed, and is sealed."""
        for _ in range(3):
            self.now += A_QUARTER_HOUR_MS
            with clock.frozen(self.now):
                sweep()

    def check_search(self, is_cut: bool = False) -> None:
        """The pages of one search, with changes in between; if pages are cut short, without."""
        view, experiment_ids = self.rng.choice(list(VIEWS)), self._some_experiments()
        records = self.logged.records(experiment_ids, VIEWS[view])
        language = any_search.of_runs(self.logged.records(list(self.logged.experiments), VIEWS["ALL"]), NUMBERS, TEXTS)
        asked = any_question(language, self.rng)._replace(max_results=self.rng.choice([1, 3, 10, 100]))
        theirs: str | None = None
        for _ in range(_MOST_PAGES):
            expected = search(records, asked)
            reply = self._found(asked, experiment_ids, view, theirs)
            ids = [run["info"]["run_id"] for run in reply.get("runs", [])]
            theirs = reply.get("next_page_token")
            shown = expected.records[: len(ids) if is_cut and theirs else None]
            assert ids == [record.id for record in shown], (asked, view)
            assert theirs or not expected.next_page_token, (asked, view)
            assert is_cut or len(ids) == asked.max_results or not theirs, (asked, view)
            if not theirs:
                return
            if shown:
                asked = asked._replace(page_token=parse(asked).token_after(shown[-1]))
            if not is_cut and self.rng.random() < 0.4:
                self.change()
                records = self.logged.records(experiment_ids, VIEWS[view])

    def phases(self) -> set[str]:
        infos = (tables.get(RunInfo, keys.run(run_id), keys.INFO) for run_id in self.logged.runs)
        return {str(info.phase) for info in infos if info is not None}

    def _some_experiments(self) -> list[str]:
        known = list(self.logged.experiments)
        return self.rng.sample(known, self.rng.randint(1, len(known)))

    def _found(self, asked: Query, experiment_ids: list[str], view: str, token: str | None) -> dict[str, object]:
        with clock.frozen(self.now):
            return api.done(
                "/runs/search",
                experiment_ids=experiment_ids,
                filter=asked.filter,
                order_by=list(asked.order_by),
                max_results=asked.max_results,
                run_view_type=view,
                page_token=token or "",
            )


def _scene(seed: int) -> Scene:
    scene = Scene(Random(seed))
    for _ in range(RUNS):
        with scene.a_minute_later():
            scene.logged.create_run()
    return scene


@pytest.mark.sampled(keep=2)
@pytest.mark.parametrize("seed", SEEDS)
def test_searches_answer_what_was_logged(seed: int) -> None:
    scene = _scene(seed)

    steps: list[Callable[[], None]] = [scene.change] * 9 + [scene.seal]
    for _ in range(CASES):
        scene.rng.choice(steps)()
        scene.check_search()

    scene.seal()
    assert scene.phases() == {SEALED}
    for _ in range(5):
        scene.check_search()


@pytest.mark.parametrize("name", ["time", "size"])
def test_pages_that_are_cut_short_leave_nothing_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = _scene(seed=100)
    scene.seal()
    # Each search stops as soon as it can go on from where it is, or each page holds but a few runs.
    monkeypatch.setattr(*{"time": (parallel, "_SECONDS", -1.0), "size": (replies, "MOST_BYTES", 5_000)}[name])

    for _ in range(CUT_SEARCHES):
        scene.change()
        scene.check_search(is_cut=True)
