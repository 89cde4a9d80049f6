"""What a change set would do, told in lines, and what of it is refused."""

import pytest

from infra.deploy.aws import changes

TABLE, BUCKET, FUNCTION = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Lambda::Function"


def change(action, kind, name, replacement=None):
    told = {"Action": action, "ResourceType": kind, "LogicalResourceId": name, "PhysicalResourceId": f"the-{name}"}
    return told if replacement is None else {**told, "Replacement": replacement}


def test_changes_are_told_by_verb_and_type_with_the_worst_last():
    told = [
        change("Remove", FUNCTION, "Old"),
        change("Modify", FUNCTION, "B", "False"),
        change("Modify", FUNCTION, "A", "False"),
        change("Modify", FUNCTION, "C", "True"),
        change("Modify", FUNCTION, "D", "Conditional"),
        change("Add", TABLE, "T"),
        change("Import", TABLE, "K"),
    ]

    assert list(changes.lines(told)) == [
        "  import      AWS::DynamoDB::Table: K",
        "  add         AWS::DynamoDB::Table: T",
        "  modify      AWS::Lambda::Function: A, B",
        "  may replace AWS::Lambda::Function: D",
        "  replace     AWS::Lambda::Function: C",
        "  remove      AWS::Lambda::Function: Old",
    ]


def test_a_verb_that_aws_adds_one_day_is_told_as_well():
    assert list(changes.lines([change("Dynamic", FUNCTION, "A")])) == ["  dynamic     AWS::Lambda::Function: A"]


@pytest.mark.parametrize("kind", [TABLE, BUCKET])
@pytest.mark.parametrize(
    ("action", "replacement"), [("Remove", None), ("Modify", "True"), ("Modify", "Conditional"), ("Dynamic", None)]
)
def test_whatever_may_lose_data_is_a_danger(kind, action, replacement):
    [danger] = changes.dangers([change(action, kind, "Data", replacement)])

    assert danger.endswith("the-Data")


@pytest.mark.parametrize(
    "harmless",
    [
        change("Add", TABLE, "T"),
        change("Import", BUCKET, "B"),
        change("Modify", TABLE, "T", "False"),
        change("Modify", TABLE, "T"),
        change("Remove", FUNCTION, "F"),
        change("Modify", FUNCTION, "F", "True"),
        change("Remove", BUCKET, "SiteBucket"),
    ],
)
def test_nothing_else_is(harmless):
    assert changes.dangers([harmless]) == []
