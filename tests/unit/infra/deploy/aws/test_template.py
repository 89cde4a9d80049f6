"""Which resources of a template hold data, and the template of their import."""

from infra.deploy import package
from infra.deploy.aws import template
from infra.deploy.aws.names import Place

PLACE = Place("prod", "123456789012", "eu-central-1")
VALUES = {"Stage": "prod", "AWS::AccountId": PLACE.account, "AWS::Region": PLACE.region}


def test_what_is_deployed_holds_data_under_the_names_that_destroy_knows():
    found = template.holders(package.template(), VALUES)

    assert sorted(holder.name for holder in found) == sorted([*PLACE.tables, PLACE.bucket])


def test_a_holder_is_imported_by_its_name():
    resource = {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": "Retain",
        "Properties": {"BucketName": {"Fn::Sub": "cumulog-${Stage}-${AWS::AccountId}"}},
    }

    [holder] = template.holders({"Resources": {"Bucket": resource}}, VALUES)

    assert holder.identifier() == {
        "LogicalResourceId": "Bucket",
        "ResourceType": "AWS::S3::Bucket",
        "ResourceIdentifier": {"BucketName": "cumulog-prod-123456789012"},
    }


def test_what_goes_with_the_stack_holds_no_data():
    resources = {
        "Queue": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Retain", "Properties": {}},
        "Scratch": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "scratch"}},
    }

    assert template.holders({"Resources": resources}, VALUES) == []


def test_the_template_of_an_import_refers_to_nothing_outside_it():
    whole = package.template()
    names = [holder.logical_id for holder in template.holders(whole, VALUES)]

    part = template.only(whole, names)

    known = {*names, *whole["Parameters"], *whole.get("Conditions", {})}
    assert set(part) <= {"Parameters", "Conditions", "Mappings", "Resources"}
    assert set(part["Resources"]) == set(names)
    assert {name for name in references(part["Resources"]) if not name.startswith("AWS::")} <= known


def references(node):
    """What Ref, Fn::GetAtt and Fn::Sub name, at any depth."""
    if isinstance(node, list):
        return {name for each in node for name in references(each)}
    if not isinstance(node, dict):
        return set()
    found = {name for each in node.values() for name in references(each)}
    if "Ref" in node:
        found.add(node["Ref"])
    if "Fn::GetAtt" in node:
        found.add(node["Fn::GetAtt"][0])
    return found
