"""Folders of frameworks' models in which something was put that runs code, or is of no use."""

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from sklearn.linear_model import LogisticRegression

import cumulog
from cumulog._models.flavors import pickled

pytestmark = pytest.mark.filterwarnings("ignore")

DATA = np.arange(12.0).reshape(6, 2)
LABELS = np.arange(6) % 2


class Bomb:
    """A pickle that makes a file when it is loaded."""

    def __init__(self, flag: Path) -> None:
        self.flag = flag

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.flag),)


def said(folder: Path, flavor: str, **entries: Any) -> None:
    """Say something else of a flavor."""
    tree = yaml.safe_load((folder / "MLmodel").read_text())
    tree["flavors"][flavor].update(entries)
    (folder / "MLmodel").write_text(yaml.safe_dump(tree))


def regression(folder: Path) -> str:
    cumulog.save_model(LogisticRegression().fit(DATA, LABELS), folder)
    return "model.skops"


def boosted(folder: Path, kind: str) -> str:
    library = pytest.importorskip(kind, reason=f"{kind} is not installed")
    make = library.XGBClassifier if kind == "xgboost" else library.LGBMClassifier
    cumulog.save_model(make(n_estimators=1).fit(DATA, LABELS), folder)
    return "model.ubj" if kind == "xgboost" else "model.skops"


@pytest.mark.parametrize(
    ("flavor", "entries"),
    [
        ("sklearn", {}),
        ("sklearn", {"serialization_format": "cloudpickle"}),
        ("sklearn", {"serialization_format": None}),
        ("xgboost", {}),
        ("xgboost", {"model_class": "xgboost.core.Booster"}),
        ("lightgbm", {}),
        ("lightgbm", {"serialization_format": "cloudpickle"}),
        ("lightgbm", {"model_class": "lightgbm.basic.Booster"}),
        ("lightgbm", {"model_class": "os.system"}),
    ],
)
def test_a_pickle_in_the_place_of_a_model_is_not_run(flavor: str, entries: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "model"
    name = regression(folder) if flavor == "sklearn" else boosted(folder, flavor)
    (folder / name).write_bytes(pickle.dumps(Bomb(tmp_path / "ran")))
    said(folder, flavor, **entries)

    with pytest.raises(cumulog.CumulogError):
        cumulog.load_model(folder)

    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["xgboost.core.os", "xgboost.collective.finalize", "xgboost.core.DMatrix", "x", ""])
def test_nothing_of_xgboosts_but_models_is_called(name: str, tmp_path: Path) -> None:
    boosted(tmp_path / "model", "xgboost")
    said(tmp_path / "model", "xgboost", model_class=name)

    with pytest.raises(cumulog.CumulogError, match="none of XGBoost's"):
        cumulog.load_model(tmp_path / "model")


def test_a_class_that_builds_on_xgboosts_is_saved_as_the_one_that_it_builds_on(tmp_path: Path) -> None:
    xgboost = pytest.importorskip("xgboost", reason="xgboost is not installed")

    class Mine(xgboost.XGBClassifier):  # type: ignore[misc, name-defined, unused-ignore]
        pass

    model = Mine(n_estimators=1).fit(DATA, LABELS)
    cumulog.save_model(model, tmp_path / "model")

    assert np.array_equal(cumulog.load_model(tmp_path / "model").predict(DATA), model.predict(DATA))


@pytest.mark.parametrize("types", [5, [["a"]], [None]])
def test_types_that_are_none_are_refused_with_a_sentence(types: Any, tmp_path: Path) -> None:
    regression(tmp_path / "model")
    said(tmp_path / "model", "sklearn", skops_trusted_types=types)

    with pytest.raises(cumulog.CumulogError, match="cannot be loaded"):
        cumulog.load_model(tmp_path / "model", trust=True)


def test_an_older_skops_is_not_relied_on() -> None:

    assert [pickled._is_sound(each) for each in ("0.11.0", "0.9", "0.12.0", "0.16.0", "1.0", "0.13.dev0")] == [
        False,
        False,
        True,
        True,
        True,
        True,
    ]
