"""That the bill is what the units, the workload and the prices come to, and that infra/docs/costs.md says so."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import app
from chalicelib import config
from infra.cost import bill, measured, report, sizes, stack
from infra.cost.bill import Line
from infra.cost.measured import Logging, Units
from infra.cost.usage import Usage, api_requests, authorizer_calls, leases, usage
from infra.cost.workload import IDLE, WAYS, Assumed, Month, Shape
from infra.deploy import package
from infra.local import gateway

PAGE = Path(__file__).resolve().parents[3] / "infra" / "docs" / "costs.md"
PRICES = bill.load_prices()
RECORDED = measured.load()

NOTHING = Usage(Units(), 0, 0, 0, 0, 0, 0, 0, 0)


def lines_of(way: str, month: Month) -> list[Line]:
    used = usage(RECORDED, way, month, Shape(), Assumed())
    return bill.bill(used, RECORDED.deployed, PRICES.usd, Assumed().architecture)


def test_the_page_says_what_the_model_computes_from_the_recorded_measurement():
    page = PAGE.read_text()

    told = report.text(RECORDED, PRICES, Month(), Assumed())

    assert report.replaced(page, told) == page, "run `make cost`, or `python -m infra.cost` without measuring anew"


def test_what_is_deployed_is_what_was_counted():
    template = package.template()

    assert stack.counts(template) == RECORDED.deployed
    memory = {each["Properties"]["MemorySize"] for each in template["Resources"].values() if _is_function(each)}
    assert (memory, package.DEPLOYED.architecture) == ({Assumed().memory_gb * 1_024}, Assumed().architecture)


def test_an_alarm_costs_by_the_metrics_that_it_watches():
    ours = {"Namespace": "cumulog-prod", "MetricName": "Age"}
    several = [{"MetricStat": {"Metric": {"Namespace": "AWS/SQS", "MetricName": name}}} for name in ("a", "b")]
    alarms = [ours, {"Metrics": [{"Expression": "SUM(METRICS())"}, *several]}]
    resources = [{"Type": "AWS::CloudWatch::Alarm", "Properties": alarm} for alarm in alarms]

    counted = stack.counts({"Resources": dict(enumerate(resources))})

    assert counted == {"alarm_month": 3, "dashboard_month": 0, "metric_month": 1}


def test_a_request_publishes_no_metric_of_which_each_would_cost_by_the_month(monkeypatch, capsys):
    # Read, and remembered, before this looks like a Lambda: the tests after this one are in none.
    config.settings()
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "cumulog-prod-api")

    for path in ("/health", "/version"):
        assert gateway.call(app, "GET", path)[0] == 200

    assert _published(capsys.readouterr().out) == set()


def test_leases_cost_a_request_each_time_and_a_part_of_each_round():
    assumed = Assumed(hours=1, lease_seconds=300, rounds=60, authorizer_reads=0)

    used = leases(RECORDED, 100, assumed)

    renewal, of_a_round = RECORDED.calls["lease"], RECORDED.round_per_lease
    assert (used.api_requests, used.invocations, used.table_gb) == (1_200, 2_400, 0)
    assert used.units.write == 1_200 * renewal.write == 1_200
    assert used.units.read == pytest.approx(1_200 * renewal.read + 6_000 * of_a_round.read)


def test_the_measurement_holds_every_way_of_logging():
    assert set(RECORDED.ways) == set(WAYS)
    assert {name: way.log_calls for name, way in RECORDED.ways.items()} == {
        name: Shape().points // at_once for name, at_once in WAYS.items()
    }


@pytest.mark.parametrize(
    ("used", "name", "usd"),
    [
        (replace(NOTHING, units=Units(write=1e6)), "DynamoDB, writes", 0.625),
        (replace(NOTHING, units=Units(read=1e6)), "DynamoDB, reads", 0.125),
        (replace(NOTHING, units=Units(puts=1e6)), "S3, requests", 5.0),
        (replace(NOTHING, units=Units(gets=1e6)), "S3, requests", 0.4),
        (replace(NOTHING, table_gb=10), "DynamoDB, storage with recovery", 4.5),
        (replace(NOTHING, bucket_gb=100), "S3, storage", 2.3),
        (replace(NOTHING, api_requests=1e6), "API Gateway", 3.5),
        (replace(NOTHING, invocations=1e6), "Lambda, requests", 0.2),
        (replace(NOTHING, log_gb=2), "CloudWatch, logs", 1.0),
        (replace(NOTHING, events=1e6), "EventBridge", 1.0),
        (replace(NOTHING, steps=1e6), "Step Functions", 25.0),
        (replace(NOTHING, site_requests=1e6), "CloudFront", 1.0),
        (replace(NOTHING, site_gb=100), "CloudFront", 8.5),
    ],
)
def test_a_unit_costs_its_list_price_and_stands_in_one_line(used, name, usd):
    lines = bill.bill(used, {}, PRICES.usd, "x86_64")

    assert {line.name: line.usd for line in lines if line.usd} == {name: pytest.approx(usd)}


@pytest.mark.parametrize(("architecture", "usd"), [("x86_64", 16.6667), ("arm64", 13.3334)])
def test_the_time_of_a_function_costs_by_its_architecture(architecture, usd):
    lines = bill.bill(replace(NOTHING, gb_seconds=1e6), {}, PRICES.usd, architecture)

    assert bill.total(lines) == pytest.approx(usd)


def test_what_is_deployed_costs_by_the_month_whatever_is_done():
    lines = bill.bill(NOTHING, {"alarm_month": 7, "dashboard_month": 1, "metric_month": 2}, PRICES.usd, "x86_64")

    assert bill.total(lines) == pytest.approx(7 * 0.10 + 3 + 2 * 0.30)


def test_fewer_calls_for_the_same_points_cost_less():
    totals = [bill.total(lines_of(way, Month())) for way in ("single", "tens", "whole")]

    assert totals == sorted(totals, reverse=True)


def test_an_idle_month_pays_for_the_sweeper_and_for_no_request():
    lines = {line.name: line for line in lines_of("single", IDLE)}

    assert lines["API Gateway"].usd == 0
    assert lines["Lambda, requests"].amount == Assumed().rounds
    assert lines["S3, requests"].amount == 2 * Assumed().whole_rounds


def test_who_looks_at_the_dashboard_pays_cloudfront_for_its_files_and_for_each_reply():
    assumed = Assumed(files_of_a_visit=10, bytes_of_a_visit=1_000, reply_bytes=100)
    month = replace(IDLE, visits=3, runs=2, reads_of_a_run=5, histories_of_a_run=1, searches=8)

    used = usage(RECORDED, "single", month, Shape(), assumed)

    assert (used.site_requests, used.site_gb) == (3 * 10 + 20, pytest.approx((3 * 1_000 + 20 * 100) / 1e9))


def test_an_experiment_more_is_asked_in_every_round():
    few, many = (usage(RECORDED, "single", replace(IDLE, experiments=count), Shape(), Assumed()) for count in (1, 2))

    assert many.units.read - few.units.read == pytest.approx(Assumed().whole_rounds * RECORDED.idle_per_experiment.read)
    assert many.gb_seconds > few.gb_seconds


@given(runs=st.integers(0, 10_000), way=st.sampled_from(sorted(WAYS)))
def test_every_run_costs_the_same(runs, way):
    one, several = (bill.total(lines_of(way, replace(IDLE, runs=count))) for count in (1, runs))
    idle = bill.total(lines_of(way, IDLE))

    assert several - idle == pytest.approx(runs * (one - idle), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("seconds", "log_calls", "asked"), [(600, 1_000, 14), (60, 1_000, 5), (36_000, 100, 104)])
def test_a_token_is_looked_at_once_a_minute_and_never_more_often_than_it_calls(seconds, log_calls, asked):
    logging = Logging(log_calls, Units(), Units(), 0)
    shape = Shape(seconds=seconds, files=0)
    month = replace(IDLE, runs=1, reads_of_a_run=0, histories_of_a_run=0)

    assert authorizer_calls(logging, month, shape, Assumed()) == asked
    assert api_requests(logging, month, shape) == 4 + log_calls


def test_what_is_stored_is_paid_for_again_in_each_later_month():
    lines = [Line("stored", 1, "GB", 2.0, grows=True), Line("done", 1, "requests", 5.0)]

    assert (bill.later(lines, 1), bill.later(lines, 12)) == (7.0, 2.0 * 12 + 5.0)


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": ""}, 0),
        ({"S": "loss"}, 4),
        ({"S": "ä€😀"}, 2 + 3 + 4),
        ({"B": b"12345"}, 5),
        ({"B": "MTIzNDU="}, 5),
        ({"BOOL": False}, 1),
        ({"NULL": True}, 1),
        ({"N": "0"}, 1),
        ({"N": "7"}, 2),
        ({"N": "-7"}, 3),
        ({"N": "1795000000000"}, 3),
        ({"N": "1795000000001"}, 8),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"BOOL": True}]}, 3 + 1 + 2 + 1 + 1),
        ({"M": {"key": {"S": "value"}}}, 3 + 1 + 3 + 5),
    ],
)
def test_a_value_has_the_size_that_the_guide_gives(value: dict[str, Any], size: int):
    assert sizes.value_bytes(value) == size


def test_an_item_is_stored_with_its_names_and_a_hundred_bytes():
    assert sizes.stored_bytes({"pk": {"S": "RUN#1"}, "sk": {"S": "INFO"}}) == 100 + 2 + 5 + 2 + 4


def test_a_type_that_we_never_store_is_refused():
    with pytest.raises(ValueError, match="SS"):
        sizes.value_bytes({"SS": ["a"]})


def test_the_text_is_put_between_the_marks():
    page = f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n"

    assert report.replaced(page, "new") == f"before\n{report.BEGIN}\nnew\n{report.END}\nafter\n"


@pytest.mark.parametrize(
    "page",
    [
        "",
        report.BEGIN,
        report.END,
        report.END + report.BEGIN,
        report.BEGIN * 2 + report.END,
        report.BEGIN + report.END * 2,
    ],
)
def test_a_page_without_the_marks_is_left_alone(page):
    with pytest.raises(ValueError, match="once"):
        report.replaced(page, "new")


@pytest.mark.parametrize(("known", "word"), [(True, "with"), (False, "without")])
def test_the_text_says_whether_tokens_were_checked(known, word):
    told = report.text(replace(RECORDED, access=known), PRICES, Month(), Assumed())

    assert f"included, {word} what the check of a token reads" in " ".join(told.split())


def _published(printed: str) -> set[tuple[str, ...]]:
    """What CloudWatch makes of these lines: a metric for each name with each combination of dimensions."""
    lines = [json.loads(line) for line in printed.splitlines() if '"_aws"' in line]
    return {
        (metric["Name"], *(line[name] for name in names))
        for line in lines
        for directive in line["_aws"]["CloudWatchMetrics"]
        for names in directive["Dimensions"]
        for metric in directive["Metrics"]
    }


def _is_function(resource: dict[str, Any]) -> bool:
    return str(resource["Type"]).endswith("::Function")
