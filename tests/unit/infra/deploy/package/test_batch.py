"""Where jobs run, in the template: it can be left out, starts with few rights, and keeps the token out of sight."""

from typing import Any

from tests.unit.infra.deploy.package.this_template import resources as resources
from tests.unit.infra.deploy.package.this_template import template as template

Template = dict[str, Any]


def properties(resources: Template, name: str) -> Template:
    return dict(resources[name]["Properties"])


def test_all_of_it_is_left_out_unless_it_is_asked_for(template, resources):
    ours = {name: made for name, made in resources.items() if name.startswith("Batch")}

    assert len(ours) == 11
    assert {made["Condition"] for name, made in ours.items() if name != "BatchToken"} == {"HasBatch"}
    assert template["Conditions"]["HasBatch"] == {"Fn::Equals": [{"Ref": "Batch"}, "on"]}
    assert template["Parameters"]["Batch"]["Default"] == "off"
    outputs = {name: made for name, made in template["Outputs"].items() if name.startswith("Batch")}
    assert {made["Condition"] for made in outputs.values()} == {"HasBatch"}


def test_nothing_else_depends_on_it(resources):
    others = {name: made for name, made in resources.items() if not name.startswith("Batch")}

    assert [name for name, made in others.items() if "'Batch" in str(made)] == []


def test_jobs_run_on_fargate_alone_so_that_waiting_costs_nothing(resources):
    places = [properties(resources, name) for name in ("BatchSpot", "BatchOnDemand")]

    assert [each["ComputeResources"]["Type"] for each in places] == ["FARGATE_SPOT", "FARGATE"]
    assert [each["ComputeResources"]["MaxvCpus"] for each in places] == [{"Ref": "BatchVcpus"}] * 2
    for queue, place in (("BatchSpotQueue", "BatchSpot"), ("BatchOnDemandQueue", "BatchOnDemand")):
        order = properties(resources, queue)["ComputeEnvironmentOrder"]
        assert [each["ComputeEnvironment"] for each in order] == [{"Ref": place}]


def test_a_job_has_no_role_and_its_token_from_the_secret(template, resources):
    container = properties(resources, "BatchJobs")["ContainerProperties"]

    assert "JobRoleArn" not in container
    assert "Environment" not in container
    token = [{"Name": "MLFLOW_TRACKING_TOKEN", "ValueFrom": {"Ref": "BatchSecret"}}]
    assert container["Secrets"] == {"Fn::If": ["HasBatchSecret", token, {"Ref": "AWS::NoValue"}]}


def test_who_starts_jobs_reads_one_secret_and_one_repository(resources):
    (policy,) = properties(resources, "BatchExecutionRole")["Policies"]
    allowed = {each["Sid"]: each for each in policy["PolicyDocument"]["Statement"]}
    (token,) = properties(resources, "BatchToken")["PolicyDocument"]["Statement"]

    assert set(allowed) == {"WriteTheLog", "SignInToRepositories", "FetchTheImage"}
    assert allowed["FetchTheImage"]["Resource"]["Fn::Sub"].endswith(":repository/cumulog-${Stage}")
    assert (token["Action"], token["Resource"]) == ("secretsmanager:GetSecretValue", {"Ref": "BatchSecret"})


def test_nobody_can_call_a_job(resources):
    assert "SecurityGroupIngress" not in properties(resources, "BatchSecurityGroup")


def test_the_log_of_jobs_ends_as_all_others_do(resources):
    log = properties(resources, "BatchLog")
    options = properties(resources, "BatchJobs")["ContainerProperties"]["LogConfiguration"]["Options"]

    assert log["RetentionInDays"] == {"Ref": "LogDays"}
    assert options["awslogs-group"] == {"Ref": "BatchLog"}


def test_submitting_allows_this_stages_queues_and_definition_alone(resources):
    submit, *_ = properties(resources, "BatchSubmitters")["PolicyDocument"]["Statement"]

    assert submit["Action"] == "batch:SubmitJob"
    assert [each["Fn::Sub"].rpartition(":${AWS::AccountId}:")[2] for each in submit["Resource"]] == [
        "job-definition/cumulog-${Stage}",
        "job-definition/cumulog-${Stage}:*",
        "job-queue/cumulog-${Stage}-*",
    ]
