"""Index rows of a run: one for each value that can be asked for, and none for what is not there."""

import pytest

from chalicelib.search import codes
from chalicelib.search.record import DatasetRecord, Record
from chalicelib.search.rows import row
from chalicelib.tracking.index.index_rows import rows_of

RUN_ID = "0123456789abcdef" * 2
PREFIX = "IDX#7#follows#"


def test_the_listing_says_when_a_run_started_and_nothing_else() -> None:
    rows = dict(rows_of(_record(), "7", "follows"))

    listed = row(rows[f"{PREFIX}attribute#start_time"])

    assert (listed.code, codes.from_falling(listed.start), listed.run_id) == ("", 12, RUN_ID)


@pytest.mark.parametrize(
    ("partition", "code"),
    [
        ("attribute#status", codes.text("FINISHED")),
        ("attribute#end_time", codes.integer(34)),
        ("metric#loss", codes.number(0.5)),
        ("metric#nan", codes.NAN),
        ("param#lr", codes.text("0.1")),
        ("tag#mlflow.runName", codes.text("n")),
        ("dataset#name", codes.text("d")),
    ],
)
def test_each_value_has_a_row_in_its_fields_partition(partition: str, code: str) -> None:
    rows = dict(rows_of(_record(), "7", "follows"))

    assert row(rows[PREFIX + partition]).code == code


def test_what_is_missing_has_no_row_and_a_name_has_only_its_tags() -> None:
    partitions = {pk for pk, _ in rows_of(Record(RUN_ID, {"start_time": None, "end_time": None}), "7", "follows")}

    assert partitions == {f"{PREFIX}attribute#start_time"}
    assert f"{PREFIX}attribute#run_name" not in {pk for pk, _ in rows_of(_record(), "7", "follows")}


def test_two_datasets_of_one_name_share_the_names_row() -> None:
    rows = rows_of(_record(), "7", "follows")

    assert len([pk for pk, _ in rows if pk == f"{PREFIX}dataset#name"]) == 1
    assert len([pk for pk, _ in rows if pk == f"{PREFIX}dataset#digest"]) == 2
    assert len(rows) == len(set(rows))


def test_the_longest_values_and_keys_stay_within_a_key() -> None:
    longest = "\U0010ffff" * 6000
    rows = rows_of(Record(RUN_ID, {"start_time": -(2**63)}, params={"k" * 250: longest}), "9" * 19, "differs9999")

    assert max(len(sk.encode()) for _, sk in rows) <= 1024
    assert max(len(pk.encode()) for pk, _ in rows) <= 2048


def _record() -> Record:
    return Record(
        RUN_ID,
        {"start_time": 12, "end_time": 34, "status": "FINISHED", "run_name": "n"},
        metrics={"loss": 0.5, "nan": float("nan")},
        params={"lr": "0.1"},
        tags={"mlflow.runName": "n"},
        datasets=[DatasetRecord("d", "1", None), DatasetRecord("d", "2", "train")],
    )
