import pytest

from chalicelib.errors import InvalidParameterValue
from chalicelib.search.field import Entity
from chalicelib.tracking.columns.naming import ATTRIBUTES, column


@pytest.mark.parametrize(
    ("name", "entity", "key", "part"),
    [
        ("metrics.loss", Entity.METRIC, "loss", ""),
        ("metric.val/loss.b c", Entity.METRIC, "val/loss.b c", ""),
        ("metrics.loss@step", Entity.METRIC, "loss", "step"),
        ("metrics.loss@timestamp", Entity.METRIC, "loss", "timestamp"),
        ("metrics.loss@min", Entity.METRIC, "loss", "min"),
        ("metrics.loss@max_step", Entity.METRIC, "loss", "max_step"),
        ("params.a.b", Entity.PARAM, "a.b", ""),
        ("params.mail@home", Entity.PARAM, "mail@home", ""),
        ("tags.a@", Entity.TAG, "a@", ""),
        ("tags.mlflow.user", Entity.TAG, "mlflow.user", ""),
        *((f"attributes.{key}", Entity.ATTRIBUTE, key, "") for key in ATTRIBUTES),
    ],
)
def test_a_column_is_named_as_mlflow_names_what_it_shows(name: str, entity: Entity, key: str, part: str) -> None:
    assert column(name) == (name, entity, key, part)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "loss",
        ".",
        "metrics.",
        ".loss",
        "metrics.@step",
        "metrics.loss@",
        "metrics.loss@mean",
        "metrics.loss@step@step",
        "datasets.name",
        "Metrics.loss",
        "attributes.created",
        "params." + "k" * 251,
    ],
)
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidParameterValue, match=r"^Invalid column "):
        column(name)


def test_a_long_name_is_not_repeated_whole() -> None:
    with pytest.raises(InvalidParameterValue) as refused:
        column("x" * 100_000)

    assert len(refused.value.message) < 1_000
