"""MLflow's modules of frameworks, by their names: `cumulog.sklearn.log_model(model, name="wine")`."""

from os import PathLike
from typing import Any

from cumulog._fluent.runs import once
from cumulog._http.errors import CumulogError
from cumulog._models import loading, logging, saving
from cumulog._models.signature import Signature, infer_signature
from cumulog.integrations import sklearn as autologging

# Arguments of MLflow's that cumulog does not have. Those without effect: nothing waits for a registration.
_WITHOUT_EFFECT = {"await_registration_for"}
_MISSING = {
    *("auth_policy", "conda_env", "data_path", "env_pack", "export_model", "extra_files", "infer_code_paths"),
    *("loader_module", "model_id", "onnx_execution_providers", "onnx_session_options", "pickle_module", "prompts"),
    *("pyfunc_predict_fn", "resources", "save_as_external_data", "streamable", "uv_extras", "uv_groups"),
    "uv_project_path",
}


class Framework:
    """The functions of one of MLflow's modules, for scripts that use them."""

    def __init__(self, flavor: str, argument: str) -> None:
        self._flavor = flavor
        # What MLflow calls the model.
        self._argument = argument

    def log_model(self, model: Any = None, artifact_path: str | None = None, **said: Any) -> logging.ModelInfo:
        """Log a model of this framework; see `cumulog.log_model`."""
        name = said.pop("name", None) or artifact_path or "model"
        return logging.log_model(self._given(model, said), name, flavor=self._flavor, **_ours(said))

    def save_model(self, model: Any = None, path: str | PathLike[str] = "", **said: Any) -> Signature | None:
        """Save a model of this framework to a folder; see `cumulog.save_model`."""
        if not path:
            raise CumulogError("path is missing: the folder to save the model to.")
        return saving.save_model(self._given(model, said), path, flavor=self._flavor, **_ours(said))

    def load_model(self, model_uri: str, dst_path: str | PathLike[str] | None = None, *, trust: bool = False) -> Any:
        """Load a model as its framework has it; see `cumulog.load_model`."""
        return loading.load_model(model_uri, dst_path=dst_path, trust=trust).get_raw_model()

    def _given(self, model: Any, said: dict[str, Any]) -> Any:
        found = said.pop(self._argument, None) if model is None else model
        if found is None:
            raise CumulogError(f"{self._argument} is missing: the model.")
        return found


def _ours(said: dict[str, Any]) -> dict[str, Any]:
    """What cumulog knows of MLflow's arguments. Raises CumulogError for one that says something which would be lost."""
    if lost := sorted(name for name in _MISSING & said.keys() if said[name] is not None):
        instead = " Requirements are given by pip_requirements." if "conda_env" in lost else ""
        raise CumulogError(f"cumulog does not have MLflow's {', '.join(lost)}.{instead}")
    kept = {name: value for name, value in said.items() if name not in _WITHOUT_EFFECT | _MISSING}
    if "model_format" in kept:
        kept["serialization_format"] = kept.pop("model_format")
    return kept


class Pyfunc(Framework):
    """`cumulog.pyfunc`: Python models, and any model with `predict`."""

    # A model that builds on it needs no class of cumulog's where it is loaded.
    PythonModel = object

    def log_model(self, model: Any = None, artifact_path: str | None = None, **said: Any) -> logging.ModelInfo:
        """Log a Python model; see `cumulog.log_model`. Beside `python_model` the first argument is the name."""
        if said.get("python_model") is not None and model is not None:
            model, artifact_path = None, model
        return super().log_model(model, artifact_path, **said)

    def save_model(self, model: Any = None, path: str | PathLike[str] = "", **said: Any) -> Signature | None:
        """Save a Python model; see `cumulog.save_model`. Beside `python_model` the first argument is the path."""
        if said.get("python_model") is not None and model is not None:
            model, path = None, model
        return super().save_model(model, path, **said)

    def load_model(
        self, model_uri: str, dst_path: str | PathLike[str] | None = None, *, trust: bool = False
    ) -> loading.LoadedModel:
        """Load a model of any framework; see `cumulog.load_model`."""
        return loading.load_model(model_uri, dst_path=dst_path, trust=trust)


class Models:
    """`cumulog.models`: what MLflow's module of this name has, and ours."""

    infer_signature = staticmethod(infer_signature)


# What MLflow's autolog has beside: where the second are left out, nobody misses anything.
_QUIETLY = {"disable_for_unsupported_versions", "exclusive", "log_model_signatures", "silent"}
_OF_AUTOLOG = {
    *("extra_tags", "log_datasets", "log_post_training_metrics", "pos_label", "registered_model_name"),
    "serialization_format",
    *_QUIETLY,
}


class Sklearn(Framework):
    """`cumulog.sklearn`, with autologging."""

    @staticmethod
    def autolog(
        *,
        log_models: bool = True,
        log_input_examples: bool = False,
        max_tuning_runs: int = 5,
        disable: bool = False,
        **others: Any,
    ) -> None:
        """Log each fit of scikit-learn from now on; see `integrations/sklearn.py`. Others of MLflow's are left out."""
        if unknown := sorted(others.keys() - _OF_AUTOLOG):
            raise TypeError(f"autolog() got an unexpected keyword argument '{unknown[0]}'")
        if lost := sorted(name for name, value in others.items() if value and name not in _QUIETLY):
            once(f"autolog leaves out {', '.join(lost)}, which only MLflow's has.", "autolog's arguments")
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
