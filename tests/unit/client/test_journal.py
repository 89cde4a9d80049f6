"""The journal: what was written is read again, whatever happened to the rest of the file."""

import errno
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cumulog._journal import chains, places, records, writers
from cumulog._journal.chains import Chain, Head
from cumulog._journal.points import ONE, Point, named, unpacked
from cumulog._journal.records import Kind, packed
from cumulog._journal.segments import SEGMENT_BYTES, Segment
from cumulog._journal.writers import Writer

HEAD = Head("a" * 32, "http://server")


def writer(said: list[str] | None = None) -> Writer:
    return Writer(HEAD, (said if said is not None else []).append)


SOURCE = Path(__file__).resolve().parents[3] / "client/python/src"


def lines(chain: Chain) -> list[bytes]:
    """All payloads that are left, noted as delivered."""
    found = []
    while batch := chain.batch():
        found += [record.payload for record in batch if record.kind != Kind.OPEN]
        chain.advance(batch[-1].end)
    return found


def left_by_a_dead_process(writer: Writer) -> Path:
    """The folder of a journal, as a kill leaves it."""
    folder = writer.chain.folder
    assert folder
    writer.chain.close()
    return folder


def segment_of(folder: Path) -> Path:
    return next(folder.glob("*.lines"))


@contextmanager
def fully(journal: Writer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A disk that takes no byte more of a journal."""

    def refused(*_: object) -> Segment:
        raise OSError(errno.ENOSPC, "No space left on device")

    full = journal._file = os.open("/dev/full", os.O_WRONLY)
    with monkeypatch.context() as disk:
        disk.setattr(Segment, "created", refused)
        yield
    os.close(full)


def test_points_are_read_as_they_were_logged() -> None:
    payload = ONE.pack(5, -1, 0.25) + named("größe/loss")

    assert list(unpacked(payload)) == [Point("größe/loss", 0.25, 5, -1)]


def test_a_torn_tail_hides_no_line_before_it() -> None:
    data = b"".join(packed(Kind.TAGS, number, b"x" * number) for number in range(1, 20))

    for cut in random.Random(7).sample(range(len(data)), 40):
        found = [record.sequence for record in records.in_order(data[:cut])]
        assert found == list(range(1, len(found) + 1))
        assert sum(records.HEAD_BYTES + number for number in found) <= cut
        assert sum(records.HEAD_BYTES + number for number in [*found, len(found) + 1]) > cut


@pytest.mark.parametrize("end", [3, 12, 30])
def test_a_line_that_a_kill_left_unfinished_was_never_promised(end: int) -> None:
    journal = writer()
    journal.append(Kind.TAGS, b"kept")
    folder = left_by_a_dead_process(journal)
    segment_of(folder).write_bytes(segment_of(folder).read_bytes() + packed(Kind.TAGS, 3, b"x" * 40)[:end])

    chain = chains.found(folder)
    assert chain
    assert (lines(chain), chain.finish()) == ([b"kept"], "")


def test_damage_in_the_middle_hides_the_damaged_line_only() -> None:
    journal = writer()
    for number in range(5):
        journal.append(Kind.TAGS, b"line %d" % number)
    folder = left_by_a_dead_process(journal)
    data = segment_of(folder).read_bytes()
    segment_of(folder).write_bytes(data.replace(b"line 2", b"lime 2"))

    chain = chains.found(folder)

    assert chain
    assert lines(chain) == [b"line 0", b"line 1", b"line 3", b"line 4"]
    assert (chain.lost, chain.is_torn) == (1, False)


def test_the_next_process_goes_on_where_delivery_stopped() -> None:
    journal = writer()
    for number in range(3):
        journal.append(Kind.TAGS, b"%d" % number)
    batch = journal.chain.batch()
    journal.chain.advance(batch[1].end)

    chain = chains.found(left_by_a_dead_process(journal))

    assert chain
    assert lines(chain) == [b"1", b"2"]


def test_a_journal_that_is_written_is_left_to_its_process() -> None:
    folder = writer().chain.folder

    assert folder
    assert chains.found(folder) is None


def test_a_long_journal_is_deleted_piece_by_piece() -> None:
    journal = writer()
    for _ in range(SEGMENT_BYTES // (1 << 20) + 2):
        journal.append(Kind.TAGS, b"x" * (1 << 20))
    folder = journal.chain.folder
    assert folder
    assert len(list(folder.glob("*.lines"))) == 2

    count = len(lines(journal.chain))

    assert (count, len(list(folder.glob("*.lines")))) == (SEGMENT_BYTES // (1 << 20) + 2, 1)


def test_on_a_full_disk_lines_go_on_in_memory_and_that_is_said_once() -> None:
    said: list[str] = []
    journal = writer(said)
    journal.append(Kind.TAGS, b"before")
    journal._file = os.open("/dev/full", os.O_WRONLY)
    full = journal._file

    assert all(journal.append(Kind.TAGS, b"%d" % number) for number in range(3))

    os.close(full)
    journal.chain.is_over = True
    assert lines(journal.chain) == [b"before", b"0", b"1", b"2"]
    assert [("memory" in text, "CUMULOG_JOURNAL" in text) for text in said] == [(True, True)]


def test_a_limit_on_the_size_of_files_ends_no_journal(tmp_path: Path) -> None:
    script = tmp_path / "limited.py"
    script.write_text(
        "import resource, cumulog\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "with cumulog.start_run():\n"
        "    for step in range(1000):\n"
        "        cumulog.log_metric('loss', step, step=step)\n"
    )

    subprocess.run([sys.executable, script], env={**os.environ, "PYTHONPATH": str(SOURCE)}, check=True)

    [folder] = places.chains()
    chain = chains.found(folder)
    assert chain is not None
    assert len(lines(chain)) == 1002
    chain.close()


def test_a_full_journal_takes_no_more_and_says_how_to_empty_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUMULOG_JOURNAL_MB", "1")
    said: list[str] = []
    journal = writer(said)

    kept = [journal.append(Kind.TAGS, b"x" * 100_000) for _ in range(20)]

    assert kept.count(True) == 10
    assert len(said) == 1
    assert "cumulog sync" in said[0]


def test_a_full_journal_takes_the_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUMULOG_JOURNAL_MB", "1")
    journal = writer()
    while journal.append(Kind.TAGS, b"x" * 1000):
        pass
    while journal.append(Kind.TAGS, b"x"):
        pass

    assert journal.append_last(Kind.CALL, b"end")

    assert lines(journal.chain)[-1] == b"end"
    assert journal.chain.bytes_left() == 0


def test_full_memory_takes_the_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUMULOG_JOURNAL", "/proc/nowhere")
    monkeypatch.setenv("TMPDIR", "/proc/nowhere")
    journal = writer()
    for size in (1 << 20, 1000, 1):
        while journal.append(Kind.TAGS, b"x" * size):
            pass

    assert journal.append_last(Kind.CALL, b"end")

    assert lines(journal.chain)[-1] == b"end"


@pytest.mark.parametrize("others", [0, 3])
def test_the_last_line_survives_its_process_on_a_full_disk(others: int, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = writer()
    journal.append(Kind.TAGS, b"before")
    with fully(journal, monkeypatch):
        assert all(journal.append(Kind.TAGS, b"lost") for _ in range(others))
        assert journal.append_last(Kind.CALL, b"end")
        assert journal.written == others + 2

    chain = chains.found(left_by_a_dead_process(journal))

    assert chain
    assert lines(chain) == [b"before", b"end"]
    assert chain.lost == others


def test_on_a_full_disk_the_last_line_follows_what_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = writer()
    with fully(journal, monkeypatch):
        journal.append(Kind.TAGS, b"in memory")
        journal.append_last(Kind.CALL, b"end")
    folder = journal.chain.folder
    journal.close()

    assert lines(journal.chain) == [b"in memory", b"end"]
    assert journal.chain.finish() == ""
    assert folder
    assert not folder.exists()


def test_without_a_folder_that_can_be_written_lines_are_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUMULOG_JOURNAL", "/proc/nowhere")
    monkeypatch.setenv("TMPDIR", "/proc/nowhere")
    journal = writer()

    journal.append(Kind.TAGS, b"kept")

    assert lines(journal.chain) == [b"kept"]


def test_where_the_named_folder_cannot_be_written_the_one_for_temporary_files_is_used_and_that_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUMULOG_JOURNAL", "/proc/nowhere")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(writers, "_said_unwritable", [])
    said: list[str] = []

    journal = writer(said)
    writer(said)

    assert journal.chain.folder is not None
    assert tmp_path in journal.chain.folder.parents
    assert journal.chain.folder in places.chains()
    assert [("/proc/nowhere" in text, str(tmp_path) in text) for text in said] == [(True, True)]


def test_a_user_without_a_home_has_a_journal_in_the_folder_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("CUMULOG_JOURNAL", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(Path, "expanduser", none)

    folder = places.writable()

    assert folder is not None
    assert tmp_path in folder.parents


def test_memory_takes_so_much_and_no_more_until_the_server_has_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUMULOG_JOURNAL", "/proc/nowhere")
    monkeypatch.setenv("TMPDIR", "/proc/nowhere")
    said: list[str] = []
    journal = writer(said)
    line = b"x" * (1 << 20)

    kept = [journal.append(Kind.TAGS, line) for _ in range(70)]

    assert (kept, len(said)) == ([True] * 63 + [False] * 7, 1)
    assert (journal.written, len(lines(journal.chain))) == (63, 63)
    assert journal.chain.bytes_in_memory() <= SEGMENT_BYTES
    assert [journal.append(Kind.TAGS, line) for _ in range(30)] == [True] * 30


def test_lines_go_to_the_disk_again_when_it_takes_them() -> None:
    journal = writer()
    disk = os.open("/dev/full", os.O_WRONLY)
    journal._file = disk
    journal.append(Kind.TAGS, b"in memory")
    os.close(disk)

    journal._roll(journal.chain.segments[-1])
    journal.append(Kind.TAGS, b"on disk")

    assert [each.path is None for each in journal.chain.segments] == [False, True, False]
    assert lines(journal.chain) == [b"in memory", b"on disk"]


def test_what_a_full_disk_left_in_memory_is_saved_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Writer(Head("a" * 32, ""), lambda _: None)
    journal._file = os.open("/dev/full", os.O_WRONLY)
    full = journal._file
    journal.append(Kind.TAGS, b"in memory")
    os.close(full)

    journal.close()

    [folder] = places.chains()
    chain = chains.found(folder)
    assert chain is not None
    assert lines(chain) == [b"in memory"]
    assert chain.finish() == ""


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda data: data.replace(b"line 2", b"lime 2"), "1 line is missing"),
        (lambda data: data[:-20] + bytes(20), "The last lines may be missing"),
    ],
)
def test_a_damaged_journal_is_kept_and_said(damage: Callable[[bytes], bytes], told: str) -> None:
    journal = writer()
    for number in range(5):
        journal.append(Kind.TAGS, b"line %d" % number)
    folder = left_by_a_dead_process(journal)
    segment_of(folder).write_bytes(damage(segment_of(folder).read_bytes()))

    chain = chains.found(folder)
    assert chain is not None
    lines(chain)

    assert chain.finish().startswith(told)
    assert [path.name for path in (folder.parent / places.ASIDE).rglob("*.damaged")] == ["00000001.damaged"]


def test_a_journal_that_somebody_else_could_have_put_there_is_not_sent(tmp_path: Path) -> None:
    folder = left_by_a_dead_process(writer())
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)

    assert list(places.chains()) == []


class Late(Segment):
    """A segment whose last line is written just after somebody looked for more."""

    last: Callable[[], object] | None = None

    def read(self, offset: int, size: int) -> bytes:
        found = super().read(offset, size)
        if not found and self.last:
            self.last, last = None, self.last
            last()
        return found


def test_a_line_that_is_written_while_the_journal_is_read_and_closed_is_delivered() -> None:
    journal = writer()
    journal.append(Kind.TAGS, b"first")
    present = journal.chain.segments[0]
    late = Late(present.number, present.path, present.file)
    late.last = lambda: (journal.append(Kind.TAGS, b"last"), journal.close())
    journal.chain.segments[0] = late

    assert lines(journal.chain) == [b"first", b"last"]
    assert (journal.chain.lost, journal.chain.is_torn) == (0, False)


def test_two_segments_of_one_folder_are_found_as_one_journal() -> None:
    journal = writer()
    journal.append(Kind.TAGS, b"first")
    journal._roll(journal.chain.segments[-1])
    journal.append(Kind.TAGS, b"second")
    left_by_a_dead_process(journal)

    chain = chains.found(next(places.chains()))

    assert chain
    assert lines(chain) == [b"first", b"second"]
