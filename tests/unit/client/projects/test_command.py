"""Commands: each value is one argument, whatever it holds and whatever stands around it, and none is ever run."""

import itertools
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from cumulog._projects.errors import ProjectError
from cumulog._projects.project import Command
from tests.sampling import examples
from tests.unit.client.projects.commands import built, shown

# A template, and what its `show` gets: N stands for the value. Bash computes in none of them.
QUOTED = {
    "show {n}": ["N"],
    "show '{n}'": ["N"],
    'show "{n}"': ["N"],
    "show a{n}b": ["aNb"],
    "show 'a {n} b'\"c {n} d\"": ["a N bc N d"],
    "show $'x\\t{n}y'": ["x\tNy"],
    'show $"{n}"': ["N"],
    "show \\{n}": ["N"],
    'show "\\{n}"': ["\\N"],
    "show --a={n} {n}": ["--a=N", "N"],
    "true >&2 {n}; show {n}": ["N"],
    "true >& /dev/null {n}; show {n}": ["N"],
    "`true >&2`; (true >&2); show {n}": ["N"],
    'X={n} && show "$X"': ["N"],
    'X={n}; show "${{X}}" # it\'s {n}': ["N"],
    "show {n} # it's {n} \"": ["N"],
    "# {n} ' \" (\nshow {n}": ["N"],
    "show \\\n  {n} \\\n": ["N"],
    "(show {n})": ["N"],
    '{{ show "{n}"; }}': ["N"],
    "if [ {n} = {n} ]; then show {n}; fi": ["N"],
    'case {n} in {n}) show "{n}";; *) show no;; esac': ["N"],
    'for i in {n}; do show "$i"; done': ["N"],
    "show {n} |\n cat": ["N"],
    "show [ab]{n}": ["[ab]N"],
    'f() {{ show "$1"; }}; f {n}': ["N"],
    'set -- {n}; show "$@"': ["N"],
    'cat >/dev/null <<EOF\nit\'s "{n}" (\nEOF\nshow {n}': ["N"],
    "cat >/dev/null <<-E <<'F'\n\tq{n}\n\tE\n'$x\nF\nshow {n}": ["N"],
    'cat >/dev/null <<< {n}; show "{n}"': ["N"],
    "show <(true {n}) >/dev/null; show '{n}'": ["N"],
    'show "$(true "{n}" \'{n}\' {n})"{n}': ["N"],
    'show "`true {n}`{n}"': ["N"],
}
# Where bash computes: a value with $ or ` is refused, any other is an argument like all.
COMPUTING = {
    "show ${{Y:-{n}}}": ["N"],
    'show "${{Y:-{n}}}"': ["N"],
    "[[ {n} == {n} ]] && show {n}": ["N"],
    "[[ a = [[:alpha:]] && {n} == '{n}' ]] && show {n}": ["N"],
}
ARITHMETIC = [
    "echo $(( {n} ))",
    'echo "$(( {n} ))"',
    "echo $(( ((1)) + {n} ))",
    "echo $(( (1 + 2) * ({n}) ))",
    "echo $[ {n} ]",
    'echo "$[ a[1] + {n} ]"',
    "(( x = {n} ))",
    "for((i={n};i<1;i++)); do :; done",
    "while ((x < {n})); do break; done",
    "[[ {n} -eq 1 ]]",
    '[[ "{n}" -eq 1 ]]',
    "a[{n}]=1",
    "a[ '{n}' ]=1",
    "a[b[1]+{n}]=1",
    "a=([{n}]=1)",
    "a=([1]=2 [{n}]=1)",
    "echo ${{a[{n}]}}",
    "echo ${{Y:{n}}}",
    'echo "${{@:{n}}}"',
    "echo ${{!{n}}}",
    "true >&{n}",
    "true >& a{n}",
    "true >& $(echo a b){n}",
    'true >& "a {n}"',
]
EVIL = [
    "",
    "a b",
    "a; touch ran",
    "$(touch ran)",
    "`touch ran`",
    "'; touch ran; '",
    '"; touch ran; "',
    "'\"; touch ran; \"'",
    ") ; touch ran; (",
    "a\ntouch ran\n",
    "\nEOF\ntouch ran\n",
    "& touch ran &",
    "|touch ran",
    "> ran",
    "\\",
    "\\'",
    "*",
    "~",
    "-x",
    "--n=1",
    "$HOME",
    "${IFS}",
    "!x",
    "a'b\"c",
    "{n}",
    "{}",
    "%s%n",
    "#",
    "x # y",
    "${_CUMULOG_PARAMETER_0}",
    "a[$(touch ran)]",
    "é ☃ \u2028",
    "\x01\x7f\x85",
    "\udcff",
]
TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=30) | st.text(
    "'\"`$(){}[]\\;&|<>*?~!#= \n\tax1", max_size=12
)


def fits(words: list[str], value: str) -> list[str]:
    return [word.replace("N", value) for word in words]


def run(cases: list[tuple[str, list[str], str]], folder: Path) -> None:
    """All in one bash. Nothing else was run: the folder is still empty."""
    commands = [built(template, {"n": value}) for template, _, value in cases]

    told = shown(commands, folder)

    wrong = [(case, got) for case, got in zip(cases, told, strict=True) if got[-1:] != [fits(case[1], case[2])]]
    assert wrong == []
    assert list((folder / "work").iterdir()) == []


