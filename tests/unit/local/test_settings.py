import pytest

from infra.local.settings import REPOSITORY, CannotStart, from_environment


def test_nothing_set_means_port_5000_and_the_data_beside_the_code():
    settings = from_environment({})

    assert settings.port == 5000
    assert settings.data == REPOSITORY / ".cumulog"
    assert settings.sweep_seconds == 30
    assert settings.dynamodb_endpoint is None
    assert settings.s3_endpoint is None
    assert not settings.in_memory


def test_an_empty_variable_counts_as_unset():
    names = ["PORT", "DATA", "SWEEP_SECONDS", "DYNAMODB_ENDPOINT", "S3_ENDPOINT", "ACCESS", "MEMORY"]
    names += ["DASHBOARD_ORIGIN"]

    assert from_environment({f"CUMULOG_{name}": "" for name in names}) == from_environment({})


@pytest.mark.parametrize("value", ["aws", "http://127.0.0.1:8000", "https://dynamodb.example"])
def test_an_endpoint_may_be_aws_or_a_url(value):
    assert from_environment({"CUMULOG_DYNAMODB_ENDPOINT": value}).dynamodb_endpoint == value


def test_memory_is_asked_for_by_a_setting():
    assert from_environment({"CUMULOG_MEMORY": "1"}).in_memory
    assert not from_environment({"CUMULOG_MEMORY": "0"}).in_memory


def test_the_origin_of_the_dashboard_is_kept_as_it_is():
    page = "http://localhost:3000"

    assert from_environment({"CUMULOG_DASHBOARD_ORIGIN": page}).page == page


WRONG = [
    ("CUMULOG_PORT", "http"),
    ("CUMULOG_PORT", "-1"),
    ("CUMULOG_PORT", "65536"),
    ("CUMULOG_PORT", "٥"),
    ("CUMULOG_SWEEP_SECONDS", "0"),
    ("CUMULOG_SWEEP_SECONDS", "nan"),
    ("CUMULOG_SWEEP_SECONDS", "often"),
    ("CUMULOG_S3_ENDPOINT", "localhost:9000"),
    ("CUMULOG_ACCESS", "ajar"),
    ("CUMULOG_MEMORY", "yes"),
    ("CUMULOG_DASHBOARD_ORIGIN", "*"),
    ("CUMULOG_DASHBOARD_ORIGIN", "http://localhost:3000/"),
    ("CUMULOG_DASHBOARD_ORIGIN", "localhost:3000"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_value_without_sense_is_refused_by_name(name, value):
    with pytest.raises(CannotStart, match=name):
        from_environment({name: value})
