"""The text and table of infra/docs/costs.md, and writing them there."""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import replace

from infra.cost.bill import Line, Prices, always_on, bill, later, total
from infra.cost.measured import Measured
from infra.cost.usage import leases, usage
from infra.cost.workload import IDLE, Assumed, Month, Shape

BEGIN = "<!-- cost: written by `make cost` -->"
END = "<!-- cost: end -->"
LAST_MONTH = 12
LEASED_RUNS = 1_000

# The columns' headings, by way. An idle month has no runs, so it is billed by any of the ways.
COLUMNS = {"single": "one point a call", "tens": "ten a call", "whole": "1,000 a call"}
NOTHING = "nothing used"

Bills = Mapping[str, list[Line]]


def bills(measured: Measured, prices: Prices, month: Month, assumed: Assumed, idle: Month = IDLE) -> Bills:
    """The bill of each column."""
    months = {**{heading: (way, month) for way, heading in COLUMNS.items()}, NOTHING: ("single", idle)}
    return {
        heading: bill(
            usage(measured, way, happening, Shape(), assumed), measured.deployed, prices.usd, assumed.architecture
        )
        for heading, (way, happening) in months.items()
    }


def text(measured: Measured, prices: Prices, month: Month, assumed: Assumed) -> str:
    """The page's text between the marks."""
    found = bills(measured, prices, month, assumed)
    rival = always_on(prices.usd, assumed)
    opening = f"{sentence(found, rival)} {experiments(measured, prices, assumed)}"
    lines = [_filled(opening), "", *table(found, rival), "", _filled(leased(measured, prices, assumed)), ""]
    lines.append(_filled(_small_print(measured, prices, month)))
    return "\n".join(lines)


def sentence(found: Bills, rival: float) -> str:
    """The totals in one paragraph."""
    single, tens, whole, nothing = (total(lines) for lines in found.values())
    return (
        f"1,000 runs with a million points cost **${single:.2f}** a month if every point is a call of its own, "
        f"**${tens:.2f}** in calls of ten and **${whole:.2f}** in calls of 1,000. An installation that nobody uses "
        f"costs **${nothing:.2f}**, not zero, besides what it stores. MLflow's own server, always on, costs "
        f"${rival:.2f} before it stores anything."
    )


def experiments(measured: Measured, prices: Prices, assumed: Assumed) -> str:
    """What an idle installation costs more with many experiments."""
    few, many = (
        total(bills(measured, prices, IDLE, assumed, replace(IDLE, experiments=count))[NOTHING]) for count in (0, 100)
    )
    return (
        f"The idle month has {IDLE.experiments} experiments; a hundred more add ${many - few:.2f}, because the sweeper "
        "asks each of them every ten minutes."
    )


def leased(measured: Measured, prices: Prices, assumed: Assumed) -> str:
    """What it costs to know that runs are alive."""
    used = leases(measured, LEASED_RUNS, assumed)
    lines = {line.name: line.usd for line in bill(used, {}, prices.usd, assumed.architecture)}
    hourly = sum(lines.values()) / (LEASED_RUNS * assumed.hours)
    return (
        f"Not in the table: our client says every {assumed.lease_seconds // 60} minutes that a run is alive. "
        f"{LEASED_RUNS:,} runs that run all month cost **${sum(lines.values()):.2f}** by that: "
        f"${lines['API Gateway']:.2f} at the gateway, ${lines['DynamoDB, writes']:.2f} of writes, "
        f"${lines['DynamoDB, reads']:.2f} of reads, the rest for Lambda and its logs. That is "
        f"{hourly * 100 * 100:.1f} cents for a hundred hours of a run."
    )


def table(found: Bills, rival: float) -> Iterator[str]:
    """A line per service, a column per bill: dollars, and the amount they pay for."""
    yield "| a month | " + " | ".join(found) + " |"
    yield "|---|" + "---|" * len(found)
    for same in zip(*found.values(), strict=True):
        yield f"| {same[0].name} | " + " | ".join(map(_cell, same)) + " |"
    yield "| **together** | " + " | ".join(f"**${total(lines):.2f}**" for lines in found.values()) + " |"
    yield f"| in month {LAST_MONTH}, all kept | " + " | ".join(_later(lines) for lines in found.values()) + " |"
    yield f"| beside it: MLflow, always on | ${rival:.2f}" + f" | ${rival:.2f}" * (len(found) - 1) + " |"


def replaced(page: str, content: str) -> str:
    """The page with other content between the marks. Raises ValueError unless it has both marks once, in order."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in after:
        raise ValueError(f"The page must have {BEGIN!r} and, after it, {END!r}, once each.")
    return f"{before}{BEGIN}\n{content}\n{END}{after}"


def _small_print(measured: Measured, prices: Prices, month: Month) -> str:
    shape = Shape()
    tokens = "with" if measured.access else "without"
    return (
        f"A run here: {shape.points:,} points of {shape.metrics} metrics in {shape.seconds / 3600:.1f} hours, "
        f"{shape.params} params, {shape.tags} tags, {shape.files} files of {shape.file_bytes // 10**6} MB; read "
        f"{month.reads_of_a_run} times, each file fetched once. In the month {month.searches:,} searches, "
        f"{month.versions} registered versions with a transition each, {month.approvals} approvals, "
        f"{month.experiments} experiments, {month.visits:,} visits to the dashboard, from which all reads and searches "
        "come through CloudFront (`DASHBOARD_SITE=off` leaves that out). "
        f"Units: measured on {measured.on} ({measured.engine}), sweeps included, "
        f"{tokens} what the check of a token reads. Duration, log volume and cold starts are assumed "
        f"(`infra/cost/workload.py`). Dollars: list prices in us-east-1 as known on {prices.as_of}, not fetched, so "
        "check them; without free allowances, and without traffic out of AWS beside CloudFront ($0.09 per GB). "
        "MLflow's server: a Fargate task of 0.5 vCPU and 1 GB, a db.t4g.micro in one zone, a load balancer."
    )


def _filled(paragraph: str) -> str:
    # Hyphens do not break, so that no line begins like a list item.
    return textwrap.fill(paragraph, width=120, break_on_hyphens=False)


def _cell(line: Line) -> str:
    return f"${line.usd:.2f} ({f'{_amount(line.amount)} {line.unit}'.strip()})" if line.amount else "–"


def _amount(number: float) -> str:
    if number >= 1e6:
        return f"{number / 1e6:.2f} M"
    if number >= 1e3:
        return f"{number / 1e3:.1f} k"
    return f"{number:.0f}" if number >= 10 or number == int(number) else f"{number:.2f}"


def _later(lines: list[Line]) -> str:
    return f"${later(lines, LAST_MONTH):.2f}"
