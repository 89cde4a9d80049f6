"""What follows from the links of a chain: one rule for each action, on plain data."""

import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib import approvals, registry
from chalicelib.provenance import replay
from chalicelib.provenance.replay import Impossible, Link, State

MADE = {"name": "wine", "description": None, "tags": {"team": "vision"}}
VERSION = {"source": "s", "location": "l", "run_id": "r", "description": "d", "tags": {"color": "red"}}
MODEL_WITH_TWO = [("model:create", None, MADE), ("version:create", 1, VERSION), ("version:create", 2, VERSION)]


def after(*links: tuple[str, int | None, dict[str, Any]]) -> State:
    """The state after a model with two versions, and these links."""
    state = State()
    for number, link in enumerate([*MODEL_WITH_TWO, *links]):
        action, version, details = link
        replay.follow(state, Link(number, action, version, details))
    return state


def test_every_action_of_the_registry_has_a_rule() -> None:
    folders = [Path(package.__file__ or "").parent for package in (registry, approvals)]
    text = "".join(path.read_text() for folder in folders for path in folder.rglob("*.py"))

    said = set(re.findall(r'Change\(\s*"((?:model|version|alias|policy|grant)[a-z:]+)"', text))

    assert said == replay.ACTIONS


def test_a_new_model_has_its_name_tags_and_versions_in_stage_none() -> None:
    state = after()

    assert (state.exists, state.name, state.tags, state.last_version) == (True, "wine", {"team": "vision"}, 2)
    assert state.stages() == {"None": [1, 2]}
    assert state.versions[1].tags == {"color": "red"}
    assert state.versions[1].origin == {"source": "s", "location": "l", "run_id": "r"}


def test_names_are_kept_with_the_time_that_they_were_given() -> None:
    state = after(("model:rename", None, {"from": "wine", "to": "red wine"}))

    assert state.names == [(0, "wine"), (3, "red wine")]


def test_a_transition_moves_whatever_it_displaced() -> None:
    state = after(
        ("version:stage:set", 1, {"from": "None", "to": "Production", "archived": []}),
        ("version:stage:set", 2, {"from": "None", "to": "Production", "archived": [1]}),
    )

    assert state.stage_texts() == {"Production": "2", "Archived": "1"}


def test_a_deleted_version_takes_its_aliases_along_and_its_number_with_it() -> None:
    state = after(
        ("alias:set", 2, {"alias": "champion", "from": None, "to": 2}),
        ("alias:set", 1, {"alias": "challenger", "from": None, "to": 1}),
        ("version:delete", 2, {"stage": "None", "aliases": ["champion"]}),
    )

    assert (state.aliases, list(state.versions), state.last_version) == ({"challenger": 1}, [1], 2)


def test_tags_descriptions_aliases_and_policies_come_and_go() -> None:
    state = after(
        ("model:tag:set", None, {"key": "a", "from": None, "to": "1"}),
        ("model:tag:delete", None, {"key": "team", "from": "vision"}),
        ("model:description:set", None, {"from": None, "to": "new"}),
        ("version:tag:set", 1, {"key": "a", "from": None, "to": "1"}),
        ("version:tag:delete", 1, {"key": "color", "from": "red"}),
        ("version:description:set", 1, {"from": "d", "to": None}),
        ("alias:set", 1, {"alias": "champion", "from": None, "to": 1}),
        ("alias:delete", 1, {"alias": "champion", "from": 1}),
        ("policy:set", None, {"stage": "Staging", "from": None, "to": {"needed": 1}}),
        ("policy:set", None, {"stage": "Production", "from": None, "to": {"needed": 2}}),
        ("policy:set", None, {"stage": "Staging", "from": {"needed": 1}, "to": None}),
    )

    assert (state.tags, state.description, state.aliases) == ({"a": "1"}, "new", {})
    assert (state.versions[1].tags, state.versions[1].description) == ({"a": "1"}, None)
    assert state.policies == {"Production": {"needed": 2}}


def test_a_wish_changes_nothing() -> None:
    assert after(("request:create", 1, {"request": "r", "to": "Production"})) == after()


IMPOSSIBLE: dict[str, tuple[str, int | None, dict[str, Any]]] = {
    "an action that nobody knows": ("model:explode", None, {}),
    "a stage of a version that is not there": ("version:stage:set", 9, {"to": "Staging", "archived": []}),
    "a displaced version that is not there": ("version:stage:set", 1, {"to": "Staging", "archived": [9]}),
    "an alias on a version that is not there": ("alias:set", 9, {"alias": "a", "to": 9}),
    "an alias that is not there": ("alias:delete", 1, {"alias": "a"}),
    "a number that was given before": ("version:create", 2, VERSION),
    "a version without a number": ("version:delete", None, {}),
    "details that are missing": ("model:rename", None, {}),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_have_followed_is_not_believed(name: str) -> None:
    with pytest.raises(Impossible):
        after(IMPOSSIBLE[name])
