"""A stack's things that cost by the month, counted in its template."""

from collections.abc import Iterator, Mapping
from typing import Any

Resource = Mapping[str, Any]


def counts(template: Mapping[str, Any]) -> dict[str, int]:
    """How many there are, by the name of their price. An alarm is billed per metric that it watches."""
    resources = list(template["Resources"].values())
    watched = [metric for alarm in _of_type(resources, "AWS::CloudWatch::Alarm") for metric in _watched(alarm)]
    own = {metric["MetricName"] for metric in watched if not str(metric["Namespace"]).startswith("AWS/")}
    return {
        "alarm_month": len(watched),
        "dashboard_month": len(list(_of_type(resources, "AWS::CloudWatch::Dashboard"))),
        "metric_month": len(own),
    }


def _of_type(resources: list[Resource], kind: str) -> Iterator[Resource]:
    yield from (resource["Properties"] for resource in resources if resource["Type"] == kind)


def _watched(alarm: Resource) -> list[Resource]:
    several = alarm.get("Metrics")
    if several is None:
        return [alarm]
    return [each["MetricStat"]["Metric"] for each in several if "MetricStat" in each]
