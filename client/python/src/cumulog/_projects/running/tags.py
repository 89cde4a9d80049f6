"""The tags of a project's run, in MLflow's names."""

from pathlib import Path

from cumulog._projects.running.order import Order
from cumulog._record import git
from cumulog._record.confidential import masked_url

FAILURE = "cumulog.failure"


def first(order: Order) -> dict[str, str]:
    """What is known before anything is built."""
    return {
        "mlflow.source.name": source_name(order),
        "mlflow.source.type": "PROJECT",
        "mlflow.project.entryPoint": order.entry.name,
        "mlflow.project.backend": "local",
        **_git(order),
    }


def environment(manager: str) -> dict[str, str]:
    """As MLflow has it: nothing for the packages that are there anyway."""
    return {} if manager == "local" else {"mlflow.project.env": manager}


def source_name(order: Order) -> str:
    """Where the project came from; of a folder in a repository that one, and where in it."""
    source = order.source
    if source.is_copy or "#" in source.uri:
        return source.uri
    state, _ = git.state(source.folder)
    if state is None:
        return source.uri
    below = source.folder.resolve()
    inside = below.relative_to(state.root).as_posix() if below.is_relative_to(state.root) else "."
    return f"file://{state.root}" + ("" if inside == "." else f"#{inside}")


def _git(order: Order) -> dict[str, str]:
    source = order.source
    if source.commit:
        told = git.State(Path(source.folder), source.commit, source.branch, source.remote)
    else:
        told = git.state(source.folder)[0] or git.State(Path(source.folder), "", "", "")
    named = {"commit": told.commit, "branch": told.branch, "repoURL": masked_url(told.remote) if told.remote else ""}
    return {f"mlflow.source.git.{name}": text for name, text in named.items() if text} if told.commit else {}
