"""From the template of an entry point to what bash is given. No value stands in its text (decision 28)."""

import re
import shlex
from collections.abc import Iterator
from string import Formatter

from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Command, EntryPoint, Values
from cumulog._projects.reading.quoting import Scanner

# What bash would expand once more, and so run something: commands, and the variables of other values.
_EXPANDS = re.compile(r"[$`]|_CUMULOG_")


def built(entry: EntryPoint, values: Values) -> Command:
    """The command of an entry point with its values as variables. Raises ProjectError."""
    template = entry.command.rstrip()
    writer = _Writer(values.declared)
    for literal, name in _pieces(template, values):
        writer.text(literal)
        if name is not None:
            writer.value(name)
    writer.end(values.extra)
    names = " ".join(writer.variables)
    # What the command starts does not get the variables.
    text = f"export -n {names}\n{writer.written}" if names else writer.written
    return Command(["bash", "-c", text], writer.variables, _shown(template, values))


class _Writer:
    """The text as it grows, and the variables that it needs."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values
        self._names: dict[str, str] = {}
        self._scanner = Scanner()
        self._parts: list[str] = []
        self.variables: dict[str, str] = {}

    @property
    def written(self) -> str:
        return "".join(self._parts)

    def text(self, literal: str) -> None:
        self._scanner.text(literal)
        self._parts.append(literal)

    def value(self, name: str) -> None:
        """Write the value of a parameter as one word, or as a part of one."""
        scanner, value = self._scanner, self._values[name]
        if scanner.is_dollar:
            raise ProjectError(
                f"The command has '${{{name}}}': write {{{name}}} for the parameter, ${{{{{name}}}}} for a variable."
            )
        if scanner.place == "literal":
            raise ProjectError(
                f"The command has {{{name}}} in a heredoc with quotes around its end, which takes no values."
            )
        if scanner.computes and _EXPANDS.search(value):
            raise ProjectError(
                f"Bash computes with {{{name}}} there or expands it twice: its value may not have $ or `."
            )
        place = scanner.place
        if scanner.is_escaped:
            # The backslash is a text between quotes, and says nothing before a word.
            self._parts[-1] = self._parts[-1][:-1] + ("\\\\" if place == "double" else "")
        variable = self._variable(name, value)
        self._parts.append(_FORMS[place].replace("VALUE", f"${{{variable}}}"))
        scanner.value()

    def end(self, extra: dict[str, str]) -> None:
        """Add what the entry point does not declare. Raises ProjectError."""
        if extra and self._scanner.place == "comment":
            raise ProjectError("The command ends with a comment, so it takes no further parameters.")
        if self._scanner.is_open and not self._scanner.is_in_heredoc:
            raise ProjectError("The command has a quote or a bracket that is not closed.")
        if extra and self._scanner.is_in_heredoc:
            raise ProjectError("The command ends with a heredoc, so it takes no further parameters.")
        if self._scanner.is_escaped:
            # A line that goes on.
            self._parts[-1] = self._parts[-1][:-1].rstrip()
        for number, (name, value) in enumerate(extra.items()):
            words = (self._new(f"OPTION_{number}", f"--{name}"), self._new(f"VALUE_{number}", value))
            self._parts.append(f' "${{{words[0]}}}" "${{{words[1]}}}"')

    def _variable(self, name: str, value: str) -> str:
        if name not in self._names:
            self._names[name] = self._new(f"PARAMETER_{len(self._names)}", value)
        return self._names[name]

    def _new(self, end: str, value: str) -> str:
        self.variables[f"_CUMULOG_{end}"] = value
        return f"_CUMULOG_{end}"


_FORMS = {
    "plain": '"VALUE"',
    "double": "VALUE",
    "single": "'\"VALUE\"'",
    "ansi": "'\"VALUE\"$'",
    # It says nothing there.
    "comment": "VALUE",
}


def _pieces(template: str, values: Values) -> Iterator[tuple[str, str | None]]:
    """Texts, each with the name of the parameter that follows it."""
    try:
        parsed = list(Formatter().parse(template))
    except ValueError as error:
        raise ProjectError(f"The command has a brace alone ({error}): write {{{{ for {{, and }}}} for }}.") from error
    for literal, name, form, conversion in parsed:
        if name is not None and (form or conversion):
            raise ProjectError(f"The command has {{{name}}} with a format: it takes names alone.")
        if name is not None and name not in values.declared:
            known = ", ".join(values.declared) or "none"
            raise ProjectError(f"The command has {{{name[:200]}}}, which is no parameter of the entry point ({known}).")
        yield literal, name


def _shown(template: str, values: Values) -> str:
    """The command as people would type it."""
    texts = (
        literal + ("" if name is None else shlex.quote(values.declared[name]))
        for literal, name in _pieces(template, values)
    )
    extra = (f" {shlex.quote(f'--{name}')} {shlex.quote(value)}" for name, value in values.extra.items())
    return "".join((*texts, *extra))
