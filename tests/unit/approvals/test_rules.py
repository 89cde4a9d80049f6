from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.approvals import rules
from chalicelib.approvals.rules import APPROVED, PENDING, REJECTED, Policy
from chalicelib.errors import InvalidParameterValue

PEOPLE = ("", "ada", "bea", "cem", "dan", "eve")

people = st.sampled_from(PEOPLE)
decisions = st.lists(
    st.builds(lambda who, decision: {"who": who, "decision": decision}, people, st.sampled_from(["approve", "reject"])),
    max_size=12,
)
policies = st.builds(
    Policy,
    needed=st.integers(1, 4),
    approvers=st.lists(st.sampled_from(PEOPLE[1:]), unique=True).map(tuple),
    requester_may_approve=st.booleans(),
    expires_in_seconds=st.integers(1, rules.LONGEST_SECONDS),
    reproduced=st.none(),
).filter(lambda policy: not policy.approvers or len(policy.approvers) >= policy.needed)


def approvals(*names: str) -> list[dict[str, Any]]:
    return [{"who": name, "decision": "approve"} for name in names]


@given(policies, people, decisions)
def test_what_is_approved_has_as_many_different_approvers_as_it_needs(policy, requester, made):
    heard = {each["who"] for each in made if rules.why_not(policy, requester, each["who"]) is None}
    agreed = {each["who"] for each in made if each["decision"] == "approve"} & heard
    against = {each["who"] for each in made if each["decision"] == "reject"} & heard

    found = rules.outcome(policy, requester, made)

    assert (found == APPROVED) == (len(agreed) >= policy.needed and not against)
    assert (found == REJECTED) == bool(against)


@given(policies, people, decisions, st.randoms())
def test_neither_order_nor_repetition_matters(policy, requester, made, random):
    again = [*made, *random.choices(made, k=3)] if made else []
    random.shuffle(again)

    assert rules.outcome(policy, requester, again) == rules.outcome(policy, requester, made)


@given(policies, people, decisions)
def test_the_requester_never_decides_where_it_may_not(policy, requester, made):
    policy = policy._replace(requester_may_approve=False)
    without = [each for each in made if each["who"] != requester]

    assert rules.outcome(policy, requester, made) == rules.outcome(policy, requester, without)


@given(policies, people, decisions)
def test_whoever_is_no_approver_is_not_heard(policy, requester, made):
    named = [each for each in made if each["who"] in policy.approvers] if policy.approvers else made

    assert rules.outcome(policy, requester, made) == rules.outcome(policy, requester, named)


@given(policies, people, st.lists(people, max_size=12))
def test_nobody_named_counts_only_where_the_requester_does_and_one_is_enough(policy, requester, names):
    found = rules.outcome(policy, requester, approvals(*([""] * len(names))))

    if found == APPROVED:
        assert (policy.needed, policy.approvers, policy.requester_may_approve) == (1, (), True)


@given(policies)
def test_a_policy_is_stored_as_it_is(policy):
    assert rules.from_json(rules.to_json(policy)) == policy
    rules.check(policy)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"needed": 0}, "needed"),
        ({"needed": 21}, "needed"),
        ({"needed": 2, "approvers": ("ada",)}, "fewer"),
        ({"needed": 2, "approvers": ("ada", "ada")}, "fewer"),
        ({"approvers": ("",)}, "empty"),
        ({"approvers": tuple(map(str, range(101)))}, "100"),
        ({"expires_in_seconds": 0}, "expires_in_seconds"),
        ({"expires_in_seconds": 365 * 86_400 + 1}, "expires_in_seconds"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(changed, told):
    with pytest.raises(InvalidParameterValue, match=told):
        rules.check(Policy()._replace(**changed))


def test_the_same_decision_by_the_same_principal_was_made_before():
    made = approvals("ada")

    assert rules.has_decided(made, "ada", "approve")
    assert not rules.has_decided(made, "ada", "reject")
    assert not rules.has_decided(made, "bea", "approve")


@pytest.mark.parametrize(
    ("status", "now", "over"),
    [(PENDING, 99, False), (PENDING, 100, True), (APPROVED, 100, False), (REJECTED, 101, False)],
)
def test_only_what_is_undecided_expires(status, now, over):
    assert rules.is_over(status, 100, now) is over


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (Policy(), "1 approval is needed, by anyone other than the requester"),
        (Policy(2, ("ada", "bea"), True), "2 approvals are needed, by ada, bea"),
    ],
)
def test_who_may_approve_is_told(policy, message):
    assert rules.describe(policy) == message


@given(policies, people, decisions, st.sampled_from([rules.ANYBODY, rules.SOMEBODY_ELSE]))
def test_without_its_reproduction_nothing_is_approved(policy, requester, made, reproduced):
    asking = policy._replace(reproduced=reproduced)

    without, with_it = (rules.outcome(asking, requester, made, each) for each in (None, {"who": "eve"}))

    assert without != APPROVED
    assert with_it == rules.outcome(policy, requester, made)


@given(policies, people, decisions, st.sampled_from([None, {"who": "eve"}]))
def test_a_request_is_pending_as_long_as_it_waits_for_something(policy, requester, made, reproduction):
    asking = policy._replace(reproduced=rules.ANYBODY)

    found = rules.outcome(asking, requester, made, reproduction)

    if found != REJECTED:
        assert (found == PENDING) == bool(rules.waits_for(asking, requester, made, reproduction))


@pytest.mark.parametrize(
    ("reproduced", "who", "counts"),
    [
        (rules.ANYBODY, "ada", True),
        (rules.ANYBODY, "", True),
        (rules.SOMEBODY_ELSE, "ada", False),
        (rules.SOMEBODY_ELSE, "", False),
        (rules.SOMEBODY_ELSE, "bea", True),
        (None, "bea", False),
    ],
)
def test_whose_reproduction_counts(reproduced, who, counts):
    policy = Policy(reproduced=reproduced)

    assert rules.is_reproduction(policy, ["ada"], "equal", who) is counts
    assert not rules.is_reproduction(policy, ["ada"], "different", who)


def test_a_policy_survives_being_stored():
    for policy in (Policy(), Policy(needed=0, reproduced=rules.SOMEBODY_ELSE)):
        assert rules.from_json(rules.to_json(policy)) == policy
