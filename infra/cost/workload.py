"""What happens in a month, and what cannot be measured on one machine: all that is assumed stands here."""

from dataclasses import dataclass

# The ways in which the points of a run may come, and how many come in one call.
WAYS = {"single": 1, "tens": 10, "whole": 1_000}


@dataclass(frozen=True)
class Shape:
    """A run, as it is measured. Its points come evenly over its time, those of "whole" at its end."""

    points: int = 1_000
    metrics: int = 15
    params: int = 20
    tags: int = 10
    seconds: int = 10_000
    files: int = 5
    file_bytes: int = 10_000_000


@dataclass(frozen=True)
class Month:
    """How often things happen. Of the calls in `reads` one run is the subject, or one file of it."""

    runs: int = 1_000
    reads_of_a_run: int = 20
    histories_of_a_run: int = 2
    downloads_of_a_file: int = 1
    searches: int = 2_000
    versions: int = 10
    approvals: int = 10
    experiments: int = 20


IDLE = Month(runs=0, searches=0, versions=0, approvals=0)


@dataclass(frozen=True)
class Assumed:
    """Not measured: on real AWS nothing of this has run yet. Times in ms, of a function with `memory_gb`.

    A token that calls more often than once in `authorizer_seconds` is looked at once in that time; each run has a token
    to itself, and so has each call that is not about logging it. A cold start comes with each run. Logs are what Lambda
    says of an invocation, our line, and the gateway's. A transition that asks for approval is six steps of the state
    machine and five Lambdas.
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
    whole_rounds: int = 4_320
    log_bytes: int = 1_200
    steps_of_an_approval: int = 6
    functions_of_an_approval: int = 5
    hours: int = 730
    database_gb: int = 20
