"""Who may approve a transition, and when it is approved: rules on plain data.

A principal counts once, however often it approves, and one rejection ends the request. An anonymous caller can be
anyone, even the requester. So an anonymous approval counts only if anyone may approve, the requester included, and one
approval is enough. An anonymous requester cannot be distinguished from its approvers; the audit chain records it as
anonymous.

A policy may also ask for a reproduction of the version's run: by anybody, or by somebody else than those who made the
run and the version. What an anonymous caller reproduced may be the work of either, so it does not count for the latter.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from chalicelib.errors import InvalidParameterValue

PENDING = "PENDING"
APPROVED = "APPROVED"
APPLIED = "APPLIED"
REJECTED = "REJECTED"
CANCELED = "CANCELED"
EXPIRED = "EXPIRED"
FAILED = "FAILED"

# A request in one of these can still lead to its transition.
OPEN = (PENDING, APPROVED)

APPROVE: Literal["approve"] = "approve"
REJECT: Literal["reject"] = "reject"
Verdict = Literal["approve", "reject"]

ANYBODY: Literal["anybody"] = "anybody"
SOMEBODY_ELSE: Literal["somebody_else"] = "somebody_else"
Reproducer = Literal["anybody", "somebody_else"]
# The verdicts on a reproduction that count.
_REPRODUCED = ("equal", "within_tolerance")

MOST_NEEDED = 20
MOST_APPROVERS = 100
# A Step Functions execution lives for a year at most.
LONGEST_SECONDS = 365 * 86_400

NOBODY = ""


class Policy(NamedTuple):
    """What a stage requires: `needed` approvals, by the approvers or by anyone if none are named, before expiry.

    And, unless `reproduced` is None, that the version's run was reproduced, by whom it says.
    """

    needed: int = 1
    approvers: tuple[str, ...] = ()
    requester_may_approve: bool = False
    expires_in_seconds: int = 7 * 86_400
    reproduced: Reproducer | None = None


def check(policy: Policy) -> None:
    """Raises InvalidParameterValue for a policy that cannot be satisfied, or that is too large for an item."""
    # A reproduction may be all that a stage asks for.
    least = 0 if policy.reproduced else 1
    if not least <= policy.needed <= MOST_NEEDED:
        raise InvalidParameterValue(f"'needed' must be between {least} and {MOST_NEEDED}, not {policy.needed}.")
    if not 1 <= policy.expires_in_seconds <= LONGEST_SECONDS:
        raise InvalidParameterValue(f"'expires_in_seconds' must be between 1 and {LONGEST_SECONDS} (a year).")
    if len(policy.approvers) > MOST_APPROVERS:
        raise InvalidParameterValue(f"'approvers' may name {MOST_APPROVERS} principals at most.")
    if NOBODY in policy.approvers:
        raise InvalidParameterValue("'approvers' must not contain an empty name.")
    if policy.approvers and len(set(policy.approvers)) < policy.needed:
        raise InvalidParameterValue(f"{policy.needed} approvals are needed, but fewer approvers are named.")


def to_json(policy: Policy) -> dict[str, Any]:
    """The stored form of a policy, which is also its form in the audit chain, without what it leaves open."""
    fields = {**policy._asdict(), "approvers": list(policy.approvers)}
    return {name: value for name, value in fields.items() if value is not None}


def from_json(fields: Mapping[str, Any]) -> Policy:
    """A policy that `to_json` made."""
    return Policy(**{**fields, "approvers": tuple(fields["approvers"])})


def why_not(policy: Policy, requester: str, who: str) -> str | None:
    """Why the principal `who` may not decide on a request of `requester`; None if it may."""
    if who == NOBODY and (policy.approvers or policy.needed > 1 or not policy.requester_may_approve):
        return "a decision needs a named caller, and this call is anonymous"
    if policy.approvers and who not in policy.approvers:
        return f"the stage's approvers are {', '.join(policy.approvers)}"
    if who == requester and not policy.requester_may_approve:
        return "the requester may cancel the transition request, but not decide on it"
    return None


def has_decided(decisions: Iterable[Mapping[str, Any]], who: str, verdict: Verdict) -> bool:
    """Whether this principal has already made this decision: a repeated call after a lost reply."""
    return any(each["who"] == who and each["decision"] == verdict for each in decisions)


def is_reproduction(policy: Policy, makers: Iterable[str], verdict: str, who: str) -> bool:
    """Whether a verdict on a reproduction, by `who`, is what the policy asks for."""
    if policy.reproduced is None or verdict not in _REPRODUCED:
        return False
    return policy.reproduced == ANYBODY or who not in (NOBODY, *makers)


def outcome(
    policy: Policy,
    requester: str,
    decisions: Iterable[Mapping[str, Any]],
    reproduction: Mapping[str, Any] | None = None,
) -> str:
    """PENDING, APPROVED or REJECTED, by the decisions of the principals that may decide, and a reproduction."""
    counted = [each for each in decisions if why_not(policy, requester, each["who"]) is None]
    if any(each["decision"] == REJECT for each in counted):
        return REJECTED
    is_missing = policy.reproduced is not None and reproduction is None
    return PENDING if is_missing or len(_approvers(counted)) < policy.needed else APPROVED


def waits_for(
    policy: Policy,
    requester: str,
    decisions: Iterable[Mapping[str, Any]],
    reproduction: Mapping[str, Any] | None = None,
) -> list[str]:
    """What a pending request waits for, in words."""
    counted = [each for each in decisions if why_not(policy, requester, each["who"]) is None]
    missing = policy.needed - len(_approvers(counted))
    waits = [f"{missing} more approval{'s' if missing > 1 else ''}"] if missing > 0 else []
    if policy.reproduced is not None and reproduction is None:
        waits.append(_wanted(policy.reproduced))
    return waits


def _approvers(decisions: Iterable[Mapping[str, Any]]) -> set[str]:
    return {each["who"] for each in decisions if each["decision"] == APPROVE}


def _wanted(reproduced: Reproducer) -> str:
    by = "" if reproduced == ANYBODY else " by somebody else than those who made the run and the version"
    return f"a reproduction of the version's run{by}"


def is_over(status: str, expires: int, now: int) -> bool:
    """Whether a request was not decided in time, even if its status still says PENDING. Times in ms."""
    return status == PENDING and now >= expires


def describe(policy: Policy) -> str:
    """What is needed and who may approve, for a message."""
    if policy.needed == 0 and policy.reproduced:
        return f"{_wanted(policy.reproduced)} is needed"
    who = ", ".join(policy.approvers) if policy.approvers else "anyone"
    count = "1 approval is" if policy.needed == 1 else f"{policy.needed} approvals are"
    but = "" if policy.requester_may_approve else " other than the requester"
    besides = f", and {_wanted(policy.reproduced)}" if policy.reproduced else ""
    return f"{count} needed, by {who}{but}{besides}"
