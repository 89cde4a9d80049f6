"""Settings, read once from the environment; every one has a default that suits the local stack."""

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Settings:
    runs_table: str
    ledger_table: str
    bucket: str
    dynamodb_endpoint: str | None
    s3_endpoint: str | None
    show_capacity: bool


@cache
def settings() -> Settings:
    """The settings of this process."""
    env = os.environ.get
    return Settings(
        runs_table=env("CUMULOG_RUNS_TABLE", "cumulog-runs"),
        ledger_table=env("CUMULOG_LEDGER_TABLE", "cumulog-ledger"),
        bucket=env("CUMULOG_BUCKET", "cumulog-artifacts"),
        dynamodb_endpoint=env("CUMULOG_DYNAMODB_ENDPOINT"),
        s3_endpoint=env("CUMULOG_S3_ENDPOINT"),
        show_capacity=env("CUMULOG_SHOW_CAPACITY") == "1",
    )
