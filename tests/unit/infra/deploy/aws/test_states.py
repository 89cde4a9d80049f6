"""What a deployment does with a stack, by its state: every one that CloudFormation has."""

import pytest

from infra.deploy.aws import states
from infra.deploy.aws.states import Next

STATES = {
    Next.CREATE: ["DELETE_COMPLETE"],
    Next.CLEAR_AND_CREATE: ["CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS"],
    Next.UPDATE: [
        "CREATE_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
        "IMPORT_ROLLBACK_FAILED",
        "UPDATE_COMPLETE",
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_COMPLETE",
    ],
    Next.WAIT: [
        "CREATE_IN_PROGRESS",
        "DELETE_IN_PROGRESS",
        "IMPORT_IN_PROGRESS",
        "IMPORT_ROLLBACK_IN_PROGRESS",
        "ROLLBACK_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
    ],
    Next.UNROLL: ["UPDATE_ROLLBACK_FAILED"],
    Next.DESTROY: ["DELETE_FAILED"],
}


@pytest.mark.parametrize(("step", "status"), [(step, status) for step, found in STATES.items() for status in found])
def test_every_state_has_a_next_step(step, status):
    assert states.next_step(status) is step


def test_without_a_stack_one_is_created():
    assert states.next_step(None) is Next.CREATE


def test_a_change_set_that_nobody_executed_is_not_waited_for():
    assert not states.is_moving("REVIEW_IN_PROGRESS")
    assert states.is_moving("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
