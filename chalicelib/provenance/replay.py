"""The state of a registered model after the links of its audit chain: plain rules on plain data.

One rule for each action of the registry, by its name. `request:…` links change only a request, not the model's state.
Of a long text, links and state have only its beginning and its digest (`audit.brief`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chalicelib.registry import ranges, stages
from chalicelib.registry.stages import ARCHIVED, NONE

Details = Mapping[str, Any]
Text = str | dict[str, Any]

_NO_CHANGE = "request:"


class Impossible(Exception):
    """A link records a change that cannot follow the links before it."""


class Link(NamedTuple):
    """The change that a link of a chain records; `at` in ms."""

    at: int
    action: str
    version: int | None
    details: Details


@dataclass
class Version:
    """A version of a model. `origin` has the fields that never change: source, location, run_id and the like."""

    origin: dict[str, Any]
    stage: str = NONE
    description: Text | None = None
    tags: dict[str, Text] = field(default_factory=dict)


@dataclass
class State:
    """A model. `names` has all its names, each with its start time; `versions` only those that exist."""

    exists: bool = False
    names: list[tuple[int, str]] = field(default_factory=list)
    description: Text | None = None
    tags: dict[str, Text] = field(default_factory=dict)
    policies: dict[str, Any] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    last_version: int = 0
    versions: dict[int, Version] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.names[-1][1]

    def stages(self) -> dict[str, list[int]]:
        """The versions in each non-empty stage, in ascending order."""
        held = {
            stage: [number for number in sorted(self.versions) if self._is_in(number, stage)] for stage in stages.ALL
        }
        return {stage: numbers for stage, numbers in held.items() if numbers}

    def stage_texts(self) -> dict[str, str]:
        """`stages` in the form that a model's item has."""
        return {stage: ranges.render(numbers) for stage, numbers in self.stages().items()}

    def _is_in(self, number: int, stage: str) -> bool:
        return self.versions[number].stage == stage


def follow(state: State, link: Link) -> None:
    """Apply the next link to the state. Raises Impossible."""
    if link.action.startswith(_NO_CHANGE):
        return
    rule = _RULES.get(link.action)
    if rule is None:
        raise Impossible(f"there is no action {link.action!r}")
    try:
        rule(state, link)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Impossible(f"{link.action} cannot have followed") from error


def _created(state: State, link: Link) -> None:
    state.exists = True
    state.names = [(link.at, link.details["name"])]
    state.description, state.tags = link.details["description"], dict(link.details["tags"])
    # Recorded only if there are any: an anonymous creator gets none.
    state.grants = dict(link.details.get("grants", {}))


def _renamed(state: State, link: Link) -> None:
    state.names = [*state.names, (link.at, link.details["to"])]


def _described(state: State, link: Link) -> None:
    state.description = link.details["to"]


def _tagged(state: State, link: Link) -> None:
    state.tags[link.details["key"]] = link.details["to"]


def _untagged(state: State, link: Link) -> None:
    del state.tags[link.details["key"]]


def _deleted(state: State, _link: Link) -> None:
    state.exists = False


def _policy_set(state: State, link: Link) -> None:
    stage, after = link.details["stage"], link.details["to"]
    others = {other: policy for other, policy in state.policies.items() if other != stage}
    state.policies = {**others, stage: after} if after else others


def _granted(state: State, link: Link) -> None:
    state.grants[link.details["user"]] = link.details["to"]


def _grant_taken(state: State, link: Link) -> None:
    del state.grants[link.details["user"]]


def _alias_set(state: State, link: Link) -> None:
    number = link.details["to"]
    _version(state, number)
    state.aliases[link.details["alias"]] = number


def _alias_deleted(state: State, link: Link) -> None:
    del state.aliases[link.details["alias"]]


def _version_created(state: State, link: Link) -> None:
    number = _number(link)
    if number <= state.last_version:
        raise ValueError("a number is never used again")
    origin = dict(link.details)
    description, tags = origin.pop("description"), dict(origin.pop("tags"))
    state.last_version = number
    state.versions[number] = Version(origin, description=description, tags=tags)


def _version_deleted(state: State, link: Link) -> None:
    number = _number(link)
    del state.versions[number]
    state.aliases = {alias: held for alias, held in state.aliases.items() if held != number}


def _version_described(state: State, link: Link) -> None:
    _version(state, link.version).description = link.details["to"]


def _version_tagged(state: State, link: Link) -> None:
    _version(state, link.version).tags[link.details["key"]] = link.details["to"]


def _version_untagged(state: State, link: Link) -> None:
    del _version(state, link.version).tags[link.details["key"]]


def _stage_set(state: State, link: Link) -> None:
    for number in link.details["archived"]:
        _version(state, number).stage = ARCHIVED
    _version(state, link.version).stage = link.details["to"]


def _number(link: Link) -> int:
    if link.version is None:
        raise ValueError("no version is named")
    return int(link.version)


def _version(state: State, number: int | None) -> Version:
    if number is None:
        raise ValueError("no version is named")
    return state.versions[number]


_RULES: Mapping[str, Callable[[State, Link], None]] = {
    "model:create": _created,
    "model:rename": _renamed,
    "model:description:set": _described,
    "model:tag:set": _tagged,
    "model:tag:delete": _untagged,
    "model:delete": _deleted,
    "policy:set": _policy_set,
    "grant:set": _granted,
    "grant:delete": _grant_taken,
    "alias:set": _alias_set,
    "alias:delete": _alias_deleted,
    "version:create": _version_created,
    "version:delete": _version_deleted,
    "version:description:set": _version_described,
    "version:tag:set": _version_tagged,
    "version:tag:delete": _version_untagged,
    "version:stage:set": _stage_set,
}
ACTIONS = frozenset(_RULES)
