"""Starting over: two empty tables, and a process that remembers nothing of the former ones."""

from chalicelib import remembered
from chalicelib.storage import tables
from chalicelib.storage.connection import connection


def empty() -> None:
    client = connection().client
    for name in client.list_tables()["TableNames"]:
        client.delete_table(TableName=name)
    tables.create_missing()
    remembered.forget_all()
