"""The table of runs: shown, ordered, filtered by its address; and many of them compared."""

import re

from playwright.sync_api import expect

from infra.local.stack import Stack
from tests.browser import worlds
from tests.browser.tabs import Tab


def test_the_runs_of_an_experiment_are_a_table_that_everybody_can_use(tab: Tab, opened: Stack) -> None:
    world = worlds.make(opened.url)

    tab.go(world.address("runs"))

    grid = tab.page.get_by_role("grid", name="Runs")
    expect(grid).to_be_visible()
    expect(grid).to_have_attribute("aria-rowcount", str(worlds.RUNS + 1))
    expect(tab.page.get_by_role("heading", name=f"wine {worlds.HOSTILE}")).to_be_visible()
    expect(grid.get_by_role("link", name=f"run-{worlds.RUNS - 1:02d}")).to_be_visible()
    tab.look("runs")


def test_a_click_on_a_title_orders_the_runs_and_the_address_says_so(tab: Tab, opened: Stack) -> None:
    tab.go(worlds.make(opened.url).address("runs"))
    grid = tab.page.get_by_role("grid", name="Runs")

    title = grid.get_by_role("columnheader", name="Name").get_by_role("button", name="Name", exact=True)
    title.click()

    expect(grid.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")
    first = grid.get_by_role("row").nth(1)
    expect(first).to_contain_text(re.compile(re.escape(worlds.HOSTILE)))
    shared = tab.page.url
    tab.page.reload()
    expect(grid.get_by_role("row").nth(1)).to_contain_text(re.compile(re.escape(worlds.HOSTILE)))
    assert tab.page.url == shared


def test_a_run_is_opened_from_the_table_and_the_way_back_leads_there(tab: Tab, opened: Stack) -> None:
    world = worlds.make(opened.url)
    tab.go(world.address("runs"))

    tab.page.get_by_role("link", name=f"run-{worlds.RUNS - 1:02d}").click()
    expect(tab.page.get_by_role("heading", name=f"run-{worlds.RUNS - 1:02d}")).to_be_visible()
    tab.page.go_back()

    expect(tab.page.get_by_role("grid", name="Runs")).to_be_visible()


def test_what_is_selected_is_in_the_address_and_still_there_on_the_way_back(tab: Tab, opened: Stack) -> None:
    tab.go(worlds.make(opened.url).address("runs"))
    grid = tab.page.get_by_role("grid", name="Runs")
    boxes = grid.get_by_role("checkbox")

    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(tab.page.get_by_text("3 runs selected")).to_be_visible()
    tab.page.reload()
    expect(tab.page.get_by_text("3 runs selected")).to_be_visible()
    grid.get_by_role("link").nth(1).click()
    tab.page.go_back()

    expect(tab.page.get_by_text("3 runs selected")).to_be_visible()


def test_one_click_selects_all_runs_and_another_none(tab: Tab, opened: Stack) -> None:
    tab.go(worlds.make(opened.url).address("runs"))
    expect(tab.page.get_by_role("grid", name="Runs").get_by_role("link").first).to_be_visible()

    tab.page.get_by_role("checkbox", name="Select all").click()
    expect(tab.page.get_by_text(f"{worlds.RUNS} runs selected")).to_be_visible()
    tab.page.get_by_role("checkbox", name="Select all").click()

    expect(tab.page.get_by_text("runs selected")).to_have_count(0)


def test_a_few_runs_stand_side_by_side(tab: Tab, opened: Stack) -> None:
    world = worlds.make(opened.url)

    tab.go(f"{world.address('compare')}?runs={','.join(world.run_ids[:3])}")

    expect(tab.page.get_by_role("table").first.get_by_role("columnheader")).to_have_count(4)
    tab.look("side by side")


def test_runs_are_compared_in_every_way(tab: Tab, opened: Stack) -> None:
    world = worlds.make(opened.url)
    tab.go(f"{world.address('compare')}?runs={','.join(world.run_ids[:20])}")
    expect(tab.page.get_by_role("heading", name="Compare 20 runs")).to_be_visible()

    for name in ("Differences", "Curves", "Scatter", "Parallel", "Boxes", "Contour"):
        tab.page.get_by_role("tab", name=name).click()
        expect(tab.page.get_by_role("tab", name=name, selected=True)).to_be_visible()
        tab.page.wait_for_load_state("networkidle")
        tab.look(f"compare-{name.lower()}")


def test_an_experiment_that_there_is_not_says_so(tab: Tab) -> None:
    tab.forgive("status of 404")

    tab.go("#/experiments/987654321/runs")

    expect(tab.page.get_by_role("heading", name="There is no such experiment")).to_be_visible()
    tab.look("no-experiment")
