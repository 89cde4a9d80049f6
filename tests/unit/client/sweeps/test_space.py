"""What a parameter of a sweep may be, as options and files say it."""

import pytest

from cumulog._projects.errors import ProjectError
from cumulog._sweeps import space
from cumulog._sweeps.space import Choice, Range


@pytest.mark.parametrize(
    ("option", "dimension"),
    [
        ("model=a,b , c", Choice("model", ("a", "b", "c"))),
        ("one=x", Choice("one", ("x",))),
        ("dots=../a,../b", Choice("dots", ("../a", "../b"))),
        ("depth=1..8", Range("depth", 1, 8, is_whole=True)),
        ("rate=0..1", Range("rate", 0, 1, is_whole=True)),
        ("rate=0.0..1", Range("rate", 0, 1)),
        ("rate=-1.5..-0.5", Range("rate", -1.5, -0.5)),
        ("units=16..256/16", Range("units", 16, 256, is_whole=True, step=16)),
        ("p=0..1/0.25", Range("p", 0, 1, step=0.25)),
        ("lr=log:1e-5..1e-1", Range("lr", 1e-5, 1e-1, is_log=True)),
    ],
)
def test_an_option_names_values_or_a_range(option: str, dimension: space.Dimension) -> None:
    assert space.of_option(option) == dimension


@pytest.mark.parametrize(
    "option",
    ["", "lr", "=1", "lr=", "lr=,", "lr=2..1", "lr=a..b", "lr=0..inf", "lr=log:0..1", "lr=log:1..2/0.5", "n=1..5/-1"],
)
def test_an_option_that_says_nothing_is_refused(option: str) -> None:
    with pytest.raises(ProjectError):
        space.of_option(option)


def test_a_file_names_values_and_ranges_as_yaml_reads_them() -> None:
    tree = {
        "lr": {"min": "1e-5", "max": 0.1, "scale": "log"},
        "depth": {"values": [1, 2]},
        "shuffle": [True, False],
        "fixed": 7,
    }

    assert space.of_tree(tree) == (
        Range("lr", 1e-5, 0.1, is_log=True),
        Choice("depth", ("1", "2")),
        Choice("shuffle", ("true", "false")),
        Choice("fixed", ("7",)),
    )


@pytest.mark.parametrize(
    "tree", [None, [], {}, {"lr": {"min": 1}}, {"lr": {"low": 1}}, {"lr": {"min": 1, "max": 2, "scale": "x"}}]
)
def test_a_file_that_says_nothing_is_refused(tree: object) -> None:
    with pytest.raises(ProjectError):
        space.of_tree(tree)


def test_a_parameter_is_declared_once() -> None:
    with pytest.raises(ProjectError, match="'lr' is declared twice"):
        space.checked([Choice("lr", ("1",)), Choice("lr", ("2",))])
