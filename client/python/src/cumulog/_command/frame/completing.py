"""What a shell is offered for names of things on the server. If the server does not answer at once, nothing is."""

import os
import shlex
from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

from cumulog._client.client import Client
from cumulog._command.frame.finding import quoted
from cumulog._command.frame.session import Session
from cumulog._command.shown.text import printable
from cumulog._http.errors import CumulogError

_MOST = 50

Completion = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
Pairs = Iterable[tuple[str, str]]


def _completing(ask: Callable[[Client, str], Pairs]) -> Completion:
    def complete(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        session = ctx.obj if isinstance(ctx.obj, Session) else Session()
        try:
            found = list(ask(session.hasty(), incomplete))
        except CumulogError:
            return []
        return [CompletionItem(_typed(value), help=printable(told)) for value, told in found if value.isprintable()]

    return complete


def _typed(name: str) -> str:
    """A name as it has to be typed. bash inserts what it is given; other shells quote by themselves."""
    return shlex.quote(name) if os.environ.get("_CUMULOG_COMPLETE", "").startswith("bash") else name


def _experiments(client: Client, beginning: str) -> Pairs:
    some = client.experiments.search(filter=f"name LIKE {quoted(beginning + '%')}", max_results=_MOST)
    return [(each["name"], each["experiment_id"]) for each in some.get("experiments", ())]


def _runs(client: Client, beginning: str) -> Pairs:
    """Runs by the beginning of their name, after that of their experiment if somebody typed it."""
    within, slash, name = beginning.partition("/")
    known = client.experiments.search(max_results=1000).get("experiments", ())
    places = [each["experiment_id"] for each in known if slash and each["name"] == within]
    prefix, typed = (f"{within}/", name) if places else ("", beginning)
    some = client.runs.search(
        experiment_ids=places or [each["experiment_id"] for each in known],
        filter=f"attributes.run_name LIKE {quoted(typed + '%')}",
        max_results=_MOST,
    )
    return [(f"{prefix}{each['info'].get('run_name', '')}", each["info"]["run_id"]) for each in some.get("runs", ())]


def _models(client: Client, beginning: str) -> Pairs:
    some = client.models.search(filter=f"name LIKE {quoted(beginning + '%')}", max_results=_MOST)
    return [(each["name"], each.get("description", "")) for each in some.get("registered_models", ())]


experiments = _completing(_experiments)
runs = _completing(_runs)
models = _completing(_models)
