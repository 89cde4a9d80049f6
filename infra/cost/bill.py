"""A month in dollars, and what MLflow's own server, always on, would cost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.cost.usage import Usage
from infra.cost.workload import Assumed

PATH = Path(__file__).with_name("prices.json")
MILLION = 1e6
THOUSAND = 1e3
TEN_THOUSAND = 1e4

Usd = Mapping[str, float]


@dataclass(frozen=True)
class Prices:
    """List prices in dollars by name, their source, and their date."""

    source: str
    as_of: str
    usd: Usd


@dataclass(frozen=True)
class Line:
    """One line of a bill. If it `grows`, stored data stays and is paid for again in each later month."""

    name: str
    amount: float
    unit: str
    usd: float
    grows: bool = False


def load_prices(path: Path = PATH) -> Prices:
    """The prices in a file."""
    return Prices(**json.loads(path.read_text()))


def bill(used: Usage, deployed: Mapping[str, int], usd: Usd, architecture: str) -> list[Line]:
    """A line for each service. `deployed` counts the things that cost by the month, by the name of their price."""
    stored = usd["dynamodb_gb_month"] + usd["dynamodb_recovery_gb_month"]
    s3_requests = used.units.puts * usd["s3_put_thousand"] + used.units.gets * usd["s3_get_thousand"]
    observed = sum(deployed.values())
    return [
        _line("DynamoDB, writes", used.units.write, "units", usd["dynamodb_write_million"] / MILLION),
        _line("DynamoDB, reads", used.units.read, "units", usd["dynamodb_read_million"] / MILLION),
        Line("DynamoDB, storage with recovery", used.table_gb, "GB", used.table_gb * stored, grows=True),
        _line("API Gateway", used.api_requests, "requests", usd["api_request_million"] / MILLION),
        _line("Lambda, requests", used.invocations, "requests", usd["lambda_request_million"] / MILLION),
        _line("Lambda, time", used.gb_seconds, "GB-s", usd[f"lambda_gb_second_{architecture}"]),
        Line("S3, requests", used.units.puts + used.units.gets, "requests", s3_requests / THOUSAND),
        Line("S3, storage", used.bucket_gb, "GB", used.bucket_gb * usd["s3_gb_month"], grows=True),
        _line("CloudWatch, logs", used.log_gb, "GB", usd["logs_gb"]),
        Line(
            "CloudWatch, alarms, metrics, dashboard",
            observed,
            "",
            sum(usd[name] * count for name, count in deployed.items()),
        ),
        _line("EventBridge", used.events, "events", usd["event_million"] / MILLION),
        Line("CloudFront", used.site_requests, "requests", _site(used, usd)),
        _line("Step Functions", used.steps, "steps", usd["transition_thousand"] / THOUSAND),
    ]


def total(lines: list[Line]) -> float:
    """The sum in dollars."""
    return sum(line.usd for line in lines)


def later(lines: list[Line], month: int) -> float:
    """The sum in month number `month`, if each month is like the first and nothing stored is deleted."""
    return total(lines) + (month - 1) * sum(line.usd for line in lines if line.grows)


def always_on(usd: Usd, assumed: Assumed) -> float:
    """MLflow's server as one small Fargate task (0.5 vCPU, 1 GB) with a db.t4g.micro in one zone, behind a load
    balancer with little traffic, and with the three public addresses that these need. Artifacts are not included."""
    hourly = 0.5 * usd["fargate_vcpu_hour"] + usd["fargate_gb_hour"] + usd["rds_t4g_micro_hour"]
    hourly += usd["alb_hour"] + usd["alb_capacity_hour"] / 10 + 3 * usd["public_ipv4_hour"]
    return hourly * assumed.hours + assumed.database_gb * usd["rds_gb_month"]


def _site(used: Usage, usd: Usd) -> float:
    """Requests over HTTPS, and what goes out to browsers; what comes from AWS to CloudFront is free."""
    requests = used.site_requests * usd["cloudfront_request_ten_thousand"] / TEN_THOUSAND
    return requests + used.site_gb * usd["cloudfront_gb"]


def _line(name: str, amount: float, unit: str, each: float) -> Line:
    return Line(name, amount, unit, amount * each)
