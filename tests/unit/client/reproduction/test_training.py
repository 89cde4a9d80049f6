"""Trainings with seeds are equal bit for bit when they are run again."""

from importlib.util import find_spec

import pytest

from tests.unit.client.fake_server import World
from tests.unit.client.reproduction.again import Home, again

NUMPY = """
import numpy as np
import cumulog

with cumulog.start_run():
    cumulog.declare_seeds(numpy=3)
    rng = np.random.default_rng(3)
    x, weights = rng.normal(size=(200, 8)), np.zeros(8)
    y = x @ rng.normal(size=8)
    for step in range(20):
        weights -= 0.1 * x.T @ (x @ weights - y) / len(x)
        cumulog.log_metric("loss", float(np.mean((x @ weights - y) ** 2)), step=step)
    cumulog.log_text(repr(weights.tolist()), "weights.txt")
"""
SKLEARN = """
import pickle
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
import cumulog

with cumulog.start_run():
    cumulog.declare_seeds(sklearn=3)
    x, y = make_classification(200, random_state=3)
    for step in range(3):
        model = RandomForestClassifier(4 + step, random_state=3).fit(x[:150], y[:150])
        cumulog.log_metric("score", model.score(x[150:], y[150:]), step=step)
    with open("model.pkl", "wb") as file:
        pickle.dump(model, file)
    cumulog.log_artifact("model.pkl")
"""


@pytest.mark.sampled(keep=1)
@pytest.mark.parametrize(("library", "script"), [("numpy", NUMPY), ("sklearn", SKLEARN)])
def test_an_honest_training_is_equal_bit_for_bit(world: World, home: Home, library: str, script: str) -> None:
    if not find_spec(library):
        pytest.skip(f"{library} is not installed")
    (home.folder / "train.py").write_text(script)
    home.commit()

    report = again(world, home.run(), "--verify")

    assert report["verdict"] == "equal"
    assert {each["verdict"] for each in report["metrics"]} == {"equal"}
    assert {each["verdict"] for each in report["files"]} == {"equal"}
