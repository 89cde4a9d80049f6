"""Paths that people type. They may be too long for the system, or hold what no name of a file does."""

import os
from pathlib import Path


def is_there(path: str | Path) -> bool:
    """Whether there is a file or folder."""
    return os.path.exists(path)  # noqa: PTH110 - pathlib raises what is not only absence


def is_file(path: str | Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - as above


def expanded(path: str) -> Path:
    """With the home folder for `~`; as it is where the user of `~user` is not known."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - as above


def absolute(path: str | Path) -> Path:
    """From the root, without `..`. Links stay as they were typed."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - pathlib keeps `..`, or follows links
