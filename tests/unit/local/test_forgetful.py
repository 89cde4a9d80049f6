"""moto alone loses acknowledged writes under threads; behind our lock it must not."""

from concurrent.futures import ThreadPoolExecutor

import botocore.session
import pytest

from infra.local import forgetful

WRITERS, ROUNDS = 8, 10


def client():
    session = botocore.session.Session()
    session.set_credentials("key", "secret")
    return session.create_client("dynamodb", region_name="us-east-1")


@pytest.mark.slow
def test_no_acknowledged_write_is_lost_under_threads():
    with forgetful.pretending():
        dynamodb = client()
        dynamodb.create_table(
            TableName="log",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "N"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )

        def write(writer):
            for number in range(ROUNDS):
                key = {"pk": {"S": f"run-{number}"}, "sk": {"N": str(writer)}}
                dynamodb.put_item(TableName="log", Item=key)

        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(write, range(WRITERS)))

        assert dynamodb.scan(TableName="log", Select="COUNT")["Count"] == WRITERS * ROUNDS
