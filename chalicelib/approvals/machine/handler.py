"""The tasks of the state machine as Lambdas. The local stack calls the tasks directly (`tasks.BY_NAME`)."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.approvals.machine import tasks
from chalicelib.approvals.machine.tasks import Answer

blueprint = Blueprint(__name__)


@blueprint.lambda_function(name="transition_validate")
def validate(event: dict[str, Any], _context: Any) -> Answer:
    return tasks.validate(event)


@blueprint.lambda_function(name="transition_wait_for_decision")
def wait_for_decision(event: dict[str, Any], _context: Any) -> Answer:
    return tasks.wait_for_decision(event)


@blueprint.lambda_function(name="transition_apply")
def apply(event: dict[str, Any], _context: Any) -> Answer:
    return tasks.apply(event)


@blueprint.lambda_function(name="transition_announce")
def announce(event: dict[str, Any], _context: Any) -> Answer:
    return tasks.announce(event)


@blueprint.lambda_function(name="transition_reject")
def reject(event: dict[str, Any], _context: Any) -> Answer:
    return tasks.reject(event)


@blueprint.lambda_function(name="transition_expire")
def expire(event: dict[str, Any], _context: Any) -> Answer:
    return tasks.expire(event)


@blueprint.lambda_function(name="transition_fail")
def fail(event: dict[str, Any], _context: Any) -> Answer:
    return tasks.fail(event)
