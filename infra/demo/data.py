"""The data that the demo trains on: 1,797 handwritten digits of 8 × 8 pixels, which ship with scikit-learn."""

from typing import Any, NamedTuple

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split


class Digits(NamedTuple):
    """Images as rows of 64 numbers from 0 to 1, and the digit of each."""

    train_images: Any
    test_images: Any
    train_digits: Any
    test_digits: Any


def digits() -> Digits:
    """The same split at each call."""
    images, digit = load_digits(return_X_y=True)
    return Digits(*train_test_split(images / 16, digit, test_size=0.25, random_state=0, stratify=digit))
