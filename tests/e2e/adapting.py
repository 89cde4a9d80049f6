"""Where ministack 1.5.33 falls short of AWS, and the least that makes up for it.

infra/docs/deploying.md names these as unverified.
"""

import json
from pathlib import Path
from typing import Any


def adapt(package: Path) -> None:
    """Change what ministack takes otherwise in a package's template.

    It cannot make alarms on sums of metrics, and reads which types are bytes from the resource, not the definition. Of
    any change of a bucket it says that it may replace the bucket, also of one of its rule for web pages.
    """
    file = package / "template.json"
    template: dict[str, Any] = json.loads(file.read_bytes())
    kept = {name: each for name, each in template["Resources"].items() if not _computes(each)}
    api = kept["RestAPI"]["Properties"]
    api["BinaryMediaTypes"] = api["DefinitionBody"]["x-amazon-apigateway-binary-media-types"]
    del kept["Bucket"]["Properties"]["CorsConfiguration"]
    file.write_text(json.dumps({**template, "Resources": kept}))


def import_gateway_responses(apigateway: Any, api_id: str, api_stage: str, package: Path) -> None:
    """Give a deployed API the gateway's own answers: ministack does not read them from the API's definition."""
    template = json.loads((package / "template.json").read_bytes())
    body = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    for kind, response in body["x-amazon-apigateway-gateway-responses"].items():
        # What depends on a condition is for a dashboard, which is not deployed here.
        plain = {name: value for name, value in response["responseParameters"].items() if isinstance(value, str)}
        apigateway.put_gateway_response(
            restApiId=api_id,
            responseType=kind,
            **{**_status(response), "responseParameters": plain},
            responseTemplates=response["responseTemplates"],
        )
    apigateway.create_deployment(restApiId=api_id, stageName=api_stage)


def _status(response: dict[str, Any]) -> dict[str, str]:
    # Those for whole classes of errors keep the status of each.
    return {"statusCode": response["statusCode"]} if "statusCode" in response else {}


def _computes(resource: dict[str, Any]) -> bool:
    return resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]
