"""How the command shows things: tables that fit, plots, numbers and times."""

from typing import Any

import pytest

from cumulog._command.shown.looks import Column, Looks
from cumulog._command.shown.plot import mark, plot
from cumulog._command.shown.results import Card, Line, Rows
from cumulog._command.shown.tables import fitting, table
from cumulog._command.shown.text import lasted, number, printable, second, size, span


class Screen(Looks):
    """A terminal of a width, without colors."""

    is_terminal = True
    width = 30
    has_color = False


def columns(count: int, **how: Any) -> list[Column]:
    return [Column("", str, **how)] * count


def test_columns_that_do_not_fit_are_left_out_and_the_last_may_be_cut() -> None:
    texts = columns(3)

    assert fitting(texts, [5, 5, 5], 30) == {0: 5, 1: 5, 2: 5}
    assert fitting(texts, [5, 5, 30], 30) == {0: 5, 1: 5, 2: 16}
    assert fitting(columns(2) + columns(1, is_number=True), [5, 5, 30], 30) == {0: 5, 1: 5}
    assert fitting(texts, [5, 20, 5], 30) == {0: 5, 1: 20}
    assert fitting(texts, [100], 30) == {0: 30}


def test_long_names_make_room_for_other_columns() -> None:
    assert fitting(columns(1, least=10) + columns(1), [50, 12], 30) == {0: 16, 1: 12}
    assert fitting(columns(2, least=10), [50, 12], 30) == {0: 16, 1: 12}
    assert fitting(columns(2, least=10), [50, 50], 30) == {0: 14, 1: 14}
    assert fitting(columns(1, least=10) + columns(1), [8, 12], 30) == {0: 8, 1: 12}
    assert fitting(columns(1, least=10) + columns(1, is_number=True), [50, 40], 30) == {0: 30}


def test_what_may_go_is_left_out_before_any_other_column_and_only_as_far_as_needed() -> None:
    some = [*columns(1), *columns(2, may_go=True), *columns(1)]

    assert fitting(some, [5, 5, 5, 5], 30) == {0: 5, 1: 5, 2: 5, 3: 5}
    assert fitting(some, [5, 5, 5, 14], 30) == {0: 5, 1: 5, 3: 14}
    assert fitting(some, [5, 5, 5, 20], 30) == {0: 5, 3: 20}


def test_a_long_name_keeps_its_end() -> None:
    named = [Column("NAME", lambda row: row["NAME"], least=9)]

    cut = list(table(named, [{"NAME": f"{'日' * 40}-trial-{number}"} for number in (17, 18)], Screen()))

    assert cut[1].endswith("-trial-17")
    assert "…" in cut[1]
    assert cut[1] != cut[2]


def test_a_long_row_of_columns_that_do_not_fit_is_told_in_short() -> None:
    many = [Column(f"COLUMN {number}", str) for number in range(20)]

    assert list(table(many, [{}], Screen()))[-1].endswith("COLUMN 6, COLUMN 7 and 12 more")


