"""What the models of two runs predict for their input example, in the environment that was built."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cumulog._http.errors import CumulogError
from cumulog._models.places import fetch
from cumulog._record.programs import asked
from cumulog._reproduction.comparing.metrics import Tolerance, Verdict, is_near, is_same
from cumulog._reproduction.recorded.reading import Server

_SECONDS = 300.0
_EXAMPLE = "input_example.json"
# Run by the Python of the environment.
_PROGRAM = """
import json, sys
import cumulog
from cumulog._reproduction.comparing.example import predicted
print("\\n" + json.dumps([predicted(folder, sys.argv[1] == "trust") for folder in sys.argv[2:]]))
"""


class Predictions(NamedTuple):
    """How the predictions of a model compare; `why` they could not be."""

    model: str
    verdict: Verdict | None
    values: int = 0
    largest: float | None = None
    why: str = ""


class Where(NamedTuple):
    """The Python that predicts, its variables, and whether pickles are trusted."""

    python: str
    variables: Mapping[str, str]
    trust: bool


def compared(server: Server, runs: tuple[str, str], model: str, where: Where, allowed: Tolerance) -> Predictions:
    """Let the models of this name of an old and a new run predict."""
    with tempfile.TemporaryDirectory(prefix="cumulog-models-") as scratch:
        folders = [Path(scratch, each) for each in ("old", "new")]
        try:
            for run_id, folder in zip(runs, folders, strict=True):
                fetch(f"runs:/{run_id}/{model}", folder, server.client, server.api)
        except CumulogError as error:
            return Predictions(model, None, why=str(error))
        example = folders[0] / _EXAMPLE
        if not example.is_file():
            return Predictions(model, None, why="it has no input example")
        # Both get the example of the old one.
        (folders[1] / _EXAMPLE).write_bytes(example.read_bytes())
        return _asked(model, folders, where, allowed)


def _asked(model: str, folders: list[Path], where: Where, allowed: Tolerance) -> Predictions:
    variables = [f"{name}={value}" for name, value in where.variables.items()]
    trust = "trust" if where.trust else ""
    command = ["env", *variables, where.python, "-c", _PROGRAM, trust, *map(str, folders)]
    answer = asked(command, _SECONDS)
    if answer.why:
        return Predictions(model, None, why=answer.why)
    try:
        one, two = json.loads(answer.text.splitlines()[-1])
    except (ValueError, IndexError):
        return Predictions(model, None, why="it says nothing that can be read")
    if "why" in one or "why" in two:
        return Predictions(model, None, why=str(one.get("why") or two.get("why")))
    return judged(model, one["values"], two["values"], allowed)


def judged(model: str, one: list[object], two: list[object], allowed: Tolerance) -> Predictions:
    """Compare predictions, as lists of numbers and texts."""
    if len(one) != len(two):
        return Predictions(model, "different", len(one), why=f"{len(one)} values became {len(two)}")
    pairs = list(zip(one, two, strict=True))
    numbers = [(float(a), float(b)) for a, b in pairs if isinstance(a, int | float) and isinstance(b, int | float)]
    others = [(a, b) for a, b in pairs if not (isinstance(a, int | float) and isinstance(b, int | float))]
    apart = [(a, b) for a, b in numbers if not is_same(a, b)]
    if any(a != b for a, b in others) or not all(is_near(a, b, allowed) for a, b in apart):
        largest = max((abs(a - b) for a, b in apart), default=None)
        return Predictions(model, "different", len(one), largest)
    return Predictions(
        model, "within" if apart else "equal", len(one), max((abs(a - b) for a, b in apart), default=None)
    )
