"""Questions about runs: each asks the server after it has what this process logged, as far as ten seconds suffice.

They raise ApiError, or CumulogError if no server is set.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from cumulog._fluent.asking import client, experiment_named, stored_run, view
from cumulog._fluent.entities import StoredRun, run_of
from cumulog._fluent.experiments import search_experiments
from cumulog._fluent.face import run_to_log_to
from cumulog._fluent.process import process
from cumulog._fluent.runs import once
from cumulog._http.errors import CumulogError
from cumulog._http.wire import Json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._client.generated.replies import runs as replies

_PAGE = 1000
_MOST_EXPERIMENTS = 10_000
_PARENT = "mlflow.parentRunId"


def get_run(run_id: str) -> StoredRun:
    """A run as the server has it."""
    process.flush()
    return stored_run(process.server_now(), run_id)


def get_parent_run(run_id: str) -> StoredRun | None:
    """The run in which a run was started; None if there is none."""
    parent = get_run(run_id).data.tags.get(_PARENT)
    return get_run(parent) if parent else None


def get_artifact_uri(artifact_path: str | None = None) -> str:
    """Where the artifacts of the active run are, or one of them; empty if no server is set."""
    uri = run_to_log_to().info.artifact_uri
    return f"{uri}/{artifact_path.strip('/')}" if uri and artifact_path else uri


def delete_run(run_id: str) -> None:
    """Delete a run. It can be restored."""
    process.flush()
    client(process.server_now()).runs.delete(run_id)


def search_runs(  # noqa: PLR0913 - MLflow's signature
    experiment_ids: Sequence[str] | None = None,
    filter_string: str = "",
    run_view_type: int | str = 1,
    max_results: int = 100_000,
    order_by: Sequence[str] | None = None,
    output_format: str = "pandas",
    search_all_experiments: bool = False,
    experiment_names: Sequence[str] | None = None,
) -> Any:
    """The runs that a filter finds: a DataFrame of pandas, or a list of StoredRun.

    A list if `output_format` is "list", or pandas is not installed. Without ids and names it searches the experiment
    that new runs go to. The DataFrame has MLflow's columns: run_id, experiment_id, status, artifact_uri, start_time,
    end_time, and metrics.*, params.* and tags.* of all that the runs have.
    """
    if output_format not in ("pandas", "list"):
        raise CumulogError(f"{output_format!r} is no output format: use 'pandas' or 'list'.")
    if isinstance(experiment_ids, str) or isinstance(experiment_names, str):
        raise CumulogError("experiment_ids and experiment_names are lists: put a single one in brackets.")
    process.flush()
    ids = _experiments(experiment_ids, experiment_names, everywhere=search_all_experiments)
    fields = {"filter": filter_string, "run_view_type": view(run_view_type), "order_by": order_by}
    runs = [run_of(each) for each in islice(_found(ids, fields, max_results), max(0, max_results))]
    return runs if output_format == "list" else _frame(runs)


def _experiments(ids: Sequence[str] | None, names: Sequence[str] | None, *, everywhere: bool) -> list[str]:
    """The ids of the experiments to search."""
    if ids and names:
        raise CumulogError("Give the ids of experiments, or their names, but not both.")
    if ids:
        return [str(each) for each in ids]
    if everywhere and not names:
        return [each.experiment_id for each in search_experiments(max_results=_MOST_EXPERIMENTS)]
    experiment_id, name = process.experiment()
    if experiment_id and not names:
        return [experiment_id]
    return list(_named(names or [name]))


def _named(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        found = experiment_named(process.server_now(), name)
        if found:
            yield found.experiment_id
        else:
            once(f"There is no experiment '{name}', so none of its runs is found.")


def _found(ids: Sequence[str], fields: Json, most: int) -> "Iterator[replies.Run]":
    ours = client(process.server_now())
    if not ids or most < 1:
        return
    for page in ours.pages(ours.runs.search, experiment_ids=ids, max_results=min(_PAGE, most), **fields):
        yield from page.get("runs", ())


def _frame(runs: Sequence[StoredRun]) -> Any:
    """The runs as a DataFrame, or as they are without pandas."""
    try:
        # An optional library, which takes a second to import.
        import pandas  # type: ignore[import-untyped, unused-ignore]  # noqa: PLC0415
    except ImportError:
        once("pandas is not installed, so search_runs returns a list.")
        return list(runs)
    infos = [each.info for each in runs]
    columns: dict[str, Any] = {
        name: [getattr(info, name) for info in infos] for name in ("run_id", "experiment_id", "status", "artifact_uri")
    }
    for name in ("start_time", "end_time"):
        columns[name] = [pandas.to_datetime(getattr(info, name), unit="ms", utc=True) for info in infos]
    for kind, missing in (("metrics", float("nan")), ("params", None), ("tags", None)):
        parts = [getattr(each.data, kind) for each in runs]
        for key in dict.fromkeys(key for part in parts for key in part):
            columns[f"{kind}.{key}"] = [part.get(key, missing) for part in parts]
    return pandas.DataFrame(columns)