def test_a_table_in_a_terminal_keeps_to_its_width_and_says_what_is_missing() -> None:
    columns = [Column(name, lambda row, name=name: row[name]) for name in ("NAME", "PATH", "MORE")]
    rows = [{"NAME": "a\x1b[31m", "PATH": "p" * 40, "MORE": "m"}]

    lines = list(table(columns, rows, Screen()))

    assert max(map(len, lines[:-1])) <= 30
    assert lines[1].startswith("a?[31m")
    assert lines[1].endswith("…")
    assert lines[-1] == "Not shown, as the terminal is narrow: MORE"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colors_can_be_turned_off(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    class Terminal(Looks):
        is_terminal = True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Terminal().has_color
    assert not Terminal(without_color=True).has_color

    monkeypatch.setenv(name, value)

    assert not Terminal().has_color


def test_a_rising_line_goes_from_the_lower_left_to_the_upper_right() -> None:
    lines = list(plot([[(0.0, 0.0), (9.0, 1.0)]], 40, 5, has_color=False))

    assert len(lines) == 7
    first, last = lines[0], lines[4]
    assert (first.split()[0], last.split()[0]) == ("1", "0")
    assert len(first) > len(last)
    assert lines[-1].split() == ["0", "9"]


def test_several_curves_without_colors_are_letters() -> None:
    drawn = "".join(plot([[(0.0, 0.0), (1.0, 0.0)], [(0.0, 1.0), (1.0, 1.0)]], 40, 5, has_color=False))

    assert "aaa" in drawn
    assert "bbb" in drawn
    assert (mark(1, 2, has_color=False), mark(0, 1, has_color=False)) == ("b", "⣿")


@pytest.mark.parametrize("points", [[], [(0.0, float("nan"))]])
def test_a_plot_of_nothing_says_so(points: list[tuple[float, float]]) -> None:
    assert list(plot([points], 40, 5, has_color=False)) == ["There is nothing to plot."]


def test_a_constant_is_a_line_in_the_middle() -> None:
    assert "⠤" in list(plot([[(0.0, 2.0), (1.0, 2.0)]], 40, 5, has_color=False))[2]


def test_a_plot_says_what_its_ends_are_and_has_room_for_them() -> None:
    curve = [(1_790_000_000_000.0, 0.0), (1_790_000_060_000.0, 123_456_789_012.0)]

    lines = list(plot([curve], 60, 5, has_color=False, told=lambda ms: second(round(ms))))

    assert lines[-1].split("  ")[-1].strip() == "2026-09-21 14:14:20"
    assert lines[-1].split()[:2] == ["2026-09-21", "14:13:20"]
    assert {line.index("│") for line in lines[:5]} == {lines[5].index("└")}
    assert max(map(len, lines)) <= 60


def test_a_single_point_keeps_its_place() -> None:
    lines = list(plot([[(1_000_000.0, 1.0)]], 60, 5, has_color=False))

    assert lines[-1].split() == ["999999", "1000001"]


def test_whole_numbers_have_all_their_digits() -> None:
    shown = [number(each) for each in (2345678891.0, 43_000_000.0, 1e15, 0.1234567, 9.999999e-05, -3.0, None, "NaN")]

    assert shown == ["2345678891", "43000000", "1e+15", "0.123457", "0.0001", "-3", "", "NaN"]


def test_in_a_pipe_a_line_of_a_card_names_what_it_stands_below() -> None:
    class Pipe(Looks):
        is_terminal = False

    lines = [
        Line("requests", None),
        Line("  to Staging", "APPLIED"),
        Line("model", "net", "net m-1"),
        Line("  loss", "0.5"),
        Line("commit", ""),
    ]

    assert list(Card({}, lines).shown(Pipe())) == ["requests.to Staging\tAPPLIED", "model\tnet m-1", "model.loss\t0.5"]
    assert list(Card({}, lines).shown(Screen())) == [
        "requests",
        "  to Staging  APPLIED",
        "model         net",
        "  loss        0.5",
    ]


def test_an_empty_list_is_a_sentence_in_a_terminal() -> None:
    assert list(Rows([], [Column("NAME", str)]).shown(Screen())) == ["There are none."]


def test_texts() -> None:
    assert printable("a\x1b\t\u202eb") == "a???b"
    assert (size(5), size(2048), size(None)) == ("5 B", "2.0 KiB", "")
    assert (lasted(1, 5_601), lasted(1, 184_001), lasted(1, 3_720_001), lasted(5, None)) == (
        "5.6s",
        "3m 04s",
        "1h 02m",
        "",
    )
    assert (span(0), span(30), span(300), span(59_000)) == ("0ms", "30ms", "0.3s", "59.0s")
    assert second(10**18) == "1970-01-01 00:00:00"
