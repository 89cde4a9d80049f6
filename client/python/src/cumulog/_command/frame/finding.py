"""What a command line names: experiments by id or name; runs by id, the beginning of an id, or their name."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cumulog._client.client import Client
from cumulog._command.frame.exits import Ambiguous, NotFound
from cumulog._command.shown.text import second
from cumulog._http.errors import ApiError

_MOST_SHOWN = 10
# Of what is there, for suggestions.
_MOST_ASKED = 1000
_MOST_MODELS = 100
_WHOLE = re.compile("[0-9a-f]{32}")
_BEGINNING = re.compile("[0-9a-f]{4,31}")

Found = Mapping[str, Any]


def experiment(client: Client, named: str) -> Found:
    """An experiment by its id or name, deleted or not. Raises NotFound, which suggests others."""
    asked: list[Any] = [lambda: client.experiments.get_by_name(named)]
    if named.isdigit():
        asked.insert(0, lambda: client.experiments.get(named))
    for ask in asked:
        try:
            return dict(ask()["experiment"])
        except ApiError as error:
            if error.status != 404:
                raise
    near = client.experiments.search(max_results=_MOST_ASKED).get("experiments", ())
    raise missing("experiment", named, (each["name"] for each in near))


def run(client: Client, named: str, within: str | None = None) -> Found:
    """A run by its id, by the beginning of its id (4 digits), or by its name, alone or as EXPERIMENT/NAME.

    `within` is an experiment. Raises NotFound, or Ambiguous with the candidates.
    """
    if _WHOLE.fullmatch(named):
        return dict(client.runs.get(named)["run"])
    within, name = _parted(client, named, within)
    places = [experiment(client, within)["experiment_id"]] if within else _everywhere(client)
    if _BEGINNING.fullmatch(name) and (some := _found(client, places, f"attributes.run_id LIKE '{name}%'")):
        return _only(named, some)
    if some := _found(client, places, f"attributes.run_name = {quoted(name)}"):
        return _only(named, some)
    near = client.runs.search(experiment_ids=places, max_results=_MOST_ASKED).get("runs", ())
    before = named.removesuffix(name)
    raise missing("run", named, (before + each["info"].get("run_name", "") for each in near))


def runs(client: Client, named: Iterable[str], within: str | None = None) -> list[Found]:
    return [run(client, each, within) for each in named]


def model(client: Client, name: str) -> Found:
    """A registered model by its name. Raises NotFound, which suggests others, and ApiError."""
    try:
        return dict(client.models.get(name)["registered_model"])
    except ApiError as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        known = client.models.search(max_results=_MOST_MODELS).get("registered_models", ())
        raise missing("registered model", name, (each["name"] for each in known)) from error


@contextmanager
def suggesting_models(client: Client, name: str | None) -> Iterator[None]:
    """What asks the server about a registered model; if there is none of this name, NotFound suggests others."""
    try:
        yield
    except ApiError as error:
        if name and error.error_code == "RESOURCE_DOES_NOT_EXIST":
            model(client, name)
        raise


def missing(kind: str, named: str, others: Iterable[str]) -> NotFound:
    """The error for a name that is not there, with those that resemble it, or else begin with it."""
    known = [*dict.fromkeys(others)]
    near = (
        difflib.get_close_matches(named, known, 3, 0.6)
        or [each for each in known if named and each.startswith(named)][:3]
    )
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return NotFound(f"There is no {kind} {named!r}.{hint}")


def _parted(client: Client, named: str, within: str | None) -> tuple[str | None, str]:
    """The experiment and the name of a run in EXPERIMENT/NAME; names of either may hold slashes."""
    if within is None and "/" in named:
        for at in [at for at, letter in enumerate(named) if letter == "/"]:
            try:
                return experiment(client, named[:at])["experiment_id"], named[at + 1 :]
            except NotFound:
                continue
    return within, named


def _everywhere(client: Client) -> list[str]:
    pages = client.pages(client.experiments.search, max_results=_MOST_ASKED)
    return [each["experiment_id"] for page in pages for each in page.get("experiments", ())]


def _found(client: Client, places: list[str], condition: str) -> list[Found]:
    reply = client.runs.search(
        experiment_ids=places, filter=condition, max_results=_MOST_SHOWN + 1, run_view_type="ALL"
    )
    return [dict(each) for each in reply.get("runs", ())]


def _only(named: str, some: list[Found]) -> Found:
    if len(some) == 1:
        return some[0]
    lines = [_line(each["info"]) for each in some[:_MOST_SHOWN]]
    more = ["  …"] if len(some) > _MOST_SHOWN else []
    raise Ambiguous("\n".join([f"{named!r} may be any of these runs:", *lines, *more]))


def _line(info: Mapping[str, Any]) -> str:
    """What tells a run from others of its name."""
    told = (info["run_id"], second(info.get("start_time")), info["status"], info.get("run_name", ""))
    return "  " + "  ".join(filter(None, told))


def quoted(text: str) -> str:
    """A text as a filter has it."""
    return f'"{text}"' if "'" in text else f"'{text}'"
