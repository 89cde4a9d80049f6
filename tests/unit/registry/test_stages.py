"""Stages: their names, and what a change of stage does to a model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import InvalidParameterValue
from chalicelib.registry import ranges, stages
from chalicelib.registry.stages import ALL, ARCHIVED, NONE, PRODUCTION, STAGING

held_in = st.dictionaries(st.integers(1, 12), st.sampled_from(ALL), min_size=1)


@pytest.mark.parametrize("written", ["production", "PRODUCTION", "Production", "pRoDuCtIoN"])
def test_a_stage_may_be_written_in_any_case(written: str) -> None:
    assert stages.canonical(written) == PRODUCTION


@pytest.mark.parametrize("written", ["", "Prod", "Deleted_Internal", " Production", "Nоne"])
def test_no_other_stage_is_one(written: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Value must be one of None, Staging, Production, Archived"):
        stages.canonical(written)


@pytest.mark.parametrize("stage", [NONE, ARCHIVED])
def test_only_what_serves_can_be_cleared(stage: str) -> None:
    stages.check_archiving(stage, archive_existing=False)
    with pytest.raises(InvalidParameterValue, match="not an Active stage"):
        stages.check_archiving(stage, archive_existing=True)


def test_archiving_clears_the_stage_for_one_version() -> None:
    move = stages.move({PRODUCTION: "1-3", NONE: "4-5"}, 4, PRODUCTION, archive_existing=True)

    assert move.versions == {1: ARCHIVED, 2: ARCHIVED, 3: ARCHIVED, 4: PRODUCTION}
    assert move.stages == {PRODUCTION: "4", ARCHIVED: "1-3", NONE: "5"}


def test_without_archiving_a_stage_may_hold_several() -> None:
    assert stages.move({PRODUCTION: "1", NONE: "2"}, 2, PRODUCTION, archive_existing=False).stages == {
        PRODUCTION: "1-2"
    }


def test_a_version_that_is_there_already_stays_and_the_others_go() -> None:
    move = stages.move({STAGING: "1-2"}, 2, STAGING, archive_existing=True)

    assert move.versions == {1: ARCHIVED, 2: STAGING}


@given(held_in, st.sampled_from(ALL), st.booleans(), st.data())
def test_every_version_is_in_exactly_one_stage_after_any_move(
    held: dict[int, str], to: str, wants_archiving: bool, data: st.DataObject
) -> None:
    before = {stage: ranges.render(each for each in held if held[each] == stage) for stage in ALL}
    number = data.draw(st.sampled_from(sorted(held)))
    archive = wants_archiving and to in stages.ACTIVE

    move = stages.move({stage: text for stage, text in before.items() if text}, number, to, archive)

    after = {each: stage for stage, text in move.stages.items() for each in ranges.parse(text)}
    assert after == {**held, **move.versions}
    assert sum(len(ranges.parse(text)) for text in move.stages.values()) == len(held)
    if archive:
        assert [each for each, stage in after.items() if stage == to] == [number]


def test_a_deleted_version_is_in_no_stage() -> None:
    assert stages.after({PRODUCTION: "1", NONE: "2"}, {1: None}) == {NONE: "2"}


def test_the_latest_of_each_stage_is_its_highest_number_and_comes_where_the_stage_begins() -> None:
    assert stages.latest({PRODUCTION: "1-3,9", NONE: "10", ARCHIVED: "4-8"}) == [9, 8, 10]
    assert stages.latest_by_name({PRODUCTION: "1-3,9", NONE: "10", ARCHIVED: "4-8"}) == [8, 10, 9]
    assert stages.latest({NONE: "", STAGING: "2"}) == stages.latest_by_name({NONE: "", STAGING: "2"}) == [2]
