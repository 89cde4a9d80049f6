"""The catalogue under every order of events: on a real table, beside a bucket whose clock and listing a test holds."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import clock
from chalicelib.access.identity import Identity, acting_as
from chalicelib.catalogue import entries, events, places, rescan, search
from chalicelib.catalogue.schemas import SearchCatalogue
from chalicelib.storage import objects, tables
from chalicelib.storage.objects import NotFound, Stored
from tests.contract.faults import Crash, Fault, injected, once
from tests.contract.store import empty
from tests.sampling import examples

START_MS = 1_700_000_000_000
FOLDERS = ("1/run/artifacts/a", "1/run/artifacts/a b", "1/models/m-1/artifacts", "2/other/artifacts")
VARIANTS = {
    "sklearn": b"flavors: {sklearn: {sklearn_version: '1.7'}, python_function: {}}",
    "xgboost": b"flavors: {xgboost: {xgb_version: '3.0'}}",
    "broken": b"flavors: [",
}
FLAVORS = {"sklearn": {"sklearn", "python_function"}, "xgboost": {"xgboost"}, "broken": set()}


@dataclass
class Bucket:
    """Objects in memory. `between` runs once, at the HEAD after `heads` others: somebody else is faster.

    The first HEAD of a refresh is that of the folder's MLmodel, the second comes when it has been read.
    """

    held: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    ticks: int = 0
    between: Any = None
    heads: int = 0

    def put(self, key: str, body: bytes) -> None:
        self.ticks += 1
        # S3 tells the time in whole seconds, so several writes share one.
        self.held[key] = (body, START_MS + self.ticks // 4 * 1000)

    def head(self, key: str) -> Stored | None:
        held = self.held.get(key)
        between = self.between
        if between and self.heads == 0:
            self.between = None
            between()
        self.heads -= 1
        return None if held is None else Stored(key, len(held[0]), str(hash(held[0])), held[1])

    def list_keys(self, prefix: str, after: str = "") -> Iterator[Stored]:
        for key in sorted(self.held):
            if key.startswith(prefix) and key > after:
                body, modified = self.held[key]
                yield Stored(key, len(body), str(hash(body)), modified)

    def read(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        if key not in self.held:
            raise NotFound(key)
        return self.held[key][0][start : None if length is None else start + length]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Bucket:
    made = Bucket()
    for name in ("head", "list_keys", "read"):
        # Through `made`, so that it can be emptied between two examples.
        monkeypatch.setattr(objects, name, getattr(made, name))
    return made


def hint(folder: str) -> None:
    events.receive({"bucket": {"name": "b"}, "object": {"key": f"{folder}/MLmodel"}}, "b")


def change(bucket: Bucket, folder: str, variant: str | None) -> None:
    if variant is None:
        bucket.held.pop(f"{folder}/MLmodel", None)
    else:
        bucket.put(f"{folder}/MLmodel", VARIANTS[variant])


def wanted(bucket: Bucket) -> dict[str, set[str]]:
    names = {body: name for name, body in VARIANTS.items()}
    return {
        folder: FLAVORS[names[bucket.held[f"{folder}/MLmodel"][0]]]
        for folder in FOLDERS
        if f"{folder}/MLmodel" in bucket.held
    }


def found(**asked: Any) -> dict[str, set[str]]:
    with acting_as(Identity("ada", is_admin=True)):
        listed = search.search(SearchCatalogue(max_results=200, **asked)).entries
    assert len({entry.sk for entry in listed}) == len(listed)
    return {entry.sk: set(entry.flavors) for entry in listed}


def assert_catalogue_is(expected: dict[str, set[str]]) -> None:
    assert found() == expected
    for flavor in ("sklearn", "xgboost", "python_function"):
        assert found(flavor=flavor) == {path: names for path, names in expected.items() if flavor in names}
    for experiment in ("1", "2"):
        assert found(experiment_id=experiment) == {
            path: names for path, names in expected.items() if path.startswith(experiment + "/")
        }
    for folder in FOLDERS:
        assert (entries.load(places.of_folder(folder)) is not None) == (folder in expected)


folder = st.sampled_from(FOLDERS)
variant = st.sampled_from([*VARIANTS, None])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), folder, variant),
        st.tuples(st.just("event"), folder, st.none()),
        st.tuples(st.just("race"), folder, variant),
        st.tuples(st.just("crash"), folder, st.integers(0, 5)),
        st.tuples(st.just("sweep"), folder, st.none()),
    ),
    max_size=12,
)


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_events_in_any_order_and_a_sweep_give_the_same_catalogue(bucket, monkeypatch, steps):
    empty()
    bucket.held.clear()
    with clock.frozen(START_MS + 60_000):
        for what, where, more in steps:
            carry_out(bucket, monkeypatch, what, where, more)
        rescan.rescan()

        assert_catalogue_is(wanted(bucket))


def carry_out(bucket, monkeypatch, what, where, more):
    if what == "change":
        change(bucket, where, more)
    elif what == "event":
        hint(where)
    elif what == "sweep":
        rescan.rescan()
    elif what == "race":

        def somebody_else():
            change(bucket, where, more)
            hint(where)

        bucket.between, bucket.heads = somebody_else, bucket.ticks % 2
        hint(where)
        bucket.between = None
    else:
        with injected(once(more, Fault.CRASH_AFTER), monkeypatch), suppress(Crash):
            hint(where)


@pytest.mark.sampled(keep=1, by="at")
@pytest.mark.parametrize("after", ["sklearn", "broken", None])
@pytest.mark.parametrize("fault", [Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.LOST, Fault.THROTTLED])
@pytest.mark.parametrize("at", range(7))
def test_a_fault_at_any_request_is_mended_when_the_event_comes_again(bucket, monkeypatch, fault, at, after):
    change(bucket, FOLDERS[0], "xgboost")
    hint(FOLDERS[0])
    change(bucket, FOLDERS[0], after)

    with injected(once(at, fault), monkeypatch), suppress(Crash):
        hint(FOLDERS[0])
    hint(FOLDERS[0])

    assert_catalogue_is(wanted(bucket))
    entry = entries.at([FOLDERS[0]])[FOLDERS[0]]
    assert entry.stale is None


@pytest.mark.parametrize("heads", [0, 1, 2])
@pytest.mark.parametrize("later", ["xgboost", "broken", None])
@pytest.mark.parametrize("earlier", ["broken", None])
def test_an_older_look_never_replaces_a_newer_one(bucket, earlier, later, heads):
    change(bucket, FOLDERS[0], earlier)
    hint(FOLDERS[0])
    change(bucket, FOLDERS[0], "sklearn")

    def somebody_else():
        change(bucket, FOLDERS[0], later)
        hint(FOLDERS[0])

    bucket.between, bucket.heads = somebody_else, heads
    hint(FOLDERS[0])

    assert_catalogue_is(wanted(bucket))


def test_an_event_that_comes_again_writes_nothing(bucket, monkeypatch):
    change(bucket, FOLDERS[0], "sklearn")
    hint(FOLDERS[0])

    with injected(lambda _number, _operation: None, monkeypatch) as sent:
        hint(FOLDERS[0])

    assert sent == ["GetItem"]


def test_files_that_came_after_their_manifest_are_found_by_the_sweep(bucket):
    change(bucket, FOLDERS[0], "sklearn")
    hint(FOLDERS[0])
    bucket.put(f"{FOLDERS[0]}/model.pkl", b"\x80\x04N.")

    with clock.frozen(START_MS + 60_000):
        rescan.settle()

    entry = entries.load(places.of_folder(FOLDERS[0]))
    assert [each["path"] for each in entries.details(entry)["files"]] == ["MLmodel", "model.pkl"]
    assert entry.pickle


def test_the_mark_of_a_deleted_entry_is_gone_after_an_hour(bucket):
    change(bucket, FOLDERS[0], "sklearn")
    hint(FOLDERS[0])
    change(bucket, FOLDERS[0], None)
    hint(FOLDERS[0])

    with clock.frozen(clock.now_ms() + 3_700_000):
        rescan.walk()

    assert entries.at([FOLDERS[0]]) == {}


def test_a_long_bucket_is_walked_in_stretches(bucket):
    for number in range(2500):
        bucket.put(f"0/run/artifacts/{number:04d}", b"x")
    for where in FOLDERS:
        change(bucket, where, "xgboost")

    with clock.frozen(START_MS + 86_400_000):
        written = [rescan.walk(1000) for _ in range(3)]

    assert written == [0, 0, 4]
    assert_catalogue_is(wanted(bucket))


def test_what_an_earlier_reader_read_is_read_again_without_an_event(bucket, monkeypatch):
    monkeypatch.setattr(rescan, "_MOST_REREAD", 2)
    for where in FOLDERS[:3]:
        change(bucket, where, "sklearn")
        hint(where)
    make_older(FOLDERS[0], entries.READY, {"sklearn": ""})
    make_older(FOLDERS[1], entries.FAILED, {})
    make_older(FOLDERS[2], entries.FAILED, {})

    with clock.frozen(START_MS + 86_400_000):
        written = [rescan.walk()]
        first = entries.load(places.of_folder(FOLDERS[0]))
        written += [rescan.walk(), rescan.walk()]

    # Failures come first, and a round reads no more of them than it may.
    assert (written, first.flavors) == ([2, 1, 0], {"sklearn": ""})
    assert_catalogue_is(wanted(bucket))
    assert {entry.status for entry in entries.at(FOLDERS[:3]).values()} == {entries.READY}


def make_older(folder: str, status: str, flavors: dict[str, str]) -> None:
    """Make an entry such as the first reader left it."""
    entry = entries.at([folder])[folder]
    entry.status, entry.flavors, entry.reader, entry.notes = status, flavors, None, None
    tables.put(entry)
