"""Everything in the account that belongs to a stage, found by name, service by service.

CloudFormation's own list ends with the stack; this one also has what outlives the stack, and what was made without it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.aws.account import Account, code_of
from infra.deploy.aws.names import Place


def _is_named_so(_account: Account, place: Place, name: str) -> bool:
    # A topic's name is the end of its ARN.
    return place.owns(name.rpartition(":")[2] if name.startswith("arn:") else name)


def _is_the_bucket(_account: Account, place: Place, name: str) -> bool:
    # Buckets of all regions are listed, and the stage may be deployed in several.
    return name == place.bucket


def _is_the_site_bucket(_account: Account, place: Place, name: str) -> bool:
    return name == place.site_bucket


def _is_of_the_region(_account: Account, place: Place, name: str) -> bool:
    # Things of all regions are listed too, so their names have theirs.
    return name == f"{place.stack}-{place.region}"


def _is_a_role_of_the_region(account: Account, place: Place, name: str) -> bool:
    """Whether a role belongs to the stage in this region. Roles have no region, but the stack that made one has."""
    if not place.owns(name):
        return False
    tags = account.client("iam").list_role_tags(RoleName=name)["Tags"]
    stacks = [str(tag["Value"]) for tag in tags if tag["Key"] == "aws:cloudformation:stack-id"]
    return all(f":{place.region}:" in stack for stack in stacks)


def _is_policy(_account: Account, place: Place, name: str) -> bool:
    # They have no region either.
    return name == f"{place.stack}-batch-submit-{place.region}"


@dataclass(frozen=True)
class Listing:
    """How a service lists its things of a kind: the operation, the answer's field with them, and their name's field.

    A dot leads to a field within a field.
    """

    kind: str
    service: str
    operation: str
    items: str
    # None if the items are the names themselves.
    name: str | None
    request: Callable[[Place], dict[str, Any]] = lambda _place: {}
    is_ours: Callable[[Account, Place, str], bool] = _is_named_so


@dataclass(frozen=True)
class Thing:
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Remains:
    """`unseen` are the kinds that the caller has no permission to list."""

    found: tuple[Thing, ...]
    unseen: tuple[str, ...]


_LISTINGS = (
    Listing("table", "dynamodb", "list_tables", "TableNames", None),
    Listing("bucket", "s3", "list_buckets", "Buckets", "Name", is_ours=_is_the_bucket),
    Listing("function", "lambda", "list_functions", "Functions", "FunctionName"),
    Listing("API", "apigateway", "get_rest_apis", "items", "name"),
    Listing("rule", "events", "list_rules", "Rules", "Name"),
    Listing("state machine", "stepfunctions", "list_state_machines", "stateMachines", "name"),
    Listing("queue", "sqs", "list_queues", "QueueUrls", None),
    Listing("topic", "sns", "list_topics", "Topics", "TopicArn"),
    Listing("role", "iam", "list_roles", "Roles", "RoleName", is_ours=_is_a_role_of_the_region),
    Listing("log group", "logs", "describe_log_groups", "logGroups", "logGroupName"),
    Listing("alarm", "cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    Listing(
        "dashboard", "cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName", is_ours=_is_of_the_region
    ),
    Listing("site bucket", "s3", "list_buckets", "Buckets", "Name", is_ours=_is_the_site_bucket),
    Listing(
        "distribution",
        "cloudfront",
        "list_distributions",
        "DistributionList.Items",
        "Comment",
        is_ours=_is_of_the_region,
    ),
    Listing(
        "budget", "budgets", "describe_budgets", "Budgets", "BudgetName", lambda place: {"AccountId": place.account}
    ),
    Listing(
        "compute environment",
        "batch",
        "describe_compute_environments",
        "computeEnvironments",
        "computeEnvironmentName",
    ),
    Listing("job queue", "batch", "describe_job_queues", "jobQueues", "jobQueueName"),
    Listing(
        "job definition",
        "batch",
        "describe_job_definitions",
        "jobDefinitions",
        "jobDefinitionName",
        lambda _place: {"status": "ACTIVE"},
    ),
    Listing("repository", "ecr", "describe_repositories", "repositories", "repositoryName"),
    Listing("security group", "ec2", "describe_security_groups", "SecurityGroups", "GroupName"),
    Listing("policy", "iam", "list_policies", "Policies", "PolicyName", lambda _place: {"Scope": "Local"}, _is_policy),
    Listing("package", "s3", "list_objects_v2", "Contents", "Key", lambda place: _packages(place), lambda *_: True),
)
_MAY_NOT = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "403"})


def look(account: Account, place: Place) -> Remains:
    """List everything of the stage that exists now."""
    found: list[Thing] = []
    unseen: list[str] = []
    for listing in _LISTINGS:
        try:
            found += (Thing(listing.kind, name) for name in _names(account, place, listing))
        except ClientError as error:
            if code_of(error) in _MAY_NOT:
                unseen.append(listing.kind)
            elif code_of(error) != "NoSuchBucket":
                raise
    return Remains(tuple(found), tuple(unseen))


def look_for(account: Account, place: Place, kind: str) -> list[str]:
    """The names of the things of one kind."""
    return [name for listing in _LISTINGS if listing.kind == kind for name in _names(account, place, listing)]


def _names(account: Account, place: Place, listing: Listing) -> Iterator[str]:
    pages = account.client(listing.service).get_paginator(listing.operation).paginate(**listing.request(place))
    for page in pages:
        for item in _items(page, listing.items):
            name = str(item[listing.name] if listing.name else item)
            if listing.is_ours(account, place, name):
                yield name


def _items(page: dict[str, Any], field: str) -> list[Any]:
    first, _, rest = field.partition(".")
    return _items(page.get(first, {}), rest) if rest else page.get(first, [])


def _packages(place: Place) -> dict[str, Any]:
    return {"Bucket": place.code_bucket, "Prefix": place.code_prefix}
