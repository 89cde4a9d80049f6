"""What happens in a month, and what cannot be measured on one machine: all assumptions are here."""

from dataclasses import dataclass

# The ways to log a run's points, and how many points one call has.
WAYS = {"single": 1, "tens": 10, "whole": 1_000}


@dataclass(frozen=True)
class Shape:
    """The run that is measured. Its points come evenly over its time, or with "whole" at its end."""

    points: int = 1_000
    metrics: int = 15
    params: int = 20
    tags: int = 10
    seconds: int = 10_000
    files: int = 5
    file_bytes: int = 10_000_000


@dataclass(frozen=True)
class Month:
    """How often things happen. A read of a run is a call about one run, or one of its files.

    A visit loads the dashboard anew. All reads, histories and searches come from it, the most expensive case: they
    pass through CloudFront on their way to the gateway.
    """

    runs: int = 1_000
    reads_of_a_run: int = 20
    histories_of_a_run: int = 2
    downloads_of_a_file: int = 1
    searches: int = 2_000
    versions: int = 10
    approvals: int = 10
    experiments: int = 20
    visits: int = 1_000


IDLE = Month(runs=0, searches=0, versions=0, approvals=0, visits=0)


@dataclass(frozen=True)
class Assumed:
    """Not measured: nothing of this has run on real AWS yet. Times in ms, for a function with `memory_gb`.

    The authorizer checks a token at most once in `authorizer_seconds`; each run has its own token, and so has each call
    that is not about logging the run. Leases are renewed every `lease_seconds`. Each run has one cold start. Logs
    are Lambda's lines on an invocation, our line, and the gateway's. A transition with approval takes six steps of the
    state machine and five Lambdas. A visit fetches files of the dashboard, and each reply to it has `reply_bytes`.
    """

    call_ms: float = 60.0
    authorizer_ms: float = 20.0
    round_ms: float = 300.0
    trip_ms: float = 6.0
    cold_start_ms: float = 900.0
    memory_gb: float = 1.0
    architecture: str = "x86_64"
    authorizer_seconds: int = 60
    authorizer_reads: float = 1.0
    rounds: int = 43_200
    lease_seconds: int = 300
    whole_rounds: int = 4_320
    log_bytes: int = 1_200
    steps_of_an_approval: int = 6
    functions_of_an_approval: int = 5
    files_of_a_visit: int = 12
    bytes_of_a_visit: int = 150_000
    reply_bytes: int = 20_000
    hours: int = 730
    database_gb: int = 20
