"""PyTorch: modules by torch.save with cloudpickle, or exported by torch.export (`pt2`)."""

import pickle
import sys
import types
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cumulog._http.errors import CumulogError
from cumulog._models.flavors import pickled
from cumulog._models.flavors.kinds import Entries, Saved, Wish, library, one_of, require_trust, within

NAME = "pytorch"
_FOLDER = "data"
_PICKLED, _EXPORTED, _BY = "model.pth", "model.pt2", "pickle_module_info.txt"
# MLflow imports the module that the file names, and this one is its own.
_MODULE = "mlflow.pytorch.pickle_module"


def is_of(model: Any) -> bool:
    found = sys.modules.get("torch")
    return found is not None and isinstance(model, found.nn.Module)


def save(model: Any, folder: Path, wish: Wish) -> Saved:
    torch = library("torch")
    place = folder / _FOLDER
    place.mkdir()
    if one_of(wish.serialization_format, "pickle", "pt2") == "pt2":
        modules = _export(torch, model, place / _EXPORTED, wish.example)
    else:
        torch.save(model, place / _PICKLED, pickle_module=_by_cloudpickle())
        (place / _BY).write_text(_MODULE)
        modules = {"cloudpickle", *_modules_of(place / _PICKLED)}
    function = {
        "config": {"device": None},
        "data": _FOLDER,
        "loader_module": "mlflow.pytorch",
        "pickle_module_name": _MODULE,
    }
    own = {"model_data": _FOLDER, "pytorch_version": str(torch.__version__)}
    return Saved(function, own, {"torch", "numpy", *modules})


def load(folder: Path, entries: Entries, _function: Entries, trust: bool) -> Any:
    torch = library("torch")
    place = within(folder, entries.get("model_data"))
    require_trust(trust, "PyTorch unpickles a part of it")
    if (place / _EXPORTED).exists():
        return torch.export.load(place / _EXPORTED).module()
    model = torch.load(within(place, _PICKLED), map_location="cpu", weights_only=False, pickle_module=_by_cloudpickle())
    model.eval()
    return model


def predict(model: Any, data: Any, params: Mapping[str, Any]) -> Any:
    """An array; of a DataFrame, a DataFrame with the same index."""
    torch, numpy = library("torch"), library("numpy")
    is_frame = hasattr(data, "columns")
    array = data.to_numpy(dtype="float32") if is_frame else numpy.asarray(data)
    if not array.flags.writeable:
        # As pandas gives them; PyTorch warns of such.
        array = array.copy()
    with torch.no_grad():
        found = model(torch.from_numpy(array), **params)
    if not isinstance(found, torch.Tensor):
        raise CumulogError(f"A model has to give one tensor, not a {type(found).__name__}.")
    result = found.cpu().numpy()
    return sys.modules["pandas"].DataFrame(result, index=data.index) if is_frame else result


def _export(torch: Any, model: Any, path: Path, example: Any) -> set[str]:
    if example is None:
        raise CumulogError("serialization_format='pt2' traces the model with its input_example, so pass one.")
    array = library("numpy").asarray(example, dtype="float32" if hasattr(example, "columns") else None)
    try:
        batch = {0: torch.export.Dim.AUTO}
        exported = torch.export.export(model, (torch.from_numpy(array),), dynamic_shapes=(batch,))
        torch.export.save(exported, path)
    except Exception as error:
        # What the model does may raise anything.
        raise CumulogError(f"The model cannot be exported: {type(error).__name__}: {error}") from error
    return set()


def _modules_of(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        return {each for name in names for each in pickled.modules_of(archive.read(name))}


def _by_cloudpickle() -> Any:
    """A module as torch.save and torch.load ask for: it pickles by cloudpickle, and so what a script defines."""
    cloudpickle = library("cloudpickle")
    module = types.ModuleType(_MODULE)
    return _with(
        module,
        Pickler=cloudpickle.CloudPickler,
        Unpickler=pickle.Unpickler,
        dump=cloudpickle.dump,
        dumps=cloudpickle.dumps,
        load=pickle.load,
        loads=pickle.loads,
    )


def _with(module: types.ModuleType, **names: Any) -> types.ModuleType:
    vars(module).update(names)
    return module
