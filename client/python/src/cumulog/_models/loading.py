"""Models from the server or a folder, of ours or MLflow's."""

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from cumulog._client.client import Client
from cumulog._fluent.asking import client
from cumulog._fluent.process import process
from cumulog._http.errors import CumulogError
from cumulog._models import importing, mlmodel, places
from cumulog._models.flavors import known, python
from cumulog._models.flavors.kinds import Entries, Flavor, library, require_trust, within
from cumulog._models.signature import Signature
from cumulog._transfer.api import Api

_FUNCTION = "python_function"


class LoadedModel:
    """A model that was loaded: it predicts."""

    def __init__(self, model: Any, predict: Any, tree: Mapping[str, Any], signature: Signature | None = None) -> None:
        self._model = model
        self._predict = predict
        self._tree = tree
        self._signature = signature

    def __repr__(self) -> str:
        return f"<cumulog.LoadedModel {type(self._model).__name__} {', '.join(sorted(self.flavors))}>"

    @property
    def signature(self) -> Signature | None:
        """What the model takes and gives, if it was said."""
        return self._signature

    @property
    def flavors(self) -> list[str]:
        """The frameworks by which it can be loaded."""
        return list(self._tree["flavors"])

    @property
    def metadata(self) -> dict[str, Any]:
        """What was given as `metadata` when it was saved."""
        metadata = self._tree.get("metadata")
        return dict(metadata) if isinstance(metadata, dict) else {}

    def predict(self, data: Any, params: Mapping[str, Any] | None = None) -> Any:
        """What the model makes of some data. Params that are not given have their values of the signature."""
        named = self.signature.params if self.signature else None
        defaults = {each["name"]: each.get("default") for each in named or ()}
        return self._predict(self._model, data, {**defaults, **(params or {})})

    def get_raw_model(self) -> Any:
        """The model as its framework has it."""
        unwrapped = getattr(self._model, "get_raw_model", None)
        return unwrapped() if callable(unwrapped) else self._model


def load_model(
    model_uri: str | PathLike[str], *, trust: bool = False, dst_path: str | PathLike[str] | None = None
) -> LoadedModel:
    """Load a model: by `runs:/…`, `models:/…`, or from a folder (see `places.py`), of ours or MLflow's.

    A model that is downloaded goes to `dst_path`, or to a temporary folder that ends with the model.

    A model may run any code when it is loaded: pickles do, and so do PyTorch's files, Python models and code that comes
    with a model. It is refused unless you `trust` where it comes from. Raises CumulogError.
    """
    uri = str(model_uri)
    if not uri.startswith(("runs:/", "models:/", "mlflow-artifacts:")):
        return _loaded(Path(uri.removeprefix("file://")), trust)
    process.flush()
    server = process.server_now()
    asked, api = client(server), Api(server)
    if dst_path is not None:
        return _loaded(places.fetch(uri, Path(dst_path), asked, api), trust)
    return _loaded_for_a_while(uri, trust, asked, api)


def _loaded_for_a_while(uri: str, trust: bool, asked: Client, api: Api) -> LoadedModel:
    folder = Path(tempfile.mkdtemp(prefix="cumulog-model-"))
    try:
        model = _loaded(places.fetch(uri, folder, asked, api), trust)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    # Its artifacts may be read later.
    weakref.finalize(model, shutil.rmtree, folder, ignore_errors=True)
    return model


def _loaded(folder: Path, trust: bool) -> LoadedModel:
    tree = mlmodel.read(folder)
    flavors: dict[str, Entries] = tree["flavors"]
    function = flavors.get(_FUNCTION, {})
    kind = _kind(flavors, function)
    own = flavors.get(kind.NAME, {}) if kind else {}
    _allow_code(folder, own.get("code") or function.get("code"), trust)
    signature = mlmodel.signature(tree)
    try:
        model = kind.load(folder, own, function, trust) if kind else _by_its_loader(folder, function, trust)
    except CumulogError:
        raise
    except Exception as error:
        # What a library, or the model's own code, makes of its files may raise anything.
        raise CumulogError(f"The model cannot be loaded: {type(error).__name__}: {error}") from error
    return LoadedModel(model, kind.predict if kind else _predicted, tree, signature)


def _kind(flavors: Mapping[str, Entries], function: Entries) -> Flavor | None:
    """The framework whose module loads the model; None if its own loader has to."""
    for flavor in known.FLAVORS:
        if flavor.NAME in flavors and (flavor.NAME != _FUNCTION or function.get("loader_module") == python.LOADER):
            return flavor
    return None


def _allow_code(folder: Path, code: Any, trust: bool) -> None:
    """Let the model import the code that comes with it. Raises CumulogError if it is not trusted."""
    if code:
        require_trust(trust, "code comes with it")
        importing.first(within(folder, code))


def _by_its_loader(folder: Path, function: Entries, trust: bool) -> Any:
    """A model of another framework, by the module that its MLmodel names: one of MLflow's, mostly."""
    loader = str(function.get("loader_module", ""))
    if not loader:
        raise CumulogError("The model has no flavor that can be loaded here.")
    require_trust(trust, f"it is loaded by the module {loader}")
    # As MLflow does: its Python models read their folder themselves.
    data = within(folder, function["data"]) if "data" in function else folder
    if loader.startswith("."):
        raise CumulogError(f"{loader[:100]!r} is no name of a module.")
    module = library(loader, "mlflow" if loader.startswith("mlflow") else "")
    if not callable(getattr(module, "_load_pyfunc", None)):
        raise CumulogError(f"The module {loader[:100]} loads no models: it has no _load_pyfunc.")
    return module._load_pyfunc(str(data))


def _predicted(model: Any, data: Any, params: Mapping[str, Any]) -> Any:
    return model.predict(data, params=dict(params)) if params else model.predict(data)
