"""Settings, read once from the environment. Each has a default that suits the local stack."""

import os
from functools import cache
from typing import NamedTuple


class Settings(NamedTuple):
    runs_table: str
    ledger_table: str
    bucket: str
    dynamodb_endpoint: str | None
    s3_endpoint: str | None
    states_endpoint: str | None
    events_endpoint: str | None
    transition_machine: str | None
    event_bus: str | None
    default_permission: str
    dashboard_origin: str | None
    is_open: bool
    trust_user_header: bool
    show_capacity: bool


@cache
def settings() -> Settings:
    """The settings of this process."""
    env = os.environ.get
    in_lambda = "AWS_LAMBDA_FUNCTION_NAME" in os.environ
    return Settings(
        runs_table=env("CUMULOG_RUNS_TABLE", "cumulog-runs"),
        ledger_table=env("CUMULOG_LEDGER_TABLE", "cumulog-ledger"),
        bucket=env("CUMULOG_BUCKET", "cumulog-artifacts"),
        dynamodb_endpoint=env("CUMULOG_DYNAMODB_ENDPOINT"),
        s3_endpoint=env("CUMULOG_S3_ENDPOINT"),
        states_endpoint=env("CUMULOG_STATES_ENDPOINT"),
        events_endpoint=env("CUMULOG_EVENTS_ENDPOINT"),
        transition_machine=env("CUMULOG_TRANSITION_MACHINE") or None,
        event_bus=env("CUMULOG_EVENT_BUS") or None,
        default_permission=env("CUMULOG_DEFAULT_PERMISSION") or "NO_PERMISSIONS",
        dashboard_origin=env("CUMULOG_DASHBOARD_ORIGIN") or None,
        # These two only on one person's machine: a Lambda answers the whole world.
        is_open=env("CUMULOG_ACCESS") == "open" and not in_lambda,
        trust_user_header=env("CUMULOG_TRUST_USER_HEADER") == "1" and not in_lambda,
        show_capacity=env("CUMULOG_SHOW_CAPACITY") == "1",
    )
