"""The experiments: found, made, renamed, deleted and restored, by somebody with a mouse and a keyboard."""

import re

from playwright.sync_api import expect

from chalicelib import clock
from tests.browser.api import Api
from tests.browser.tabs import Tab


def named(noun: str) -> str:
    """A name that no other test uses."""
    return f"{noun} {clock.short_id()}"


def searched(tab: Tab, text: str) -> None:
    tab.page.get_by_role("searchbox", name="Search by name").fill(text)


def test_an_experiment_is_found_by_a_part_of_its_name_and_a_link_shares_that(tab: Tab, api: Api) -> None:
    mine, other = named("wine"), named("beer")
    for name in (mine, other):
        api.experiment(name)
    tab.go()

    searched(tab, mine[-10:].upper())

    expect(tab.page.get_by_role("link", name=other)).to_have_count(0)
    expect(tab.page.get_by_role("link", name=mine)).to_be_visible()
    tab.look("experiments")
    tab.page.reload()
    expect(tab.page.get_by_role("searchbox")).to_have_value(mine[-10:].upper())
    expect(tab.page.get_by_role("link", name=mine)).to_be_visible()
    expect(tab.page.get_by_role("link", name=other)).to_have_count(0)


def test_a_search_without_a_match_says_so(tab: Tab) -> None:
    tab.go()

    searched(tab, "nothing has this name '%_\\")

    expect(tab.page.get_by_role("heading", name="No experiment matches")).to_be_visible()
    tab.look("experiments-none")


def test_an_experiment_is_made_and_opened(tab: Tab) -> None:
    name = named("new")
    tab.go()
    tab.page.get_by_role("button", name="New experiment").click()
    expect(tab.page.get_by_role("dialog")).to_be_visible()
    tab.look("experiment-new")

    tab.page.get_by_label("Name", exact=True).fill(name)
    tab.page.keyboard.press("Enter")

    expect(tab.page).to_have_url(re.compile(r"#/experiments/\d+/runs"))
    tab.go()
    expect(tab.page.get_by_role("link", name=name)).to_be_visible()


def test_a_name_that_is_taken_is_refused_in_the_dialog_which_stays(tab: Tab, api: Api) -> None:
    tab.forgive("status of 400")
    name = named("taken")
    api.experiment(name)
    tab.go()
    tab.page.get_by_role("button", name="New experiment").click()

    tab.page.get_by_label("Name", exact=True).fill(name)
    tab.page.get_by_role("button", name="Create").click()

    expect(tab.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("already exists")
    tab.page.keyboard.press("Escape")
    expect(tab.page.get_by_role("dialog")).to_have_count(0)


def test_an_experiment_is_renamed_deleted_and_restored(tab: Tab, api: Api) -> None:
    before, after = named("before"), named("after")
    api.experiment(before)
    tab.go()
    row = tab.page.get_by_role("row")

    row.filter(has_text=before).get_by_role("button", name="Rename").click()
    tab.page.get_by_label("Name", exact=True).fill(after)
    tab.page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(row.filter(has_text=after)).to_be_visible()
    expect(row.filter(has_text=before)).to_have_count(0)

    row.filter(has_text=after).get_by_role("button", name="Delete").click()
    tab.look("experiment-delete")
    tab.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row.filter(has_text=after)).to_have_count(0)

    tab.page.get_by_role("checkbox", name="Deleted ones").check()
    row.filter(has_text=after).get_by_role("button", name="Restore").click()
    tab.page.get_by_role("dialog").get_by_role("button", name="Restore").click()
    expect(row.filter(has_text=after)).to_have_count(0)
    tab.page.get_by_role("checkbox", name="Deleted ones").uncheck()
    expect(row.filter(has_text=after)).to_be_visible()
