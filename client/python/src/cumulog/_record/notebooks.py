"""Whether a process is the kernel of a notebook, and which notebook that is, as far as it can be told at once."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath

_KERNELS = ("ipykernel_launcher.py", "colab_kernel_launcher.py")
# Of Jupyter's server, of VS Code, and what MLflow's client looks for.
_NAMES = ("JPY_SESSION_NAME", "__vsc_ipynb_file__", "IPYNB_FILE")


def is_kernel(arguments: Sequence[str]) -> bool:
    return bool(arguments) and PurePath(arguments[0]).name in _KERNELS


def path(variables: Mapping[str, str]) -> str:
    """The notebook's file; empty if nothing names it."""
    return next((variables[name] for name in _NAMES if variables.get(name)), "")
