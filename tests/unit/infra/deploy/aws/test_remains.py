"""What is counted among a stage's remains, of all that an account lists."""

import pytest
from botocore.exceptions import ClientError

from infra.deploy.aws import remains
from infra.deploy.aws.names import Place
from infra.deploy.aws.remains import Thing

PLACE = Place("prod", "123456789012", "eu-central-1")
HERE, ELSEWHERE = (
    f"arn:aws:cloudformation:{region}:123456789012:stack/cumulog-prod/1" for region in ("eu-central-1", "us-east-1")
)


class FakeAccount:
    """Lists what it is given by operation, and refuses to list what is None; `roles` have the stacks they came from."""

    def __init__(self, listed, roles=None):
        self.listed, self.roles = listed, roles or {}

    def client(self, _service):
        return self

    def get_paginator(self, operation):
        return FakePaginator(operation, self.listed.get(operation, []))

    def list_role_tags(self, RoleName):  # noqa: N803 - boto3's name
        stack = self.roles[RoleName]
        return {"Tags": [{"Key": "aws:cloudformation:stack-id", "Value": stack}] if stack else []}


class FakePaginator:
    def __init__(self, operation, pages):
        self.operation, self.pages = operation, pages

    def paginate(self, **_request):
        if self.pages is None:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, self.operation)
        return self.pages


def found(listed, roles=None):
    return [str(thing) for thing in remains.look(FakeAccount(listed, roles), PLACE).found]


def test_things_are_known_by_their_names_on_every_page():
    pages = [
        {"TableNames": ["other", "cumulog-prod-runs"]},
        {},
        {"TableNames": ["cumulog-prod2-runs", "cumulog-prod-x"]},
    ]
    queue = "https://sqs.eu-central-1.amazonaws.com/123456789012/cumulog-prod-letters"
    topic = "arn:aws:sns:eu-central-1:123456789012:cumulog-prod-alarms"

    listed = {
        "list_tables": pages,
        "list_queues": [{"QueueUrls": [queue]}],
        "list_topics": [{"Topics": [{"TopicArn": topic}]}],
    }

    assert found(listed) == ["table cumulog-prod-runs", "table cumulog-prod-x", f"queue {queue}", f"topic {topic}"]


def test_the_bucket_of_another_region_is_not_counted():
    names = [PLACE.bucket, "cumulog-prod-123456789012-us-east-1", "cumulog-code-123456789012-eu-central-1"]

    assert found({"list_buckets": [{"Buckets": [{"Name": name} for name in names]}]}) == [f"bucket {PLACE.bucket}"]


def test_roles_are_counted_by_the_region_of_their_stack():
    roles = {"cumulog-prod-a": HERE, "cumulog-prod-b": ELSEWHERE, "cumulog-prod-c": None, "admin": HERE}
    listed = {"list_roles": [{"Roles": [{"RoleName": name} for name in roles]}]}

    assert found(listed, roles) == ["role cumulog-prod-a", "role cumulog-prod-c"]


def test_what_may_not_be_listed_is_told_and_the_rest_is_found():
    listed = {"list_roles": None, "list_functions": [{"Functions": [{"FunctionName": "cumulog-prod-api"}]}]}

    left = remains.look(FakeAccount(listed), PLACE)

    assert left.unseen == ("role",)
    assert left.found == (Thing("function", "cumulog-prod-api"),)


def test_any_other_error_is_not_swallowed():
    class Throttled(FakePaginator):
        def paginate(self, **_request):
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, self.operation)

    class Busy(FakeAccount):
        def get_paginator(self, operation):
            return Throttled(operation, [])

    with pytest.raises(ClientError, match="Throttling"):
        remains.look(Busy({}), PLACE)
