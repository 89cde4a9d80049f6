"""What the figures of our page may be at most, alone and beside MLflow's."""

from collections.abc import Iterator

# By side and what was measured: milliseconds, of the first load thousands of bytes.
Figures = dict[tuple[str, str], float]

MOST = {
    "first load": 120.0,
    "first rows": 1_500.0,
    "charts of 20 x 1M": 2_000.0,
    "scroll down": 8.0,
    "scroll sideways": 8.0,
    "scroll diagonal": 8.0,
    "pan": 16.0,
    "zoom": 16.0,
}
# Of MLflow's figure.
MOST_OF_THEIRS = {"first rows": 0.5}


def verdicts(figures: Figures) -> Iterator[str]:
    """A line for each limit that is broken, or that nothing was measured for."""
    for told, most in MOST.items():
        value = figures.get(("ours", told))
        if value is None:
            yield f"{told}: not measured"
        elif value > most:
            yield f"{told}: {value:,.1f}, at most {most:,.0f} was asked"
    for told, part in MOST_OF_THEIRS.items():
        mine, theirs = figures.get(("ours", told)), figures.get(("MLflow", told))
        if mine and theirs and mine > part * theirs:
            yield f"{told}: {mine / theirs:.2f} of MLflow's, at most {part} was asked"
