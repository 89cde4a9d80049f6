"""One secret for all processes: made once, read seldom, gone when it is deleted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib import clock, remembered
from chalicelib.storage import keys, page_secret, tables
from chalicelib.storage.capacity import metered
from chalicelib.storage.items import PageSecret
from tests.contract.faults import Crash, Fault, injected, once

PROCESSES = 16
NOW = 1_795_000_000_000
A_MINUTE_MS = 60_000


def stored() -> bytes | None:
    item = tables.get(PageSecret, keys.PAGE_SECRET, keys.SECRET)
    return item and bytes(item.secret)


def delete() -> None:
    tables.delete(PageSecret(keys.PAGE_SECRET, keys.SECRET))


def in_another_process() -> bytes:
    remembered.forget_all()
    return page_secret.current()


def trips_of(call: Callable[[], object]) -> int:
    with metered() as meter:
        call()
    return meter.trips


def test_it_is_made_on_first_need() -> None:
    assert stored() is None

    made = page_secret.current()

    assert len(made) == 32
    assert stored() == made
    assert in_another_process() == made


def test_after_a_deletion_it_is_another() -> None:
    former = page_secret.current()
    delete()

    assert in_another_process() not in (former, bytes(32))


def test_those_who_need_it_first_at_once_agree() -> None:
    start = Barrier(PROCESSES)

    def process(_number: int) -> bytes:
        start.wait()
        return page_secret.current()

    with ThreadPoolExecutor(PROCESSES) as pool:
        found = list(pool.map(process, range(PROCESSES)))

    assert set(found) == {stored()}


def test_it_is_read_once_a_minute() -> None:
    with clock.frozen(NOW):
        page_secret.current()
        assert trips_of(in_another_process) == 1
    with clock.frozen(NOW + A_MINUTE_MS - 1):
        assert trips_of(page_secret.current) == 0
    with clock.frozen(NOW + A_MINUTE_MS):
        assert trips_of(page_secret.current) == 1


def test_a_deletion_is_noticed_within_a_minute() -> None:
    with clock.frozen(NOW):
        former = page_secret.current()
        delete()

    with clock.frozen(NOW + A_MINUTE_MS):
        assert page_secret.current() != former
        assert page_secret.current() == stored()


def test_a_clock_that_is_put_right_prolongs_nothing() -> None:
    with clock.frozen(NOW + 10 * A_MINUTE_MS):
        page_secret.current()

    with clock.frozen(NOW):
        assert trips_of(page_secret.current) == 1


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("fault", [Fault.LOST, Fault.THROTTLED, Fault.REFUSED], ids=lambda fault: fault.name)
def test_one_failed_request_is_not_noticed(at: int, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    with injected(once(at, fault), monkeypatch) as sent:
        found = page_secret.current()

    assert len(sent) > 2
    assert found == stored() == in_another_process()


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("fault", [Fault.CRASH_BEFORE, Fault.CRASH_AFTER], ids=lambda fault: fault.name)
def test_a_crash_leaves_one_secret_or_none(at: int, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Crash), injected(once(at, fault), monkeypatch):
        page_secret.current()

    left = stored()
    assert (left is not None) == (at == 1 and fault is Fault.CRASH_AFTER)
    assert page_secret.current() == (left or stored())
