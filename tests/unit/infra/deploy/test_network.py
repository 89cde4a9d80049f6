"""Where jobs run: which subnets and which VPC a deployment gets."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deploy import network
from infra.deploy.aws.account import Account
from infra.deploy.aws.errors import Failed, Refused
from infra.deploy.aws.names import Place
from infra.deploy.console import Console
from infra.deploy.site import Site

TEMPLATE = {"Parameters": {"BatchVpc": {}}}


class FakeEc2:
    """Subnets by id, each with its VPC; those of `vpc-0` are the default ones."""

    def __init__(self, subnets: dict[str, str]) -> None:
        self.subnets = subnets

    def get_paginator(self, operation: str) -> "FakeEc2":
        assert operation == "describe_subnets"
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        names = asked.get("SubnetIds") or [name for name, vpc in self.subnets.items() if vpc == "vpc-0"]
        if missing := [name for name in names if name not in self.subnets]:
            raise ClientError({"Error": {"Code": "InvalidSubnetID.NotFound", "Message": str(missing)}}, "")
        return [{"Subnets": [{"SubnetId": name, "VpcId": self.subnets[name]}]} for name in names]


def found(known: dict[str, str], subnets: dict[str, str], template: dict[str, Any] | None = None) -> dict[str, str]:
    place = Place("prod", "123456789012", "eu-central-1")
    account = Account(place.account, place.region, None, None)
    account.__dict__["_clients"] = {"ec2": FakeEc2(subnets)}
    return network.found(Site(account, place, Console()), TEMPLATE if template is None else template, known)


HERE = {"subnet-2": "vpc-0", "subnet-1": "vpc-0", "subnet-3": "vpc-1"}


def test_jobs_run_in_the_default_vpc_unless_subnets_are_named():
    assert found({"Batch": "on"}, HERE) == {"BatchSubnets": "subnet-1,subnet-2", "BatchVpc": "vpc-0"}
    named = {"Batch": "on", "BatchSubnets": "subnet-3"}
    assert found(named, HERE) == {"BatchSubnets": "subnet-3", "BatchVpc": "vpc-1"}


def test_without_jobs_nothing_is_asked():
    assert found({}, {}) == found({"Batch": "off"}, {}) == found({"Batch": "on"}, {}, {}) == {}


def test_an_account_without_a_default_vpc_is_told_what_to_give():
    with pytest.raises(Failed, match="BATCH_SUBNETS"):
        found({"Batch": "on"}, {"subnet-3": "vpc-1"})


def test_subnets_of_two_vpcs_are_refused():
    with pytest.raises(Refused, match="vpc-0, vpc-1"):
        found({"Batch": "on", "BatchSubnets": "subnet-1,subnet-3"}, HERE)


def test_subnets_that_are_not_there_are_refused():
    with pytest.raises(Refused, match="subnet-9"):
        found({"Batch": "on", "BatchSubnets": "subnet-9"}, HERE)
