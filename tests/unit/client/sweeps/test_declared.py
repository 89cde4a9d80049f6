"""A sweep as files declare it, and as its run keeps it."""

import pytest

from cumulog._projects.errors import ProjectError
from cumulog._sweeps import declared
from cumulog._sweeps.declared import Objective, Stopping, Sweep
from cumulog._sweeps.space import Choice, Range

SPACE = (Choice("model", ("a", "b")), Range("lr", 1e-5, 0.1, is_log=True))
TREE = {
    "method": "optuna",
    "metric": {"name": "acc", "goal": "maximize"},
    "trials": 20,
    "seed": 7,
    "parameters": {"model": ["a", "b"], "lr": {"min": 1e-5, "max": 0.1, "scale": "log"}},
    "early_stopping": {"median": {"warmup": 10}},
}
SWEEP = Sweep(SPACE, "tpe", 20, 7, Objective("acc", is_maximized=True), Stopping(10, 5))


def test_a_file_declares_a_sweep() -> None:
    assert declared.of_tree(TREE) == SWEEP
    assert declared.of_tree({"method": "grid", "parameters": {"a": [1, 2]}}) == Sweep(
        (Choice("a", ("1", "2")),), "grid"
    )


@pytest.mark.parametrize("sweep", [SWEEP, Sweep(SPACE, trials=3)])
def test_a_sweep_is_read_as_it_was_written(sweep: Sweep) -> None:
    assert declared.read(declared.written(sweep)) == sweep


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"format": 2}', '{"format": 1, "space": [{}]}'])
def test_a_damaged_document_is_refused(text: str) -> None:
    with pytest.raises(ProjectError):
        declared.read(text)


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "magic"},
        {"metric": {"goal": "maximize"}},
        {"metric": {"name": "a", "goal": "best"}},
        {"trials": 0},
        {"trials": -1},
        {"trials": "many"},
        {"trials": 10**9},
        {"seed": True},
        {"metric": None},
        {"early_stopping": "soon"},
        {"early_stopping": {"median": {"patience": 1}}},
        {"parameters": {}},
        {"parametres": {}},
    ],
)
def test_a_file_that_cannot_be_run_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ProjectError):
        declared.of_tree({**TREE, **changed})


def test_a_file_that_is_no_map_is_refused() -> None:
    with pytest.raises(ProjectError):
        declared.of_tree(["a"])
