"""A package as small as a deployment allows: tables, a bucket and a queue, without any code to run."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Template = dict[str, Any]


def template() -> Template:
    return {
        "Parameters": {
            **{name: {"Type": "String"} for name in ("Stage", "CodeBucket", "CodeKey")},
            "LogDays": {"Type": "Number", "Default": 30, "AllowedValues": [7, 30]},
        },
        "Resources": {
            "RunsTable": _table("runs"),
            "LedgerTable": _table("ledger"),
            "Bucket": {**_kept("Bucket", "${AWS::AccountId}-${AWS::Region}"), "Type": "AWS::S3::Bucket"},
            "Queue": {
                "Type": "AWS::SQS::Queue",
                "Properties": {"QueueName": _name("letters"), "MessageRetentionPeriod": _seconds("LogDays")},
            },
        },
        "Outputs": {
            "Url": {"Value": "https://none.execute-api.us-east-1.amazonaws.com/api/"},
            "Days": {"Value": {"Ref": "LogDays"}},
        },
    }


def with_site(address: str = "https://d1.cloudfront.net") -> Template:
    """One with a bucket for the dashboard, which can be left out, and an address as if something served it."""
    made = template()
    made["Parameters"] |= {
        "DashboardSite": {"Type": "String", "Default": "on", "AllowedValues": ["on", "off"]},
        "SiteOrigin": {"Type": "String", "Default": ""},
    }
    made["Conditions"] = {"HasSite": {"Fn::Equals": [{"Ref": "DashboardSite"}, "on"]}}
    name = _name("site-${AWS::AccountId}-${AWS::Region}")
    made["Resources"]["SiteBucket"] = {
        "Type": "AWS::S3::Bucket",
        "Condition": "HasSite",
        "Properties": {"BucketName": name},
    }
    # A change that shows in outputs alone is none to ministack.
    made["Resources"]["Queue"]["Properties"]["Tags"] = [{"Key": "told", "Value": {"Ref": "SiteOrigin"}}]
    made["Outputs"] |= {
        "Dashboard": {"Condition": "HasSite", "Value": address},
        "Told": {"Value": {"Fn::Sub": "<${SiteOrigin}>"}},
    }
    return made


def with_jobs() -> Template:
    """One that tells where its jobs would run."""
    made = template()
    made["Parameters"] |= {name: {"Type": "String", "Default": ""} for name in ("Batch", "BatchSubnets", "BatchVpc")}
    told = {"Fn::Sub": "${BatchVpc} ${BatchSubnets}"}
    # A change that shows in outputs alone is none to ministack.
    made["Resources"]["Queue"]["Properties"]["Tags"] = [{"Key": "jobs", "Value": told}]
    made["Outputs"]["Jobs"] = {"Value": told}
    return made


def failing() -> Template:
    """One whose last resource cannot be made."""
    made = template()
    made["Resources"]["Impossible"] = {
        "Type": "AWS::CloudWatch::Alarm",
        "DependsOn": ["RunsTable", "LedgerTable", "Bucket", "Queue"],
        # ministack has no metric math.
        "Properties": {"Metrics": [], "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold"},
    }
    return made


def write(folder: Path, template: Template, site: Mapping[str, str] | None = None) -> Path:
    """The folder, as `make package` would have left it."""
    folder.mkdir(exist_ok=True)
    (folder / "template.json").write_text(json.dumps(template))
    with zipfile.ZipFile(folder / "cumulog.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("app.py"), "")
    for name, text in (site or {}).items():
        place = folder / "site" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder


def _table(name: str) -> Template:
    attributes = [{"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk")]
    keys = [{"AttributeName": each, "KeyType": kind} for each, kind in (("pk", "HASH"), ("sk", "RANGE"))]
    table = _kept("Table", name)
    table["Properties"] |= {
        "BillingMode": "PAY_PER_REQUEST",
        "DeletionProtectionEnabled": True,
        "AttributeDefinitions": attributes,
        "KeySchema": keys,
    }
    return {**table, "Type": "AWS::DynamoDB::Table"}


def _kept(kind: str, name: str) -> Template:
    return {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": {f"{kind}Name": _name(name)}}


def _name(end: str) -> Template:
    return {"Fn::Sub": "cumulog-${Stage}-" + end}


def _seconds(parameter: str) -> Template:
    # CloudFormation does not multiply; the digits of an hour's and more seconds behind the number of days do.
    return {"Fn::Sub": "${" + parameter + "}00"}
