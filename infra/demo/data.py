"""The data that the demo trains on: 1,797 handwritten digits of 8 × 8 pixels, which ship with scikit-learn."""

from functools import cache
from typing import Any, NamedTuple

import mlflow
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


class Digits(NamedTuple):
    """Images as rows of 64 numbers from 0 to 1, and the digit of each."""

    train_images: Any
    test_images: Any
    train_digits: Any
    test_digits: Any


@cache
def digits() -> Digits:
    """The same split at each call."""
    images, answers = load_digits(return_X_y=True)
    return Digits(*train_test_split(images / 16, answers, test_size=0.25, random_state=0, stratify=answers))


@cache
def datasets() -> list[Any]:
    """Training and test data as MLflow logs them, with a digest of all of it."""
    data = digits()
    return [
        mlflow.data.from_numpy(data.train_images, targets=data.train_digits, name="digits, training part"),
        mlflow.data.from_numpy(data.test_images, targets=data.test_digits, name="digits, test part"),
    ]
