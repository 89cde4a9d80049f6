"""MLflow's modules of frameworks, by their names: `cumulog.sklearn.log_model(model, name="wine")`."""

from os import PathLike
from typing import Any

from cumulog._http.errors import CumulogError
from cumulog._models import loading, logging, saving
from cumulog._models.signature import Signature, infer_signature
from cumulog.integrations import sklearn as autologging


class Framework:
    """The functions of one of MLflow's modules, for scripts that use them."""

    def __init__(self, flavor: str, argument: str) -> None:
        self._flavor = flavor
        # What MLflow calls the model.
        self._argument = argument

    def log_model(self, model: Any = None, artifact_path: str | None = None, **said: Any) -> logging.ModelInfo:
        """Log a model of this framework; see `cumulog.log_model`."""
        name = said.pop("name", None) or artifact_path or "model"
        return logging.log_model(self._given(model, said), name, flavor=self._flavor, **said)

    def save_model(self, model: Any = None, path: str | PathLike[str] = "", **said: Any) -> Signature | None:
        """Save a model of this framework to a folder; see `cumulog.save_model`."""
        if not path:
            raise CumulogError("path is missing: the folder to save the model to.")
        return saving.save_model(self._given(model, said), path, flavor=self._flavor, **said)

    def load_model(self, model_uri: str, dst_path: str | PathLike[str] | None = None, *, trust: bool = False) -> Any:
        """Load a model as its framework has it; see `cumulog.load_model`."""
        return loading.load_model(model_uri, dst_path=dst_path, trust=trust).get_raw_model()

    def _given(self, model: Any, said: dict[str, Any]) -> Any:
        found = said.pop(self._argument, None) if model is None else model
        if found is None:
            raise CumulogError(f"{self._argument} is missing: the model.")
        return found


class Pyfunc(Framework):
    """`cumulog.pyfunc`: Python models, and any model with `predict`."""

    def load_model(
        self, model_uri: str, dst_path: str | PathLike[str] | None = None, *, trust: bool = False
    ) -> loading.LoadedModel:
        """Load a model of any framework; see `cumulog.load_model`."""
        return loading.load_model(model_uri, dst_path=dst_path, trust=trust)


class Models:
    """`cumulog.models`: what MLflow's module of this name has, and ours."""

    infer_signature = staticmethod(infer_signature)


class Sklearn(Framework):
    """`cumulog.sklearn`, with autologging."""

    @staticmethod
    def autolog(
        *, log_models: bool = True, log_input_examples: bool = False, max_tuning_runs: int = 5, disable: bool = False
    ) -> None:
        """Log each fit of scikit-learn from now on; see `integrations/sklearn.py`."""
        autologging.autolog(
            log_models=log_models,
            log_input_examples=log_input_examples,
            max_tuning_runs=max_tuning_runs,
            disable=disable,
        )


sklearn = Sklearn("sklearn", "sk_model")
xgboost = Framework("xgboost", "xgb_model")
lightgbm = Framework("lightgbm", "lgb_model")
onnx = Framework("onnx", "onnx_model")
pytorch = Framework("pytorch", "pytorch_model")
pyfunc = Pyfunc("python_function", "python_model")
models = Models()
