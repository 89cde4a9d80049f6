"""The pump: each line of the journal is one event, received once, or again after a failure, never lost."""

import io
import json

import pytest

from chalicelib.catalogue import events
from chalicelib.errors import TemporarilyUnavailable
from infra.local import pump, s3_engine


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "events"


def write(journal, *keys, event="s3:ObjectCreated:Put"):
    with journal.open("a") as file:
        file.writelines(json.dumps(["bucket", key, event]) + "\n" for key in keys)


def keys(received):
    return [event["detail"]["object"]["key"] for event in received]


def test_each_event_is_received_once(journal):
    received = []
    write(journal, "a", "b")
    pump.pump(journal, received.append)
    write(journal, "c\nd")
    pump.pump(journal, received.append)

    assert pump.pump(journal, received.append) == 0
    assert keys(received) == ["a", "b", "c\nd"]


def test_an_event_that_could_not_be_received_comes_again(journal):
    received = []

    def fail_at_b(event):
        received.append(event)
        if keys(received) == ["a", "b"]:
            raise TemporarilyUnavailable("not now")

    write(journal, "a", "b", "c")
    with pytest.raises(TemporarilyUnavailable):
        pump.pump(journal, fail_at_b)
    pump.pump(journal, fail_at_b)

    assert keys(received) == ["a", "b", "b", "c"]


def test_no_journal_is_no_event(journal):
    assert pump.pump(journal, pytest.fail) == 0


def test_half_a_line_waits_for_its_end(journal):
    received = []
    journal.write_text('["bucket", "a", ')
    pump.pump(journal, received.append)
    with journal.open("a") as file:
        file.write('"s3:ObjectCreated:Put"]\n')
    pump.pump(journal, received.append)

    assert keys(received) == ["a"]


@pytest.mark.parametrize(
    "line", [b"", b"[", b"{}", b"[1]", b"[1, 2, 3]", b'["b", "k", "s3"]', b'["b","k","s3:Other:x"]']
)
def test_what_is_no_event_is_passed_over(line):
    assert pump.event_of(line) is None


@pytest.mark.parametrize(
    ("key", "event", "passes"),
    [
        ("1/run/artifacts/MLmodel", "s3:ObjectCreated:Copy", True),
        ("1/run/artifacts/MLmodel", "s3:ObjectRemoved:Delete", True),
        ("1/run/artifacts/model.pkl", "s3:ObjectCreated:Put", False),
    ],
)
def test_the_rule_lets_pass_what_eventbridge_would(key, event, passes):
    made = pump.event_of(json.dumps(["bucket", key, event]).encode())

    assert pump.matches(made, events.PATTERN) == passes


def test_a_long_journal_that_was_read_is_begun_anew(journal, monkeypatch):
    monkeypatch.setattr(pump, "_LONG_BYTES", 10)
    received = []
    write(journal, "a")
    pump.shorten(journal)
    pump.pump(journal, received.append)
    pump.shorten(journal)
    write(journal, "b")
    pump.pump(journal, received.append)

    assert keys(received) == ["a", "b"]


def test_the_engine_notes_each_event_before_it_goes_on():
    held, fired = io.StringIO(), []
    note = s3_engine.journalled(lambda *event, **named: fired.append((held.getvalue(), event, named)), held)

    note("bucket", "k ü", "s3:ObjectCreated:Put", 3, etag="e")

    assert json.loads(held.getvalue()) == ["bucket", "k ü", "s3:ObjectCreated:Put"]
    assert fired == [(held.getvalue(), ("bucket", "k ü", "s3:ObjectCreated:Put", 3), {"etag": "e"})]
