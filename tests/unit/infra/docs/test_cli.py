"""The page of the command line: current, and complete."""

import click

from cumulog._command.frame.schemas import SCHEMAS, schema
from cumulog._command.root import NOUNS, root
from infra.docs import cli

PAGE = cli.PAGE.read_text()


def commands(path: str, command: click.Command) -> list[tuple[str, click.Command]]:
    """All commands that can be typed, with their nouns and verbs."""
    if isinstance(command, click.Group):
        return [found for name, each in command.commands.items() for found in commands(f"{path} {name}", each)]
    return [(path, command)]


def typed() -> list[tuple[str, click.Command]]:
    ctx = click.Context(root)
    return [found for noun in NOUNS for found in commands(noun, root.get_command(ctx, noun) or root)]


def test_the_page_is_what_the_commands_declare() -> None:
    assert cli.text() == PAGE, "run `make api-reference`"


def test_every_command_and_every_option_says_what_it_does() -> None:
    assert [path for path, command in typed() if not command.help] == []
    assert [
        f"{path} {option.name}"
        for path, command in typed()
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ] == []


def test_all_json_has_a_schema() -> None:
    with_json = {path for path, command in typed() if getattr(command, "has_json", False)}

    assert with_json == SCHEMAS.keys()


def test_a_schema_in_short_becomes_one_in_full() -> None:
    assert schema([{"a?": "text", "…": "any"}]) == {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"a": {"type": "string"}},
            "required": [],
            "additionalProperties": {},
        },
    }
