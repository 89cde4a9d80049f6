"""What MLflow's `infer_signature` makes of data, ours makes as well."""

import datetime
import json
import logging
import warnings
from typing import Any

import mlflow.models
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from mlflow.exceptions import MlflowException

from cumulog import CumulogError, infer_signature

DAY = datetime.date(2026, 1, 2)
MOMENT = datetime.datetime(2026, 1, 2, 3, 4)
INPUTS: dict[str, Any] = {
    "frame of numbers": pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5], "c": [True, False]}),
    "frame of texts": pd.DataFrame({"a": ["x", "y"], "b": [b"1", b"2"]}),
    "frame of optional texts": pd.DataFrame({"a": ["x", None]}),
    "frame of objects": pd.DataFrame({"a": pd.Series([1, 2], dtype=object), "b": pd.Series([1, "x"], dtype=object)}),
    "frame with missing numbers": pd.DataFrame({"a": [1.0, None], "b": [None, None]}),
    "frame of times": pd.DataFrame({"a": pd.to_datetime(["2026-01-01", "2026-01-02"]), "b": [DAY, DAY]}),
    "frame of a missing time": pd.DataFrame({"a": [pd.Timestamp(MOMENT), pd.NaT]}),
    "frame of lists": pd.DataFrame({"a": [[1, 2], [3]], "b": [["x"], None]}),
    "frame of dictionaries": pd.DataFrame({"a": [{"k": 1}, {"k": 2, "l": "x"}]}),
    "frame of arrays": pd.DataFrame({"a": [np.array([1.5]), np.array([2.5])]}),
    "frame of nullable types": pd.DataFrame(
        {"a": pd.array([1, None], dtype="Int64"), "b": pd.array(["x", None], dtype="string")}
    ),
    "frame of a category": pd.DataFrame({"a": pd.Categorical(["x", "y"])}),
    "frame of numbered columns": pd.DataFrame(np.zeros((2, 3))),
    "frame of no rows": pd.DataFrame({"a": []}),
    "frame of complex numbers": pd.DataFrame({"a": [1j]}),
    "small numbers": pd.DataFrame(
        {
            kind: np.zeros(2, kind)
            for kind in ("int8", "int16", "int32", "uint8", "uint16", "uint32", "float16", "float32")
        }
    ),
    "large numbers": pd.DataFrame({"a": np.zeros(2, "uint64")}),
    "series": pd.Series([1, 2], name="s"),
    "series without name": pd.Series(["x"]),
    "series with a missing value and no name": pd.Series(["x", None]),
    "array": np.zeros((3, 4, 5), "float32"),
    "array of texts": np.array(["a", "bc"]),
    "array of bytes": np.array([b"a"]),
    "array of objects": np.array(["a", 1], dtype=object),
    "array of times": np.array(["2026-01-01"], dtype="datetime64[D]"),
    "sparse rows": sp.csr_matrix(np.eye(3)),
    "sparse columns": sp.csc_matrix(np.eye(3, dtype="float32")),
    "arrays by name": {"a": np.zeros((2, 2)), "b": np.array(["x"])},
    "dictionary": {"a": 1, "b": [0.5], "c": {"d": "x", "e": None}, "f": None, "g": []},
    "dictionary of mixed arrays": {"a": np.zeros(2), "b": 1},
    "dictionary with a number as key": {1: "x"},
    "empty dictionary": {},
    "texts": ["x", "y"],
    "no texts": [],
    "lists": [["x"], []],
    "lists in lists": [[[1]], [[2, 3]]],
    "lists of several kinds": [1, "x"],
    "lists with a missing value": ["x", None],
    "missing values": [None],
    "missing value, then a list": [None, ["x"]],
    "rows": [{"a": 1, "b": "x"}, {"a": 2}],
    "rows with a missing value": [{"a": None}, {"a": 1.5}],
    "rows of rows": [{"a": {"b": [1], "c": None}}, {"a": {"b": [], "d": True}}],
    "rows of messages": [
        {"messages": [{"role": "user", "content": "hi"}, {"role": "system", "content": "x", "name": "n"}]}
    ],
    "rows that disagree": [{"a": 1}, {"a": "x"}],
    "rows whose objects disagree": [{"a": {"b": 1}}, {"a": [1]}],
    "number": 1.5,
    "whole number": 1,
    "truth": True,
    "text": "x",
    "bytes": b"x",
    "byte array": bytearray(b"x"),
    "day": DAY,
    "moment": MOMENT,
    "numbers of numpy": [np.float32(1), np.float32(2)],
    "a small number of numpy": np.int8(1),
    "NaN": float("nan"),
    "set": {1, 2},
    "object": object(),
    "function": len,
}
PARAMS: dict[str, dict[str, Any]] = {
    "plain": {"a": 1, "b": 0.5, "c": True, "d": "x"},
    "lists": {"a": [1, 2], "b": ["x"], "c": [0.5, 1], "d": [True]},
    "arrays": {"a": np.array([1.5, 2.5], "float32"), "b": np.float32(1)},
    "times": {"a": MOMENT, "b": [DAY, DAY]},
    "dictionary": {"a": {"b": 1, "c": ["x"]}},
}
WRONG_PARAMS: dict[str, dict[str, Any]] = {
    "lists in lists": {"a": [[1]]},
    "nothing": {"a": None},
    "object": {"a": object()},
    "set": {"a": {1}},
    # MLflow infers a signature that it cannot write.
    "bytes": {"a": b"x"},
}


@pytest.fixture(autouse=True)
def quiet() -> Any:
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def theirs(*data: Any, **more: Any) -> dict[str, Any]:
    return {
        name: each and json.loads(each) for name, each in mlflow.models.infer_signature(*data, **more).to_dict().items()
    }


def ours(*data: Any, **more: Any) -> dict[str, Any]:
    return {name: each and json.loads(each) for name, each in infer_signature(*data, **more).to_dict().items()}


@pytest.mark.parametrize("name", INPUTS)
def test_data_has_the_schema_that_mlflow_finds(name: str) -> None:
    assert ours(INPUTS[name], INPUTS[name]) == theirs(INPUTS[name], INPUTS[name])


@pytest.mark.parametrize("name", PARAMS)
def test_params_have_the_schema_that_mlflow_finds(name: str) -> None:
    assert ours(1, params=PARAMS[name]) == theirs(1, params=PARAMS[name])


@pytest.mark.parametrize("name", WRONG_PARAMS)
def test_params_that_mlflow_refuses_are_refused(name: str) -> None:
    with pytest.raises((MlflowException, TypeError)):
        theirs(1, params=WRONG_PARAMS[name])
    with pytest.raises(CumulogError, match="param of a signature"):
        ours(1, params=WRONG_PARAMS[name])
