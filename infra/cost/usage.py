"""A month in units of each service: measured units, times how often they happen."""

from dataclasses import dataclass

from infra.cost.measured import Logging, Measured, Units
from infra.cost.workload import Assumed, Month, Shape

GB = 1e9
# A script that logs a run also finds the experiment, creates the run, logs its params, ends it.
CALLS_AROUND_LOGGING = 4
# Per file: create, sign, complete.
CALLS_OF_AN_UPLOAD = 3


@dataclass(frozen=True)
class Usage:
    """The units of a month. The stored GB are those of one month's runs, at its end."""

    units: Units
    table_gb: float
    bucket_gb: float
    api_requests: float
    invocations: float
    gb_seconds: float
    log_gb: float
    events: float
    steps: float
    site_requests: float = 0.0
    site_gb: float = 0.0


def usage(measured: Measured, way: str, month: Month, shape: Shape, assumed: Assumed) -> Usage:
    """The units of a month whose runs are logged in one of the measured ways."""
    logging = measured.ways[way]
    requests = api_requests(logging, month, shape)
    authorized = authorizer_calls(logging, month, shape, assumed)
    by_machine = month.approvals * assumed.functions_of_an_approval
    rounds = sweeping(measured, month, assumed)
    invocations = requests + authorized + assumed.rounds + by_machine
    ms = (requests + by_machine) * assumed.call_ms + authorized * assumed.authorizer_ms
    ms += assumed.rounds * assumed.round_ms + rounds.trips * assumed.trip_ms
    ms += month.runs * (assumed.cold_start_ms + logging.sweeping.trips * assumed.trip_ms)
    checks = Units(read=authorized * assumed.authorizer_reads)
    return Usage(
        units=_calls(measured, logging, month, shape).plus(rounds).plus(checks),
        table_gb=(month.runs * logging.stored_bytes + month.versions * measured.version_bytes) / GB,
        bucket_gb=month.runs * shape.files * shape.file_bytes / GB,
        api_requests=requests,
        invocations=invocations,
        gb_seconds=assumed.memory_gb * ms / 1_000,
        log_gb=invocations * assumed.log_bytes / GB,
        events=month.runs * shape.files + month.versions + month.approvals,
        steps=month.approvals * assumed.steps_of_an_approval,
        site_requests=replies_to_the_page(month) + month.visits * assumed.files_of_a_visit,
        site_gb=(replies_to_the_page(month) * assumed.reply_bytes + month.visits * assumed.bytes_of_a_visit) / GB,
    )


def leases(measured: Measured, runs: int, assumed: Assumed) -> Usage:
    """The units of the leases of so many runs that run all month. Each renewal finds its token forgotten."""
    renewals = runs * assumed.hours * 3_600 / assumed.lease_seconds
    spent = Units().plus(measured.calls["lease"], renewals).plus(measured.round_per_lease, runs * assumed.rounds)
    return Usage(
        units=spent.plus(Units(read=renewals * assumed.authorizer_reads)),
        table_gb=0.0,
        bucket_gb=0.0,
        api_requests=renewals,
        invocations=2 * renewals,
        gb_seconds=assumed.memory_gb * renewals * (assumed.call_ms + assumed.authorizer_ms) / 1_000,
        log_gb=2 * renewals * assumed.log_bytes / GB,
        events=0.0,
        steps=0.0,
    )


def api_requests(logging: Logging, month: Month, shape: Shape) -> float:
    """Requests to the gateway."""
    files = shape.files * (CALLS_OF_AN_UPLOAD + month.downloads_of_a_file)
    of_a_run = CALLS_AROUND_LOGGING + logging.log_calls + files + month.reads_of_a_run + month.histories_of_a_run
    return month.runs * of_a_run + month.searches + 2 * month.versions + 2 * month.approvals


def replies_to_the_page(month: Month) -> float:
    """Requests to the API that pass through CloudFront."""
    return month.runs * (month.reads_of_a_run + month.histories_of_a_run) + month.searches


def authorizer_calls(logging: Logging, month: Month, shape: Shape, assumed: Assumed) -> float:
    """One per minute in which a run calls, and one per other call: no shared tokens, the most expensive case."""
    minutes = shape.seconds / assumed.authorizer_seconds
    while_logging = min(CALLS_AROUND_LOGGING + logging.log_calls, CALLS_AROUND_LOGGING + minutes)
    of_a_run = while_logging + shape.files * (1 + month.downloads_of_a_file)
    reads = month.reads_of_a_run + month.histories_of_a_run
    return month.runs * (of_a_run + reads) + month.searches + 2 * month.versions + 2 * month.approvals


def sweeping(measured: Measured, month: Month, assumed: Assumed) -> Units:
    """The units of the sweeper's rounds when no run is open."""
    whole = measured.idle_round.plus(measured.idle_per_experiment, month.experiments)
    quick_rounds = assumed.rounds - assumed.whole_rounds
    return Units().plus(whole, assumed.whole_rounds).plus(measured.idle_quick_round, quick_rounds)


def _calls(measured: Measured, logging: Logging, month: Month, shape: Shape) -> Units:
    times = {
        "read": month.runs * month.reads_of_a_run,
        "history": month.runs * month.histories_of_a_run,
        "search": month.searches,
        "upload": month.runs * shape.files,
        "download": month.runs * shape.files * month.downloads_of_a_file,
        "register": month.versions,
        "transition": month.versions,
    }
    total = Units().plus(logging.logging, month.runs).plus(logging.sweeping, month.runs)
    for name, often in times.items():
        total = total.plus(measured.calls[name], often)
    return total
