"""What commands that run projects have in common on their command lines."""

import os
from collections.abc import Iterator, Sequence

import click

from cumulog._command.frame.session import Session, server
from cumulog._command.shown.text import printable
from cumulog._fluent.asking import experiment_by_id, experiment_to_log_to
from cumulog._fluent.environment import PARENT_RUN, address, user
from cumulog._fluent.process import process
from cumulog._fluent.starting import checked, is_run_id
from cumulog._projects.running.order import Target
from cumulog._reproduction.recorded.run import Recorded


def target(session: Session, *, experiment_name: str, experiment_id: str, run_id: str, run_name: str) -> Target:
    """Where a run goes, as the server knows it. Raises ApiError, and UsageError for two experiments."""
    if experiment_name and experiment_id:
        raise wrong("Name the experiment by --experiment-name or by --experiment-id, not by both.")
    url = connected()
    if run_id:
        experiment_id = session.client.runs.get(checked(run_id))["run"]["info"]["experiment_id"]
    else:
        by_id, by_name = (experiment_id, experiment_name) if experiment_id or experiment_name else process.experiment()
        found = (
            experiment_by_id(process.server_now(), by_id)
            if by_id
            else experiment_to_log_to(process.server_now(), by_name)
        )
        experiment_id = found.experiment_id
    outer = os.environ.get(PARENT_RUN, "") or os.environ.get("MLFLOW_RUN_ID", "")
    return Target(url, experiment_id, run_name, run_id, outer if is_run_id(outer) and outer != run_id else "")


def tell_whose(recorded: Recorded) -> None:
    """Before somebody else's code runs, say so."""
    author = recorded.tags.get("mlflow.user", "")
    if author != user():
        click.echo(printable(f"This runs code of {author or 'somebody'}, with your rights."), err=True)


def connected() -> str:
    """The URL of the server, to which this process logs from now on. Raises CumulogError if none is named."""
    url = server()
    process.server = address(url)
    return url


def pairs(given: Sequence[str], option: str) -> dict[str, str]:
    """Names and values, each name once. Raises UsageError."""
    return dict(_parted(given, option))


def _parted(given: Sequence[str], option: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for each in given:
        name, mark, value = each.partition("=")
        if not mark or not name:
            raise wrong(f"'{each}' is no parameter: write {option} NAME=VALUE.")
        if name in seen:
            raise wrong(f"'{name}' is given twice by {option}.")
        seen.add(name)
        yield name, value


def wrong(text: str) -> click.UsageError:
    return click.UsageError(text, click.get_current_context())
