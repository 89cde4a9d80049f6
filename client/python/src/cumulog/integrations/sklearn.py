"""scikit-learn: what is fitted is logged by itself, in the names of MLflow's autologging.

`autolog` replaces `fit`, `fit_transform` and `fit_predict` of scikit-learn's estimators. The outermost call is logged:
what a pipeline or a search fits inside is not. Whatever goes wrong while logging is said, and the fit goes on.
"""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any, NamedTuple

from cumulog._fluent import face
from cumulog._fluent.artifacts import log_text
from cumulog._fluent.quiet import refuse
from cumulog._fluent.runs import Run
from cumulog._http.errors import CumulogError
from cumulog._models.logging import log_model
from cumulog.integrations import sklearn_metrics

_METHODS = ("fit", "fit_transform", "fit_predict")
# They prepare data and are no models.
_LEFT_OUT = ("sklearn.preprocessing", "sklearn.impute", "sklearn.feature_extraction", "sklearn.feature_selection")
_LEFT_OUT_CLASSES = ("ColumnTransformer",)
_EXAMPLE_ROWS = 5

Fit = Callable[..., Any]


class Wanted(NamedTuple):
    """What is to be logged of a fit."""

    models: bool = True
    input_examples: bool = False
    most_tuning_runs: int = 5


class _Inside(threading.local):
    """Whether this thread is inside of a fit that is logged."""

    def __init__(self) -> None:
        self.is_inside = False


_inside = _Inside()
# Classes, names of methods, and what the class had itself under this name.
_replaced: list[tuple[type, str, Fit | None]] = []
_wanted = [Wanted()]


def autolog(
    *, log_models: bool = True, log_input_examples: bool = False, max_tuning_runs: int = 5, disable: bool = False
) -> None:
    """Log each fit of scikit-learn from now on: to the active run, or to one of its own.

    Logged are params, tags of the estimator, metrics of the training data (`training_accuracy_score`, …), the estimator
    as HTML and as a model; of a search over params also the best ones, its results, and the best `max_tuning_runs`
    candidates as child runs. With `disable` nothing is logged any more. Raises ImportError without scikit-learn.
    """
    while _replaced:
        kind, name, original = _replaced.pop()
        if original is None:
            delattr(kind, name)
        else:
            setattr(kind, name, original)
    if disable:
        return
    from sklearn.utils import all_estimators  # noqa: PLC0415 - only who uses it has it

    _wanted[0] = Wanted(log_models, log_input_examples, max_tuning_runs)
    for _, kind in all_estimators():
        if kind.__module__.startswith(_LEFT_OUT) or kind.__name__ in _LEFT_OUT_CLASSES:
            continue
        for name in _METHODS:
            # In the class itself, also what it inherits: others that inherit it are left out.
            if isinstance(original := getattr(kind, name, None), FunctionType):
                _replaced.append((kind, name, vars(kind).get(name)))
                setattr(kind, name, _logging(original))


def _logging(original: Fit) -> Fit:
    @functools.wraps(original)
    def fitted(self: Any, *given: Any, **named: Any) -> Any:
        if _inside.is_inside:
            return original(self, *given, **named)
        _inside.is_inside = True
        try:
            with _run() as run:
                _carefully(_log_before, run, self)
                result = original(self, *given, **named)
                _carefully(_log_after, run, self, given, named)
                return result
        finally:
            _inside.is_inside = False

    return fitted


@contextmanager
def _run() -> Iterator[Run]:
    """The active run, or one for this fit alone."""
    active = face.active_run()
    if active is not None:
        yield active
        return
    with face.start_run(tags={"mlflow.autologging": "sklearn"}) as run:
        yield run


def _carefully(step: Callable[..., None], *given: Any) -> None:
    try:
        step(*given)
    except Exception as error:  # noqa: BLE001 - training goes on, whatever an estimator raises when it is asked
        refuse("autolog", error)


def _log_before(run: Run, model: Any) -> None:
    run.tags(_named(model))
    # Those of what a search tunes are its candidates'.
    run.params(model.get_params(deep=not _is_search(model)))


def _named(model: Any) -> dict[str, str]:
    """The tags that name an estimator."""
    kind = type(model)
    return {"estimator_name": kind.__name__, "estimator_class": f"{kind.__module__}.{kind.__name__}"}


def _log_after(run: Run, model: Any, given: tuple[Any, ...], named: dict[str, Any]) -> None:
    data = sklearn_metrics.data_of(type(model), given, named)
    if data is not None and data.labels is not None:
        run.metrics(sklearn_metrics.of_training(model, data), 0, None)
    html = getattr(model, "_repr_html_", None)
    if callable(html):
        log_text(html(), "estimator.html", run_id=run.info.run_id)
    if _is_search(model):
        _carefully(_log_search, run, model)
    if _wanted[0].models:
        example = data.features[:_EXAMPLE_ROWS] if data is not None and _wanted[0].input_examples else None
        _carefully(_log_model, run, model, example)


def _log_model(run: Run, model: Any, example: Any) -> None:
    log = functools.partial(log_model, model, "model", flavor="sklearn", input_example=example, run_id=run.info.run_id)
    try:
        log()
    except CumulogError:
        # skops does not know every estimator, nor those of the script.
        log(serialization_format="cloudpickle")


def _is_search(model: Any) -> bool:
    return hasattr(model, "refit") and (hasattr(model, "param_grid") or hasattr(model, "param_distributions"))


def _log_search(run: Run, model: Any) -> None:
    """What a search found: the best params and score, and its best candidates as child runs."""
    results = model.cv_results_
    run.params({f"best_{name}": value for name, value in getattr(model, "best_params_", {}).items()})
    if hasattr(model, "best_score_"):
        run.metrics({"best_cv_score": model.best_score_}, 0, None)
    numbers = [name for name in results if name.startswith(("mean_", "std_", "rank_"))]
    ranks = results.get("rank_test_score", range(len(results["params"])))
    for number in sorted(range(len(results["params"])), key=lambda each: ranks[each])[: _wanted[0].most_tuning_runs]:
        tags = {"mlflow.autologging": "sklearn", **_named(model.estimator)}
        with face.start_run(nested=True, parent_run_id=run.info.run_id, tags=tags) as child:
            child.params({**model.estimator.get_params(), **results["params"][number]})
            child.metrics({name: float(results[name][number]) for name in numbers}, 0, None)