@pytest.mark.parametrize("template", QUOTED)
def test_a_value_is_an_argument_between_all_quotes(template: str, tmp_path: Path) -> None:
    run([(template, QUOTED[template], value) for value in EVIL], tmp_path)


@pytest.mark.parametrize("template", COMPUTING)
def test_a_value_is_an_argument_where_bash_computes(template: str, tmp_path: Path) -> None:
    # An empty value is what `${Y:-…}` leaves out.
    allowed = [value for value in EVIL if value and not {"$", "`"} & set(value)]

    run([(template, COMPUTING[template], value) for value in allowed], tmp_path)


@pytest.mark.parametrize("template", [*COMPUTING, *ARITHMETIC])
def test_where_bash_computes_or_expands_twice_nothing_that_it_would_run_is_taken(template: str) -> None:
    for value in ("$(touch ran)", "`touch ran`", "a[$(touch ran)]", "_CUMULOG_PARAMETER_1"):
        with pytest.raises(ProjectError, match="computes"):
            built(template, {"n": value})


def test_whatever_a_value_is_it_is_one_argument(tmp_path_factory: pytest.TempPathFactory) -> None:
    made: list[tuple[str, list[str], str]] = []

    @settings(deadline=None, max_examples=examples(100))
    @given(st.sampled_from(sorted(QUOTED)), TEXTS)
    def collect(template: str, value: str) -> None:
        made.append((template, QUOTED[template], value))

    collect()

    run(made, tmp_path_factory.mktemp("values"))


def test_whatever_a_template_is_no_value_runs(tmp_path: Path) -> None:
    """Templates of random quotes and brackets: most are no commands at all, and some would run text as it is."""
    made: list[Command] = []
    pieces = st.sampled_from(
        [*"'\"`()[]{}$\\ #;=a\n", "$(", "${", "$((", "((", "[[", " ]]", "$[", "a[", ">&", "<<E\n", "\nE\n", "show "]
    )

    @settings(deadline=None, max_examples=examples(100))
    @given(st.lists(pieces | st.just(None), max_size=12))
    def collect(parts: list[str | None]) -> None:
        template = "".join("{n}" if each is None else each.replace("{", "{{").replace("}", "}}") for each in parts)
        for value in ("$(touch ran)", "a[$(touch ran)]", "'\"`touch ran`"):
            try:
                made.append(built(template, {"n": value}))
            except ProjectError:
                continue

    collect()
    quiet = [
        each._replace(arguments=["bash", "-c", f"exec 2>/dev/null </dev/null\n{each.arguments[2]}"]) for each in made
    ]

    shown([*quiet, built("true", {})], tmp_path)

    assert not (tmp_path / "work" / "ran").exists()


def test_what_is_not_declared_follows_as_options_by_names_and_values(tmp_path: Path) -> None:
    names = [name for name in EVIL if name]
    commands = [built("show {n} \\\n", {"n": "1"}, {name: value}) for name, value in itertools.product(names, EVIL[:8])]

    told = shown(commands, tmp_path)

    wanted = [[["1", f"--{name}", value]] for name, value in itertools.product(names, EVIL[:8])]
    assert told == wanted
    assert list((tmp_path / "work").iterdir()) == []


def test_what_is_not_declared_belongs_to_the_last_line(tmp_path: Path) -> None:
    assert shown([built("true\nshow {n}\n", {"n": "1"}, {"x": "2"})], tmp_path) == [[["1", "--x", "2"]]]


def test_what_the_command_starts_does_not_get_the_variables(tmp_path: Path) -> None:
    made = built("show {n} $(env | grep -c _CUMULOG_)", {"n": "x"}, {"m": "y"})

    assert shown([made], tmp_path) == [[["x", "0", "--m", "y"]]]


def test_no_value_is_in_the_text() -> None:
    made = built("show {n} '{n}'", {"n": "secret word"}, {"m": "other word"})

    assert "word" not in made.arguments[2]
    assert made.shown == "show 'secret word' ''secret word'' --m 'other word'"


def test_a_command_without_values_is_as_it_was_written() -> None:
    assert built('python train.py | tee "$HOME/log"', {}).arguments == [
        "bash",
        "-c",
        'python train.py | tee "$HOME/log"',
    ]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("show {m}", r"\{m\}, which is no parameter of the entry point \(n\)"),
        ("show {}", "which is no parameter"),
        ("show {n[0]}", "which is no parameter"),
        ("show {n", "a brace alone"),
        ("show }", "a brace alone"),
        ("show {n!r}", "a format"),
        ("show {n:>10}", "a format"),
        ("show ${n}", r"write \{n\} for the parameter, \$\{\{n\}\} for a variable"),
        ("show 'a {n}", "not closed"),
        ("show $(a {n}", "not closed"),
        ("cat <<'E'\n{n}\nE", "takes no values"),
    ],
)
def test_a_template_that_cannot_be_right_is_refused(template: str, message: str) -> None:
    with pytest.raises(ProjectError, match=message):
        built(template, {"n": "1"})


@pytest.mark.parametrize("template", ["show # all", "cat <<E\nx\nE", "cat <<E"])
def test_what_is_not_declared_needs_a_place(template: str) -> None:
    with pytest.raises(ProjectError, match="no further parameters"):
        built(template, {}, {"x": "1"})
