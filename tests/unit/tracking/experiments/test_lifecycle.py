"""Stages and groups: a run's mark counts within its epoch, and every run stands in a group that a search reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.tracking.experiments.lifecycle import ACTIVE, DELETED, FOLLOWS, Mark, differs, group, groups, stage

STAGES = [{ACTIVE}, {DELETED}, {ACTIVE, DELETED}]


@pytest.mark.parametrize(
    ("experiment", "own", "expected"),
    [
        (Mark(ACTIVE, 0), None, ACTIVE),
        (Mark(ACTIVE, 0), Mark(DELETED, 0), DELETED),
        (Mark(DELETED, 1), Mark(DELETED, 0), DELETED),
        (Mark(DELETED, 1), Mark(ACTIVE, 1), ACTIVE),
        (Mark(ACTIVE, 2), Mark(DELETED, 0), ACTIVE),
        (Mark(ACTIVE, 2), Mark(DELETED, 1), ACTIVE),
    ],
)
def test_a_mark_counts_only_within_the_epoch_in_which_it_was_set(
    experiment: Mark, own: Mark | None, expected: str
) -> None:
    assert stage(experiment, own) == expected


@pytest.mark.parametrize(
    ("experiment", "own", "expected"),
    [
        (Mark(ACTIVE, 4), None, FOLLOWS),
        (Mark(ACTIVE, 4), Mark(ACTIVE, 4), FOLLOWS),
        (Mark(ACTIVE, 4), Mark(DELETED, 4), differs(4)),
        (Mark(ACTIVE, 4), Mark(DELETED, 2), FOLLOWS),
        (Mark(DELETED, 5), Mark(ACTIVE, 5), differs(5)),
    ],
)
def test_a_run_that_is_not_of_its_experiments_stage_stands_apart(
    experiment: Mark, own: Mark | None, expected: str
) -> None:
    assert group(experiment, own) == expected


@given(
    sealed_at=st.integers(0, 6),
    own_epoch=st.integers(0, 6),
    own_stage=st.sampled_from([ACTIVE, DELETED]),
    now=st.integers(0, 6),
    wanted=st.sampled_from(STAGES),
)
def test_a_run_stands_in_a_group_that_is_read_exactly_if_its_stage_is_wanted(
    sealed_at: int, own_epoch: int, own_stage: str, now: int, wanted: set[str]
) -> None:
    # An experiment's stage alternates; a run is marked before it is sealed, and sealed before it is searched.
    own_epoch, sealed_at = sorted((own_epoch, sealed_at))
    now = max(now, sealed_at)
    own = Mark(own_stage, own_epoch)

    stands_in = group(_experiment(sealed_at), own)
    read = groups(_experiment(now), 0, wanted)

    assert (stands_in in read) == (stage(_experiment(now), own) in wanted)
    assert len(read) == len(set(read))


def test_below_the_settled_epoch_no_group_is_read() -> None:
    assert groups(Mark(ACTIVE, 4), 4, {ACTIVE}) == [FOLLOWS]
    assert groups(Mark(ACTIVE, 4), 2, {ACTIVE}) == [FOLLOWS, differs(2), differs(3)]


def _experiment(epoch: int) -> Mark:
    return Mark(DELETED if epoch % 2 else ACTIVE, epoch)
