"""Experiments: the one that runs go to, and what the server knows of all of them.

`set_experiment` asks no server: what it returns asks when it is read. All others ask at once, and raise ApiError, or
CumulogError if no server is set.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from cumulog._fluent.asking import client, experiment_by_id, experiment_named, experiment_to_log_to, view
from cumulog._fluent.entities import Experiment, experiment_of
from cumulog._fluent.names import flaw
from cumulog._fluent.process import process
from cumulog._http.errors import CumulogError

_MOST = 100_000


class ChosenExperiment:
    """The experiment of the next runs. What only the server knows it is asked for when it is read.

    An experiment that was chosen by its name, and is missing, is created by that.
    """

    def __init__(self, experiment_id: str, name: str, server: str) -> None:
        self._id = experiment_id
        self._name = name
        self._server = server
        self._found: Experiment | None = None

    def __repr__(self) -> str:
        return f"<experiment {self._name or self._id}>"

    @property
    def experiment_id(self) -> str:
        return self._id or self._stored().experiment_id

    @property
    def name(self) -> str:
        return self._name or self._stored().name

    @property
    def artifact_location(self) -> str:
        """Below which its runs have their artifacts."""
        return self._stored().artifact_location

    @property
    def lifecycle_stage(self) -> str:
        """`active` or `deleted`."""
        return self._stored().lifecycle_stage

    @property
    def tags(self) -> dict[str, str]:
        return self._stored().tags

    @property
    def creation_time(self) -> int:
        """In ms since 1970."""
        return self._stored().creation_time

    @property
    def last_update_time(self) -> int:
        """In ms since 1970."""
        return self._stored().last_update_time

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """For `dict(experiment)`, as in MLflow."""
        return iter(self._stored())

    def to_dictionary(self) -> dict[str, Any]:
        """The fields by their names."""
        return self._stored().to_dictionary()

    def _stored(self) -> Experiment:
        if self._found is None:
            self._found = (
                experiment_by_id(self._server, self._id) if self._id else experiment_to_log_to(self._server, self._name)
            )
        return self._found


def set_experiment(experiment_name: str | None = None, experiment_id: str | None = None) -> ChosenExperiment:
    """Choose the experiment of the runs that start from now on. One that is missing is created with its first run."""
    if bool(experiment_name) == bool(experiment_id):
        raise CumulogError("Name an experiment, or give its id; not both, and not neither.")
    if experiment_name and not isinstance(experiment_name, str):
        raise CumulogError(f"The name of an experiment is a text, not a {type(experiment_name).__name__}.")
    if experiment_name and (why := flaw(experiment_name)):
        raise CumulogError(f"No experiment can have the name {experiment_name[:100]!r}: {why}. Choose another name.")
    process.experiment_name, process.experiment_id = experiment_name or "", str(experiment_id or "")
    return ChosenExperiment(process.experiment_id, process.experiment_name, process.server_now())


def get_experiment(experiment_id: str) -> Experiment:
    """An experiment, asked of the server by its id."""
    return experiment_by_id(process.server_now(), str(experiment_id))


def get_experiment_by_name(name: str) -> Experiment | None:
    """An experiment, asked of the server by its name; None if there is none."""
    return experiment_named(process.server_now(), name)


def search_experiments(
    view_type: int | str = 1,
    max_results: int | None = None,
    filter_string: str | None = None,
    order_by: Sequence[str] | None = None,
) -> list[Experiment]:
    """The experiments that a filter finds, 100,000 at most. `view_type` is a number of MLflow's, or its name."""
    ours = client(process.server_now())
    pages = ours.pages(
        ours.experiments.search, max_results=1000, filter=filter_string, order_by=order_by, view_type=view(view_type)
    )
    found = (each for page in pages for each in page.get("experiments", ()))
    return [experiment_of(each) for each in islice(found, _MOST if max_results is None else max_results)]


def create_experiment(name: str, artifact_location: str | None = None, tags: Mapping[str, Any] | None = None) -> str:
    """Create an experiment, and return its id. To log to it, `set_experiment` is enough, which also works offline."""
    pairs = [(str(key), str(value)) for key, value in (tags or {}).items()]
    reply = client(process.server_now()).experiments.create(
        name, artifact_location=artifact_location, tags=[{"key": key, "value": value} for key, value in pairs]
    )
    return str(reply["experiment_id"])


def delete_experiment(experiment_id: str) -> None:
    """Delete an experiment with its runs. It can be restored."""
    client(process.server_now()).experiments.delete(str(experiment_id))


def set_experiment_tag(key: str, value: Any) -> None:
    """Set a tag of the experiment that new runs go to; one that is missing is created."""
    set_experiment_tags({key: value})


def set_experiment_tags(tags: Mapping[str, Any]) -> None:
    """Set tags of the experiment that new runs go to; one that is missing is created."""
    server = process.server_now()
    experiment_id = ChosenExperiment(*process.experiment(), server).experiment_id
    for key, value in tags.items():
        client(server).experiments.set_tag(experiment_id, str(key), value=str(value))
