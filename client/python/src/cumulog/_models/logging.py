"""Models of a run: written to its journal and delivered with its other lines, and so complete or not at all.

A logged model's id is chosen here, as a run's is. So its MLmodel names it, and it is there without a network. The
journal has a line that creates it, its files, and a line that says that this is all of them.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cumulog._fluent.artifacts import folder_of, note
from cumulog._fluent.face import run_to_log_to
from cumulog._fluent.runs import Run, new_id
from cumulog._http.errors import CumulogError
from cumulog._journal.records import Kind
from cumulog._models import begun, saving
from cumulog._models.begun import Begun
from cumulog._models.flavors.kinds import Wish
from cumulog._models.mlmodel import Identity
from cumulog._models.saving import Recipe
from cumulog._models.signature import Signature


class ModelInfo(NamedTuple):
    """A model that was logged: `model_uri` is what `load_model` and `register_model` take."""

    model_id: str
    model_uri: str
    name: str
    run_id: str
    signature: Signature | None


def log_model(  # noqa: PLR0913 - MLflow's signature
    model: Any,
    name: str = "model",
    *,
    flavor: str = "",
    signature: Signature | None = None,
    input_example: Any = None,
    registered_model_name: str = "",
    pip_requirements: str | Sequence[str] | None = None,
    extra_pip_requirements: str | Sequence[str] | None = None,
    code_paths: Sequence[str | os.PathLike[str]] | None = None,
    metadata: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    model_type: str = "",
    step: int = 0,
    serialization_format: str = "",
    skops_trusted_types: Sequence[str] | None = None,
    artifacts: Mapping[str, str] | None = None,
    model_config: Mapping[str, Any] | None = None,
    run_id: str | None = None,
) -> ModelInfo:
    """Log a model of the active run: a logged model of MLflow 3, whose files go through the journal.

    It has the run's params, and the run's metrics of this `step`. With `registered_model_name` it becomes a version of
    that registered model when its files have arrived. The other arguments are those of `save_model`.

    Raises CumulogError if the model cannot be saved; then nothing of it is logged.
    """
    wish = Wish(
        serialization_format, skops_trusted_types or (), artifacts or {}, model_config or {}, example=input_example
    )
    recipe = Recipe(
        flavor,
        signature,
        input_example,
        pip_requirements,
        extra_pip_requirements,
        code_paths or (),
        metadata or {},
        wish,
    )
    fields = begun.fields(Begun(name, model_type, step, params, tags))
    registered = begun.registered(registered_model_name)
    return _logged(run_to_log_to(run_id), model, recipe, fields, registered)


def _logged(run: Run, model: Any, recipe: Recipe, fields: Mapping[str, Any], registered: str) -> ModelInfo:
    model_id = f"m-{new_id()}"
    try:
        kept = folder_of(run)
        folder = Path(tempfile.mkdtemp(dir=kept, prefix="model-"))
    except OSError as error:
        raise CumulogError(f"The model was not logged: {error}") from error
    try:
        signature = saving.write(model, folder, recipe, Identity(model_id, run.info.run_id))
        run.append(Kind.MODEL, json.dumps({"model_id": model_id, **fields}).encode())
        files = _note_files(run, folder, model_id)
        run.append(
            Kind.MODEL_FILES, json.dumps({"model_id": model_id, "files": files, "registered": registered}).encode()
        )
    except OSError as error:
        raise CumulogError(f"The model was not logged: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return ModelInfo(model_id, f"models:/{model_id}", str(fields["name"]), run.info.run_id, signature)


def _note_files(run: Run, folder: Path, model_id: str) -> dict[str, int]:
    """Journal the files of a model. They are moved to where the journal keeps files; returns their sizes by path."""
    sizes = {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        place = folder.parent / f"{new_id()}{path.suffix}"
        path.replace(place)
        name = path.relative_to(folder).as_posix()
        sizes[name] = place.stat().st_size
        note(run, place, name, place.name, model_id=model_id)
    return sizes
