"""The headers of the dashboard's files behind CloudFront: those that they have on one's own machine, and HTTPS."""

from typing import Any

from infra.dashboard import headers

Template = dict[str, Any]

# Presigned URLs name the artifacts' bucket in the first of these ways, and in us-east-1 in the second.
_BUCKET = "https://cumulog-${Stage}-${AWS::AccountId}-${AWS::Region}"
_ORIGINS = (f"{_BUCKET}.s3.${{AWS::Region}}.${{AWS::URLSuffix}}", f"{_BUCKET}.s3.${{AWS::URLSuffix}}")
_YEAR_SECONDS = 31_536_000


def fragment() -> Template:
    """The template with the policy that adds the headers."""
    wanted = headers.security(_ORIGINS)
    properties = {
        "Name": {"Fn::Sub": "cumulog-${Stage}-${AWS::Region}"},
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": {
                "ContentSecurityPolicy": {"Fn::Sub": wanted.pop("Content-Security-Policy")},
                "Override": True,
            },
            "ContentTypeOptions": _nosniff(wanted.pop("X-Content-Type-Options")),
            "FrameOptions": {"FrameOption": wanted.pop("X-Frame-Options"), "Override": True},
            "ReferrerPolicy": {"ReferrerPolicy": wanted.pop("Referrer-Policy"), "Override": True},
            "StrictTransportSecurity": {"AccessControlMaxAgeSec": _YEAR_SECONDS, "Override": True},
        },
        # CloudFront has no words of its own for these.
        "CustomHeadersConfig": {
            "Items": [{"Header": name, "Value": value, "Override": True} for name, value in wanted.items()]
        },
    }
    policy = {
        "Type": "AWS::CloudFront::ResponseHeadersPolicy",
        "Condition": "HasSite",
        "Properties": {"ResponseHeadersPolicyConfig": properties},
    }
    return {"Resources": {"SiteHeaders": policy}}


def _nosniff(value: str) -> Template:
    """CloudFront knows of no other value."""
    if value != "nosniff":
        raise ValueError(f"CloudFront cannot send X-Content-Type-Options: {value}")
    return {"Override": True}
