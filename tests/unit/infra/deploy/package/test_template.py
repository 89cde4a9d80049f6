"""The template as `make package` writes it: what CloudFormation is told, beyond what the policies say."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib import errors
from chalicelib.artifacts import limits
from chalicelib.storage import bucket, presigned
from chalicelib.sweeper import measuring
from infra.deploy import package
from infra.deploy.package import functions, gateway, merging
from tests.unit.infra.deploy.package.this_template import resources as resources
from tests.unit.infra.deploy.package.this_template import template as template

ROOT = Path(__file__).resolve().parents[5]
Template = dict[str, Any]

# Limits of AWS.
RESOURCES = 500
TEMPLATE_BYTES = 1_000_000
ENVIRONMENT_BYTES = 4096
DASHBOARD_METRICS = 50
# Resources of the API that we keep free.
LEFT = 120


def of_type(resources: Template, kind: str) -> dict[str, Template]:
    return {name: made["Properties"] for name, made in resources.items() if made["Type"] == kind}


def test_fragments_that_differ_are_refused():
    one, other = {"Resources": {"A": {"Type": "T"}}}, {"Resources": {"A": {"Type": "U"}}}

    with pytest.raises(ValueError, match="/Resources/A/Type"):
        merging.merged([one, other])


def test_fragments_add_up():
    merged = merging.merged([{"A": {"b": 1, "c": [1]}}, {"A": {"d": 2, "c": [1]}}, {"E": 3}])

    assert merged == {"A": {"b": 1, "c": [1], "d": 2}, "E": 3}


@pytest.mark.parametrize("name", ["RunsTable", "LedgerTable"])
def test_tables_are_protected_and_recoverable(resources, name):
    table = resources[name]

    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert table["Properties"]["DeletionProtectionEnabled"]
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
    assert "TimeToLiveSpecification" not in table["Properties"]


def test_artifacts_are_private_kept_and_told_of(resources):
    bucket = resources["Bucket"]

    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("Retain", "Retain")
    properties = bucket["Properties"]
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert properties["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert properties["NotificationConfiguration"]["EventBridgeConfiguration"]["EventBridgeEnabled"]


def test_forgotten_uploads_end_when_the_sweeper_would_end_them(resources):
    rules = resources["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]

    days = [each["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] for each in rules if "Abort" in str(each)]
    assert [day * 86_400_000 for day in days] == [limits.FORGOTTEN_MS]


def test_the_bucket_takes_what_we_sign_and_nothing_older(resources):
    statements = resources["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    ages = [each["Condition"].get("NumericGreaterThan") for each in statements]

    assert ages == [None, {"s3:signatureAge": presigned.UPLOAD_SECONDS * 1000}]
    assert presigned.DOWNLOAD_SECONDS <= presigned.UPLOAD_SECONDS
    assert statements[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert {each["Effect"] for each in statements} == {"Deny"}


def test_each_function_has_a_role_and_a_log_of_its_own(template, resources):
    found = dict(functions.named(template))

    roles = [made["Properties"]["Role"]["Fn::GetAtt"][0] for made in found.values()]
    logs = [made["Properties"]["LoggingConfig"]["LogGroup"]["Ref"] for made in found.values()]
    assert len(set(roles)) == len(set(logs)) == len(found) == 11
    for name, log in zip(found, logs, strict=True):
        group = resources[log]["Properties"]
        assert group["RetentionInDays"] == {"Ref": "LogDays"}
        assert group["LogGroupName"] == {"Fn::Sub": f"/aws/lambda/cumulog-${{Stage}}-{functions.function_name(name)}"}


def test_all_functions_run_the_same_code_on_the_same_runtime(template):
    found = [made["Properties"] for _, made in functions.named(template)]

    assert {made["Runtime"] for made in found} == {package.DEPLOYED.runtime}
    assert {tuple(made["Architectures"]) for made in found} == {(package.DEPLOYED.architecture,)}
    assert all(made["CodeUri"] == {"Bucket": {"Ref": "CodeBucket"}, "Key": {"Ref": "CodeKey"}} for made in found)


def test_a_function_is_named_after_its_task(template):
    names = {functions.function_name(name) for name, _ in functions.named(template)}

    tasks = {"validate", "wait-for-decision", "apply", "announce", "reject", "expire", "fail"}
    assert names == {"api", "token-authorizer", "sweep", "catalogue", *(f"transition-{task}" for task in tasks)}


def test_functions_are_given_settings_that_exist(template):
    known = set(re.findall(r"CUMULOG_\w+", (ROOT / "chalicelib" / "config.py").read_text()))
    for _, made in functions.named(template):
        variables = made["Properties"]["Environment"]["Variables"]

        assert {name for name in variables if name.startswith("CUMULOG_")} <= known
        # What is filled in has at most 200 characters.
        assert sum(len(name) + 200 for name in variables) <= ENVIRONMENT_BYTES


def test_no_function_trusts_a_header_or_is_open(template):
    variables = {
        name for _, made in functions.named(template) for name in made["Properties"]["Environment"]["Variables"]
    }

    assert variables & {"CUMULOG_ACCESS", "CUMULOG_TRUST_USER_HEADER", "CUMULOG_SHOW_CAPACITY"} == set()


def test_only_our_buckets_models_wake_the_catalogue(resources):
    (event,) = resources["Catalogue"]["Properties"]["Events"].values()

    detail = event["Properties"]["Pattern"]["detail"]
    assert detail["bucket"] == {"name": [{"Ref": "Bucket"}]}
    assert detail["object"] == {"key": [{"suffix": "MLmodel"}]}
    assert event["Properties"]["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["CatalogueDeadLetters", "Arn"]}}


def test_the_sweeper_comes_every_minute(resources):
    (event,) = resources["Sweep"]["Properties"]["Events"].values()

    assert event["Properties"] == {"Schedule": "rate(1 minute)"}


def test_the_machine_is_the_file_that_is_tested(resources):
    text = (ROOT / "infra" / "deploy" / "statemachines" / "transition.asl.json").read_text()
    machine = resources["TransitionMachine"]["Properties"]

    assert machine["Definition"] == json.loads(text)
    wanted = set(re.findall(r"\$\{(\w+)\}", text))
    assert {name: arn["Fn::GetAtt"] for name, arn in machine["DefinitionSubstitutions"].items()} == {
        name: [f"Transition{name.removesuffix('Function')}", "Arn"] for name in wanted
    }


def test_the_alarm_watches_what_the_sweeper_publishes(template, resources, monkeypatch, capsys):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "sweep")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "cumulog-test")

    measuring.publish(61.5)

    told = json.loads(capsys.readouterr().out)
    (metrics,) = told["_aws"]["CloudWatchMetrics"]
    alarm = resources["OldestUnsealedRun"]["Properties"]
    assert told[alarm["MetricName"]] == [61.5]
    assert metrics["Namespace"] == alarm["Namespace"]["Fn::Sub"].replace("${Stage}", "test")
    # Each value of a dimension would be a metric of its own, and paid for.
    assert [metrics["Dimensions"], "Dimensions" in alarm] == [[[]], False]
    assert alarm["TreatMissingData"] == "breaching"


def test_outside_of_a_lambda_nothing_is_published(monkeypatch, capsys):
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME", raising=False)

    measuring.publish(61.5)

    assert capsys.readouterr().out == ""


def test_every_alarm_tells_whoever_gave_an_address(resources):
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")

    told = [{"Fn::If": ["HasEmail", {"Ref": "Alarms"}, {"Ref": "AWS::NoValue"}]}]
    assert {name: made["AlarmActions"] for name, made in alarms.items()} == dict.fromkeys(alarms, told)


def test_the_dashboard_is_json_and_free(resources):
    text = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]

    metrics = [metric for widget in json.loads(text)["widgets"] for metric in widget["properties"]["metrics"]]
    assert 0 < len(metrics) <= DASHBOARD_METRICS
    named = set(re.findall(r"\$\{(\w+)", text)) - {"AWS", "Stage"}
    assert named <= resources.keys()


def test_whatever_can_have_a_name_begins_with_ours(resources):
    kinds = ("FunctionName", "TableName", "QueueName", "AlarmName", "DashboardName", "StateMachineName", "TopicName")
    names = [
        made["Properties"][kind]["Fn::Sub"]
        for made in resources.values()
        for kind in kinds
        # A permission names its function by reference.
        if "Fn::Sub" in made["Properties"].get(kind, ())
    ]

    assert len(names) == 11 + 2 + 2 + 7 + 1 + 1 + 1
    assert [name for name in names if not name.startswith("cumulog-${Stage}")] == []


def test_a_firewall_holds_back_each_address_and_each_token_where_one_is_wanted(resources):
    firewall, association = resources["Firewall"], resources["FirewallOfApi"]
    rules = firewall["Properties"]["Rules"]

    assert firewall["Condition"] == association["Condition"] == "HasFirewall"
    counted = [rule["Statement"]["RateBasedStatement"] for rule in rules]
    assert [each["AggregateKeyType"] for each in counted] == ["IP", "CUSTOM_KEYS"]
    assert [each["Limit"] for each in counted] == [{"Ref": "RequestsPerClient"}] * 2
    assert counted[1]["CustomKeys"][0]["Header"]["Name"] == "authorization"
    answers = [rule["Action"]["Block"]["CustomResponse"] for rule in rules]
    assert {answer["ResponseCode"] for answer in answers} == {errors.RequestLimitExceeded.status}
    told = json.loads(firewall["Properties"]["CustomResponseBodies"]["TooMany"]["Content"])
    assert (told["error_code"], list(told)) == (errors.RequestLimitExceeded.error_code, ["error_code", "message"])


def test_the_template_stays_within_the_limits(template, resources):
    length = len(json.dumps(template))
    # SAM makes two or three of some.
    made = 2 * len(resources)
    print(f"{len(resources)} resources of the template, {length} bytes")

    assert made <= RESOURCES
    assert length <= TEMPLATE_BYTES


def test_the_api_has_room_for_more_resources(template):
    assert gateway.resources_left(template) >= LEFT


def test_each_step_of_a_path_is_a_resource():
    paths = dict.fromkeys(["/a/b", "/a/c/{proxy+}", "/{proxy+}"])
    template = {"Resources": {"RestAPI": {"Properties": {"DefinitionBody": {"paths": paths}}}}}

    assert gateway.MOST_RESOURCES - gateway.resources_left(template) == len(["/", "/a", "/a/b", "/a/c", "/a/c/*", "/*"])


@pytest.mark.slow
def test_cfn_lint_finds_nothing(template, tmp_path):
    path = tmp_path / "template.json"
    path.write_text(json.dumps(template))

    found = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), "--regions", "us-east-1", "--", path],
        capture_output=True,
        text=True,
    )

    assert (found.returncode, found.stdout) == (0, "")


def test_web_pages_may_do_with_files_what_they_may_under_the_local_stack(resources: Template) -> None:
    [rule] = resources["Bucket"]["Properties"]["CorsConfiguration"]["Fn::If"][1]["CorsRules"]

    nothing = {"Ref": "AWS::NoValue"}
    assert rule == {
        "AllowedOrigins": [
            {"Fn::If": ["HasDashboard", {"Ref": "DashboardOrigin"}, nothing]},
            {"Fn::If": ["HasSiteOrigin", {"Ref": "SiteOrigin"}, nothing]},
        ],
        "AllowedMethods": bucket.PAGE_RULE["AllowedMethods"],
        "AllowedHeaders": bucket.PAGE_RULE["AllowedHeaders"],
        "ExposedHeaders": bucket.PAGE_RULE["ExposeHeaders"],
        "MaxAge": bucket.PAGE_RULE["MaxAgeSeconds"],
    }
