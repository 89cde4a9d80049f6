"""Where jobs of AWS Batch run: the subnets that were named, or those of the default VPC; and the VPC of these."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.aws.errors import Failed, Refused
from infra.deploy.site import Site

SUBNETS, VPC = "BatchSubnets", "BatchVpc"
_OWN = {"Filters": [{"Name": "default-for-az", "Values": ["true"]}]}


def found(site: Site, template: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    """The parameters that say where jobs run; none if there are no jobs. `known` has what is given by now.

    Raises Refused for subnets that are not there, and Failed if no default VPC has any.
    """
    if VPC not in template.get("Parameters", {}) or known.get("Batch", "off") != "on":
        return {}
    named = [each for each in known.get(SUBNETS, "").split(",") if each]
    subnets = _subnets(site, {"SubnetIds": named} if named else _OWN)
    if not subnets:
        raise Failed("BATCH=on needs subnets, and the default VPC has none in this region: name some by BATCH_SUBNETS.")
    vpcs = sorted({each["VpcId"] for each in subnets})
    if len(vpcs) > 1:
        raise Refused(f"BATCH_SUBNETS are in several VPCs: {', '.join(vpcs)}. Jobs run in one.")
    return {SUBNETS: ",".join(named or sorted(each["SubnetId"] for each in subnets)), VPC: vpcs[0]}


def _subnets(site: Site, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    listing = site.account.client("ec2").get_paginator("describe_subnets")
    try:
        pages = listing.paginate(**wanted)
        return [each for page in pages for each in page["Subnets"]]
    except ClientError as error:
        raise Refused(f"The subnets of jobs cannot be read: {error}") from error
