"""A model as a folder that MLflow's loaders read, and ours."""

import copy
import datetime
import platform
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from cumulog._delivery.deliverer import say
from cumulog._http.errors import CumulogError
from cumulog._models import code, examples, mlmodel, requirements, schemas, types
from cumulog._models.examples import Example
from cumulog._models.flavors import known
from cumulog._models.flavors.kinds import Flavor, Saved, Wish
from cumulog._models.mlmodel import Identity
from cumulog._models.signature import Signature, infer_signature

_FUNCTION = "python_function"


@dataclass(frozen=True)
class Recipe:
    """What was said about a model that is to be saved. See `save_model`."""

    flavor: str = ""
    signature: Signature | None = None
    input_example: Any = None
    pip_requirements: str | Sequence[str] | None = None
    extra_pip_requirements: str | Sequence[str] | None = None
    code_paths: Sequence[str | PathLike[str]] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    wish: Wish = field(default_factory=Wish)


def save_model(  # noqa: PLR0913 - the names of MLflow's functions
    model: Any,
    path: str | PathLike[str],
    *,
    flavor: str = "",
    signature: Signature | None = None,
    input_example: Any = None,
    pip_requirements: str | Sequence[str] | None = None,
    extra_pip_requirements: str | Sequence[str] | None = None,
    code_paths: Sequence[str | PathLike[str]] | None = None,
    metadata: Mapping[str, Any] | None = None,
    serialization_format: str = "",
    skops_trusted_types: Sequence[str] | None = None,
    artifacts: Mapping[str, str] | None = None,
    model_config: Mapping[str, Any] | None = None,
) -> Signature | None:
    """Save a model as a folder that MLflow's `load_model` reads, and `cumulog.load_model`; returns its signature.

    `model` is one of scikit-learn, XGBoost, LightGBM, ONNX or PyTorch, a function, an object with `predict`, or the
    path of a .py file that defines `model` or `predict`. The folder has to be new, or empty.

    The signature is inferred from `input_example` and what the model makes of it. `pip_requirements` replace those that
    were found, `extra_pip_requirements` are added. `code_paths` are files and folders of code that the model needs.
    `artifacts` and `model_config` are for Python models: they come with the `context`.

    Raises CumulogError, and leaves no folder, if the model cannot be saved.
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
    folder = Path(path)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CumulogError(f"'{folder}' is there already: save the model to a new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CumulogError(f"The model cannot be saved: {error}") from error
    try:
        return write(model, folder, recipe, Identity())
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def write(model: Any, folder: Path, recipe: Recipe, identity: Identity) -> Signature | None:
    """Write a model to an empty folder, and return its signature. Raises CumulogError, with part of it written."""
    try:
        return _write(model, folder, recipe, identity)
    except CumulogError:
        raise
    except Exception as error:
        # What a library makes of a model, and an argument of another kind than is asked for, may raise anything.
        raise CumulogError(f"The model cannot be saved: {type(error).__name__}: {error}") from error


def _write(model: Any, folder: Path, recipe: Recipe, identity: Identity) -> Signature | None:
    _check(recipe)
    kind = known.of(model, recipe.flavor)
    example = examples.of(recipe.input_example)
    wish = recipe.wish if example is None else _with_example(recipe.wish, example)
    code.copy(recipe.code_paths, folder)
    saved = kind.save(model, folder, wish)
    signature = recipe.signature or _inferred(kind, model, example)
    needed = _needed(recipe, saved, example)
    mlmodel.write_environment(folder, needed)
    tree = {
        "flavors": _flavors(kind, saved, has_code=bool(recipe.code_paths)),
        **({"saved_input_example_info": examples.write(example, folder)} if example else {}),
        **({"signature": signature.to_dict()} if signature else {}),
        **({"metadata": dict(recipe.metadata)} if recipe.metadata else {}),
    }
    mlmodel.write(folder, {**tree, **_facts(folder, identity)})
    return signature


def _check(recipe: Recipe) -> None:
    """Raises CumulogError for arguments of the wrong kind."""
    if recipe.signature and not hasattr(recipe.signature, "to_dict"):
        raise CumulogError(f"signature is what infer_signature gives, not a {type(recipe.signature).__name__}.")
    said = {"metadata": recipe.metadata, "artifacts": recipe.wish.artifacts, "model_config": recipe.wish.model_config}
    for name, given in said.items():
        if not isinstance(given, Mapping):
            raise CumulogError(f"{name} is a dictionary, not a {type(given).__name__}.")


def _with_example(wish: Wish, example: Example) -> Wish:
    return Wish(wish.serialization_format, wish.trusted_types, wish.artifacts, wish.model_config, example.data)


def _flavors(kind: Flavor, saved: Saved, *, has_code: bool) -> dict[str, Any]:
    place = code.NAME if has_code else None
    function = {
        "env": mlmodel.ENVIRONMENT,
        "python_version": platform.python_version(),
        **({"code": place} if place else {}),
        **saved.function,
    }
    own = {} if kind.NAME == _FUNCTION else {kind.NAME: {"code": place, **saved.own}}
    return {_FUNCTION: function, **own}


def _facts(folder: Path, identity: Identity) -> dict[str, Any]:
    now = datetime.datetime.now(datetime.timezone.utc)
    return {
        "mlflow_version": mlmodel.MLFLOW,
        "model_size_bytes": mlmodel.size(folder),
        "utc_time_created": now.strftime("%Y-%m-%d %H:%M:%S.%f"),
        **({"model_id": identity.model_id, "model_uuid": identity.model_id} if identity.model_id else {}),
        **({"run_id": identity.run_id} if identity.run_id else {}),
    }


def _inferred(kind: Flavor, model: Any, example: Example | None) -> Signature | None:
    """The signature of what a model makes of its example; None without one, or of a file, which is not run."""
    if example is None or isinstance(model, str | PathLike):
        return None
    try:
        # The model may change what it is given.
        output = kind.predict(model, copy.deepcopy(example.data), example.params or {})
    except Exception as error:  # noqa: BLE001 - what the model does may raise anything
        say(f"The model has no signature, as it cannot predict its input_example: {type(error).__name__}: {error}")
        return None
    signature = infer_signature(example.data, output, example.params)
    return signature._replace(outputs=schemas.of_rows(output)) if _is_by_row(signature, output) else signature


def _is_by_row(signature: Signature, output: Any) -> bool:
    """Whether a model takes columns and gives a number for each row: they are a column too, as in MLflow."""
    is_tensor = any(each["type"] == "tensor" for each in signature.inputs or ())
    return not is_tensor and types.is_array(output) and output.ndim == 1 and schemas.has_type(output.dtype)


def _needed(recipe: Recipe, saved: Saved, example: Example | None) -> list[str]:
    """The lines of requirements.txt."""
    modules = set(saved.modules)
    if example is not None:
        modules.add(type(example.data).__module__)
    found = (
        requirements.of_modules(modules)
        if recipe.pip_requirements is None
        else requirements.given(recipe.pip_requirements)
    )
    extra = requirements.given(recipe.extra_pip_requirements) if recipe.extra_pip_requirements is not None else []
    return list(dict.fromkeys([*found, *extra]))
