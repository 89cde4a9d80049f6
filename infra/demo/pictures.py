"""Pictures that runs keep as artifacts."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import ConfusionMatrixDisplay, confusion_matrix

_ACROSS, _DOWN, _PIXELS, _SCALE = 16, 6, 8, 6


def confusion(model: Any, images: Any, answers: Any) -> Figure:
    """Which digits the model takes for which."""
    figure = Figure(figsize=(4.5, 4.5), layout="constrained")
    shown = ConfusionMatrixDisplay(confusion_matrix(answers, model.predict(images)))
    # A hundred numbers take longer to draw than everything else, and the colours say it.
    shown.plot(ax=figure.add_subplot(), include_values=False, colorbar=False)
    return figure


def sheet(images: Any) -> Any:
    """The first images side by side, enlarged, dark on white: an array of numbers from 0 to 1."""
    shown = np.pad(images[: _ACROSS * _DOWN].reshape(-1, _PIXELS, _PIXELS), ((0, 0), (1, 1), (1, 1)))
    rows = [np.hstack(row) for row in shown.reshape(_DOWN, _ACROSS, *shown.shape[1:])]
    return 1 - np.kron(np.vstack(rows), np.ones((_SCALE, _SCALE)))
