"""What is known about the run that is logged to, and what the server has to be asked for."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cumulog._fluent.entities import StoredRun


class RunInfo(NamedTuple):
    """What is known without asking the server. The name and `experiment_id` are empty if the server has to say them."""

    run_id: str
    run_name: str
    experiment_id: str


class ActiveInfo:
    """The facts about an active run. What only the server knows it is asked for when it is read; see `Host.stored`."""

    def __init__(self, known: RunInfo, ask: "Callable[[], StoredRun | None]") -> None:
        self.run_id = known.run_id
        self._known = known
        self._ask = ask

    def __repr__(self) -> str:
        """What is known without asking the server."""
        return " ".join(f"{name}={value!r}" for name, value in self._known._asdict().items() if value)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """For `dict(run.info)`, as in MLflow."""
        return iter(self.to_dictionary().items())

    def to_dictionary(self) -> dict[str, Any]:
        """What the server has of it, by the fields' names; without a server what is known here."""
        run = self._ask()
        return run.info.to_dictionary() if run else self._known._asdict()

    @property
    def run_name(self) -> str:
        return self._known.run_name or self._asked_text("run_name")

    @property
    def experiment_id(self) -> str:
        return self._known.experiment_id or self._asked_text("experiment_id")

    @property
    def artifact_uri(self) -> str:
        """Where its artifacts are."""
        return self._asked_text("artifact_uri")

    @property
    def status(self) -> str:
        return self._asked_text("status")

    @property
    def user_id(self) -> str:
        return self._asked_text("user_id")

    @property
    def lifecycle_stage(self) -> str:
        return self._asked_text("lifecycle_stage")

    @property
    def start_time(self) -> int:
        """In ms since 1970."""
        run = self._ask()
        return run.info.start_time if run else 0

    @property
    def end_time(self) -> int | None:
        """In ms since 1970; None while the run goes on."""
        run = self._ask()
        return run.info.end_time if run else None

    def _asked_text(self, name: str) -> str:
        """Empty if there is no server to ask."""
        run = self._ask()
        return str(getattr(run.info, name)) if run else ""
