"""A run of a project, by `cumulog run` or `mlflow run`."""

from collections.abc import Mapping

from cumulog._projects.running.order import Order
from cumulog._reproduction.errors import NotReproducible
from cumulog._reproduction.rebuilding.packages import Chosen
from cumulog._reproduction.rebuilding.placing import Place
from cumulog._reproduction.recorded.run import Recorded


def ordered(recorded: Recorded, _place: Place, _chosen: Chosen, _others: Mapping[str, str]) -> Order:
    """Raises NotReproducible: projects cannot be read yet."""
    raise NotReproducible(f"Run {recorded.run_id} is one of a project, and these cannot be run again yet.")
