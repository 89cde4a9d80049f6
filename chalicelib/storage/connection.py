"""One pynamodb connection, so one botocore client, for the whole process: creating a client costs 300 ms."""

import os
from functools import cache

from botocore.config import Config
from pynamodb.connection import Connection, TableConnection
from pynamodb.connection.base import MetaTable

from chalicelib.config import settings
from chalicelib.storage import capacity
from chalicelib.storage.calls import short

# Four attempts of at most five seconds each end before a Lambda's 30 s do; the fold relies on that bound (folding.py).
_READ_TIMEOUT_SECONDS = 5
_ATTEMPTS = 4

_USER_AGENT = "cumulog"


@cache
def connection() -> Connection:
    """The process's connection to DynamoDB, or to the endpoint in `CUMULOG_DYNAMODB_ENDPOINT`."""
    made = Connection(
        host=settings().dynamodb_endpoint,
        connect_timeout_seconds=1,
        read_timeout_seconds=_READ_TIMEOUT_SECONDS,
        max_retry_attempts=_ATTEMPTS - 1,
        max_pool_connections=50,
    )
    # Without our own name the SDK composes one for every call, which takes a sixth of the call's processor time.
    made.session.set_default_client_config(Config(user_agent=_USER_AGENT))
    short.taken_by(made.session)
    for table in (settings().runs_table, settings().ledger_table):
        made.add_meta_table(MetaTable({"TableName": table, **SCHEMA}))
    capacity.observe(made.client.meta.events)
    return made


@cache
def table_connection(table_name: str) -> TableConnection:
    """A pynamodb table on the shared connection (pynamodb would make a client per model)."""
    table = TableConnection(table_name)
    table.connection = connection()
    return table


def forget() -> None:
    """Drop the connection, for a test that changes the endpoint."""
    connection.cache_clear()
    table_connection.cache_clear()


SCHEMA = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "S"},
    ],
}

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # AWS advises to do this while a Lambda starts. Otherwise the first request would wait for it.
    connection()
