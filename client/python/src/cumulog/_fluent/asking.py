"""Questions to the server: by `cumulog.Client`, which is loaded with the first of them."""

from collections.abc import Callable

from cumulog._fluent.entities import Experiment, StoredRun, experiment_of, run_of
from cumulog._http import experiments
from cumulog._http.errors import CumulogError
from cumulog._http.forks import importing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._client.client import Client

# As numbers, as in MLflow's ViewType.
VIEWS = {1: "ACTIVE_ONLY", 2: "DELETED_ONLY", 3: "ALL"}

_clients: dict[str, "Client"] = {}


def client(server: str) -> "Client":
    """The client for a server. Raises CumulogError if there is none."""
    if not server:
        raise CumulogError(
            "This asks the server, and there is none: call cumulog.set_tracking_uri('https://…'), or set "
            "MLFLOW_TRACKING_URI."
        )
    if server not in _clients:
        with importing:
            # Most jobs only log.
            from cumulog._client.client import Client  # noqa: PLC0415
            from cumulog._http.retry import Retry  # noqa: PLC0415
            from cumulog._http.transport import Transport  # noqa: PLC0415

            # A `flush` has tried for some seconds already.
            retry = Retry(attempts=4, first=0.25, within=10.0)
            _clients[server] = Client(transport=Transport(server, retry=retry, seconds=30.0))
    return _clients[server]


def stored_run(server: str, run_id: str) -> StoredRun:
    """A run as the server has it. Raises ApiError."""
    return run_of(client(server).runs.get(run_id)["run"])


def experiment_named(server: str, name: str) -> Experiment | None:
    """The experiment of this name, a deleted one too. Raises ApiError."""
    return experiments.known(_asked(server), name)


def experiment_to_log_to(server: str, name: str) -> Experiment:
    """The experiment of this name, created if it is missing. Raises ApiError."""

    def create(name: str) -> Experiment:
        return experiment_by_id(server, client(server).experiments.create(name)["experiment_id"])

    return experiments.found_or_created(_asked(server), create, name)


def experiment_by_id(server: str, experiment_id: str) -> Experiment:
    """An experiment as the server has it. Raises ApiError."""
    return experiment_of(client(server).experiments.get(experiment_id)["experiment"])


def _asked(server: str) -> Callable[[str], Experiment]:
    return lambda name: experiment_of(client(server).experiments.get_by_name(name)["experiment"])


def view(run_view_type: int | str) -> str:
    """The name of a view that is given as in MLflow. Raises CumulogError for another."""
    name = VIEWS.get(run_view_type, "") if isinstance(run_view_type, int) else run_view_type
    if name not in VIEWS.values():
        raise CumulogError(f"{run_view_type!r} is no view: use 'ACTIVE_ONLY' (1), 'DELETED_ONLY' (2) or 'ALL' (3).")
    return name
