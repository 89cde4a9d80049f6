"""The dashboard behind CloudFront, in the template: which path leads where, what is cached, who may read the bucket."""

import fnmatch
from typing import Any

from app import app
from infra.dashboard import headers
from infra.dashboard.files import INDEX
from tests.unit.infra.deploy.package.this_template import resources as resources
from tests.unit.infra.deploy.package.this_template import template as template

Template = dict[str, Any]

NOT_CACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
# Limits of CloudFront.
BEHAVIORS = 25
POLICY_CHARACTERS = 1783


def distribution(resources: Template) -> Template:
    return dict(resources["SiteDistribution"]["Properties"]["DistributionConfig"])


def test_all_of_it_can_be_left_out(template, resources):
    site = [name for name in resources if name.startswith("Site")]

    assert len(site) == 5
    assert {resources[name]["Condition"] for name in site} == {"HasSite"}
    assert template["Outputs"]["Dashboard"]["Condition"] == "HasSite"
    assert template["Conditions"]["HasSite"] == {"Fn::Equals": [{"Ref": "DashboardSite"}, "on"]}


def test_nothing_else_depends_on_it(resources):
    """A bucket of artifacts that waited for the distribution would wait for the API, which waits for the bucket."""
    others = [name for name, made in resources.items() if not name.startswith("Site") and "{'Ref': 'Site" in str(made)]

    assert {name for name in others if "'SiteOrigin'" not in str(resources[name])} == set()
    assert others == ["Bucket"]


def test_each_route_of_the_app_leads_to_the_api(resources):
    patterns = [each["PathPattern"] for each in distribution(resources)["CacheBehaviors"]]

    paths = {path.replace("{", "").replace("}", "").replace("+", "") for path in app.routes}
    assert [path for path in paths if not any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)] == []
    assert len(patterns) <= BEHAVIORS


def test_no_file_of_the_dashboard_leads_to_the_api(resources):
    patterns = [each["PathPattern"] for each in distribution(resources)["CacheBehaviors"]]

    files = ["/", f"/{INDEX}", f"/{headers.ASSETS}main-1.js", "/icon.svg"]
    assert [file for file in files if any(fnmatch.fnmatchcase(file, pattern) for pattern in patterns)] == []
    assert distribution(resources)["DefaultRootObject"] == INDEX


def test_the_api_gets_every_request_with_its_token_and_nothing_is_kept(resources):
    for each in distribution(resources)["CacheBehaviors"]:
        assert (each["TargetOriginId"], each["CachePolicyId"]) == ("api", NOT_CACHED)
        assert each["OriginRequestPolicyId"] == ALL_BUT_HOST
        assert each["ViewerProtocolPolicy"] == "https-only"
        assert set(each["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}


def test_no_error_of_one_caller_is_kept_for_another(resources):
    """CloudFront keeps errors by the path alone, for ten seconds if nobody says otherwise."""
    kept = {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in distribution(resources)["CustomErrorResponses"]}

    assert set(kept) == {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
    assert set(kept.values()) == {0}


def test_files_have_the_headers_that_they_have_on_ones_own_machine(resources):
    policy = resources["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    known = policy["SecurityHeadersConfig"]
    content = known["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    bucket = "https://cumulog-${Stage}-${AWS::AccountId}-${AWS::Region}.s3"
    origins = (f"{bucket}.${{AWS::Region}}.${{AWS::URLSuffix}}", f"{bucket}.${{AWS::URLSuffix}}")

    sent = {
        "Content-Security-Policy": content,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": known["FrameOptions"]["FrameOption"],
        "Referrer-Policy": known["ReferrerPolicy"]["ReferrerPolicy"],
        **{each["Header"]: each["Value"] for each in policy["CustomHeadersConfig"]["Items"]},
    }

    assert sent == headers.security(origins)
    assert known["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert all(each["Override"] for each in [*known.values(), *policy["CustomHeadersConfig"]["Items"]])
    assert len(content) + 200 < POLICY_CHARACTERS
    behavior = distribution(resources)["DefaultCacheBehavior"]
    assert behavior["ResponseHeadersPolicyId"] == {"Ref": "SiteHeaders"}


def test_the_bucket_is_private_and_only_this_distribution_reads_it(resources):
    bucket = resources["SiteBucket"]["Properties"]
    deny, allow = resources["SiteBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert list(bucket["PublicAccessBlockConfiguration"].values()) == [True] * 4
    assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert (allow["Principal"], allow["Action"]) == ({"Service": "cloudfront.amazonaws.com"}, "s3:GetObject")
    source = allow["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Sub"]
    assert source.endswith(":distribution/${SiteDistribution}")
    [site, _] = distribution(resources)["Origins"]
    assert site["OriginAccessControlId"] == {"Fn::GetAtt": ["SiteAccess", "Id"]}


def test_no_role_of_ours_may_reach_the_bucket(resources):
    roles = {name: made for name, made in resources.items() if made["Type"] == "AWS::IAM::Role"}

    assert len(roles) == 13
    assert [name for name, made in roles.items() if "-site-" in str(made) or "SiteBucket" in str(made)] == []
