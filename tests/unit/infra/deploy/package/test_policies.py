"""What each function may do: read from the template, and held against what nobody may."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.deploy import package
from infra.deploy.package import functions
from tests import iam
from tests.iam import FILLED, Need

Template = dict[str, Any]

# AWS's limit of what the inline policies of a role have together.
POLICY_CHARACTERS = 10_240

CHALICE_NAMES = {"APIHandler": "api_handler", "TokenAuthorizer": "token_authorizer"}

HERE = f"{FILLED['AWS::Region']}:{FILLED['AWS::AccountId']}"
RUNS = f"arn:aws:dynamodb:{HERE}:table/cumulog-test-runs"
LEDGER = f"arn:aws:dynamodb:{HERE}:table/cumulog-test-ledger"
BUCKET = f"arn:aws:s3:::cumulog-test-{FILLED['AWS::AccountId']}-{FILLED['AWS::Region']}"

# Resources that have an asterisk, and why.
ASTERISKS = {
    f"{BUCKET}/*/artifacts/*": "the files of runs and logged models, which have their ids and any name",
    f"{BUCKET}/_cumulog/values/*": "values too long for an item, named by their digest",
    f"arn:aws:states:{HERE}:execution:cumulog-test-transition:*": "executions are named after requests",
    **{
        f"arn:aws:logs:{HERE}:log-group:/aws/lambda/cumulog-test-{name}:*": "the streams of a log group of its own"
        for name in ("api", "token-authorizer", "sweep", "catalogue")
    },
    **{
        f"arn:aws:logs:{HERE}:log-group:/aws/lambda/cumulog-test-transition-{name}:*": "the same"
        for name in ("validate", "wait-for-decision", "apply", "announce", "reject", "expire", "fail")
    },
    f"arn:aws:logs:{HERE}:log-group:/aws/batch/cumulog-test:*": "the same, of jobs",
    "*": "signing in to repositories of images has no resource",
}

# Actions that AWS allows on all resources or on none, of Step Functions' delivery of logs.
WITHOUT_RESOURCE = {
    *("logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:GetLogDelivery", "logs:ListLogDeliveries"),
    *("logs:UpdateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"),
}

# Nothing of this is for any function.
FORBIDDEN = [
    *(Need(f"dynamodb:{action}", table) for table in (RUNS, LEDGER) for action in ("DeleteTable", "UpdateTable")),
    *(
        Need(f"dynamodb:{action}", LEDGER)
        for action in ("Scan", "BatchWriteItem", "PartiQLSelect", "ExportTableToPointInTime")
    ),
    Need("dynamodb:UpdateContinuousBackups", LEDGER),
    *(Need(f"dynamodb:{action}", LEDGER, ("AUDIT#m",)) for action in ("UpdateItem", "DeleteItem", "PutItem")),
    *(
        Need(f"dynamodb:{action}", LEDGER, ("AUDIT#m",), "TransactWriteItems")
        for action in ("UpdateItem", "DeleteItem")
    ),
    Need("dynamodb:PutItem", LEDGER, ("AUDIT#m",), "BatchWriteItem"),
    *(Need(f"s3:{action}", BUCKET) for action in ("DeleteBucket", "PutBucketPolicy", "PutLifecycleConfiguration")),
    *(Need(f"s3:{action}", f"{BUCKET}/1/r/artifacts/f") for action in ("DeleteObjectVersion", "PutObjectAcl")),
    Need("s3:DeleteObject", f"{BUCKET}/_cumulog/values/d"),
    Need("s3:GetObject", "arn:aws:s3:::somebody-elses/1/r/artifacts/f"),
    *(
        Need(f"iam:{action}", "arn:aws:iam::123456789012:role/r")
        for action in ("PassRole", "PutRolePolicy", "CreateUser")
    ),
    Need("lambda:UpdateFunctionCode", f"arn:aws:lambda:{HERE}:function:cumulog-test-api"),
    Need("logs:DeleteLogGroup", f"arn:aws:logs:{HERE}:log-group:/aws/lambda/cumulog-test-api:*"),
    Need("sts:AssumeRole", "arn:aws:iam::123456789012:role/r"),
]

NAMES = sorted(path.stem for path in iam.POLICIES.glob("*.json"))


@pytest.fixture(scope="module")
def template() -> Template:
    return package.template()


def chalice_name(logical_id: str) -> str:
    return CHALICE_NAMES.get(logical_id, functions.function_name(logical_id).replace("-", "_"))


def statements(resources: Template) -> Iterator[tuple[str, Template]]:
    """Every statement of every role of the template that allows something."""
    for name, made in resources.items():
        if made["Type"] == "AWS::IAM::Role":
            for each in made["Properties"]["Policies"]:
                found = each["PolicyDocument"]["Statement"]
                yield from ((name, statement) for statement in found if statement["Effect"] == "Allow")


def test_each_function_has_the_policy_of_its_name(template):
    resources = template["Resources"]
    for logical_id, made in functions.named(template):
        role = resources[made["Properties"]["Role"]["Fn::GetAtt"][0]]["Properties"]

        (policy,) = role["Policies"]
        assert policy["PolicyDocument"] == iam.policy(chalice_name(logical_id))
        assert "ManagedPolicyArns" not in role


def test_no_policy_is_left_over(template):
    assert {chalice_name(logical_id) for logical_id, _ in functions.named(template)} == set(NAMES)


def test_no_action_has_an_asterisk(template):
    actions = {action for _, each in statements(template["Resources"]) for action in iam.listed(each["Action"])}

    assert [action for action in actions if "*" in action or "?" in action] == []


def test_a_resource_has_an_asterisk_only_with_a_reason(template):
    found = set()
    for name, each in statements(template["Resources"]):
        if name == "TransitionMachineRole":
            continue
        found |= {resource for resource in map(iam.filled, iam.listed(each["Resource"])) if "*" in resource}

    assert found == set(ASTERISKS)


def test_the_machine_may_call_its_tasks_and_write_its_log(template):
    found = {each["Sid"]: each for name, each in statements(template["Resources"]) if name == "TransitionMachineRole"}

    called = {resource["Fn::GetAtt"][0] for resource in found["Tasks"]["Resource"]}
    assert called == {name for name, _ in functions.named(template) if name.startswith("Transition")}
    assert set(found) == {"Tasks", "LogDelivery"}
    assert found["Tasks"]["Action"] == ["lambda:InvokeFunction"]
    assert set(found["LogDelivery"]["Action"]) <= WITHOUT_RESOURCE


def test_no_statement_allows_by_exception(template):
    unusual = {"NotAction", "NotResource", "NotPrincipal"}

    assert [name for name, each in statements(template["Resources"]) if unusual & each.keys()] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_fits_into_its_role(name):
    assert len(json.dumps(iam.policy(name), separators=(",", ":"))) <= POLICY_CHARACTERS


@pytest.mark.parametrize("name", NAMES)
def test_no_function_may_do_what_none_needs(name):
    document = iam.policy(name)

    assert [need for need in FORBIDDEN if iam.allows(document, need)] == []


def test_a_link_of_the_audit_chain_is_put_in_a_transaction():
    put = Need("dynamodb:PutItem", LEDGER, ("AUDIT#m",), "TransactWriteItems")

    may = {name for name in NAMES if iam.allows(iam.policy(name), put)}

    tasks = {f"transition_{task}" for task in ("validate", "apply", "reject", "expire", "fail")}
    assert may == {"api_handler", "sweep", *tasks}


@pytest.mark.parametrize("name", NAMES)
def test_only_the_repair_of_an_index_walks_a_table(name):
    assert iam.allows(iam.policy(name), Need("dynamodb:Scan", RUNS)) == (name == "api_handler")


@pytest.mark.parametrize("name", NAMES)
def test_only_the_api_deletes_files(name):
    need = Need("s3:DeleteObject", f"{BUCKET}/1/r/artifacts/f")

    assert iam.allows(iam.policy(name), need) == (name == "api_handler")


def test_the_authorizer_reads_tokens_and_nothing_else():
    document = iam.policy("token_authorizer")

    assert iam.allows(document, Need("dynamodb:GetItem", LEDGER, ("TOKEN#t",)))
    assert not iam.allows(document, Need("dynamodb:GetItem", LEDGER, ("SECRET#page_token",)))
    assert not iam.allows(document, Need("dynamodb:PutItem", LEDGER, ("TOKEN#t",)))
    assert not iam.allows(document, Need("dynamodb:GetItem", RUNS, ("RUN#r",)))


def test_the_catalogue_touches_no_run():
    document = iam.policy("catalogue")

    assert iam.allows(document, Need("dynamodb:PutItem", RUNS, ("CATALOGUE#ENTRY",)))
    assert not iam.allows(document, Need("dynamodb:PutItem", RUNS, ("RUN#r",)))
    assert not iam.allows(document, Need("dynamodb:BatchWriteItem", RUNS, ("CATALOGUE#ENTRY", "RUN#r")))
