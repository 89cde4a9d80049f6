"""What belongs to a stage by its name."""

import pytest

from infra.deploy.aws.names import Place, is_stage

PROD = Place("prod", "123456789012", "eu-central-1")


@pytest.mark.parametrize("stage", ["a", "prod", "eu1", "a" * 20])
def test_stages(stage):
    assert is_stage(stage)


@pytest.mark.parametrize("text", ["", "A", "1a", "a-b", "a_b", "a b", "ä", "a" * 21, "a\n", "code"])
def test_no_stages(text):
    assert not is_stage(text)


@pytest.mark.parametrize(
    "name",
    [
        "cumulog-prod",
        "cumulog-prod-runs",
        "/aws/lambda/cumulog-prod-api",
        "/aws/apigateway/cumulog-prod",
        "https://sqs.eu-central-1.amazonaws.com/123456789012/cumulog-prod-sweep-dead-letters",
    ],
)
def test_what_a_stage_owns(name):
    assert PROD.owns(name)


@pytest.mark.parametrize(
    "name", ["cumulog-prod2", "cumulog-production-runs", "my-cumulog-prod", "cumulog", "cumulog-code-1", "Cumulog-prod"]
)
def test_what_is_of_another(name):
    assert not PROD.owns(name)


def test_no_bucket_name_is_longer_than_s3_takes():
    longest = Place("a" * 20, "123456789012", "ap-southeast-1")

    assert len(longest.bucket) <= 63
    assert PROD.bucket == "cumulog-prod-123456789012-eu-central-1"
