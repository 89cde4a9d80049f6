"""What is not as the page expects: replies that are none, files that are broken, views that cannot be opened, and
somebody else in the same tab.
"""

import json
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import expect

from infra.local.stack import Stack
from tests.browser import worlds
from tests.browser.api import Api
from tests.browser.tabs import Tab
from tests.browser.worlds import World

MANY_BYTES = 5_000_000_000


@pytest.fixture
def world(opened: Stack) -> World:
    return worlds.make(opened.url)


def answer(reply: dict[str, Any], route: Any) -> None:
    route.fulfill(**reply)


def test_what_answers_in_place_of_the_server_is_told_as_a_server_that_is_away(tab: Tab, world: World) -> None:
    tab.forgive("status of (429|500)")
    tab.go()
    expect(tab.page.get_by_role("heading", name="Experiments")).to_be_visible()

    for status, kind, body, told in [
        (200, "text/html", "<h1>Sign in to this network</h1>", "The server is away"),
        (429, "application/json", '{"message": "Too Many Requests"}', "The server is away"),
        (
            500,
            "application/json",
            '{"error_code": "INTERNAL_ERROR", "message": "It is our fault."}',
            "It is our fault.",
        ),
    ]:
        reply = {"status": status, "content_type": kind, "body": body}
        tab.page.route("**/runs/columns*", partial(answer, reply))
        tab.go(world.address("runs"))
        expect(tab.page.get_by_role("alert")).to_contain_text(told)
        tab.page.unroute_all()
        tab.page.get_by_role("button", name="Try again").click()
        expect(tab.page.get_by_role("link", name=f"run-{worlds.RUNS - 1:02d}")).to_be_visible()


def test_a_file_of_gigabytes_is_not_fetched(tab: Tab, world: World) -> None:
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))

    def large(route: Any) -> None:
        reply = route.fetch()
        found = reply.json()
        route.fulfill(json={"downloads": [{**each, "size": MANY_BYTES} for each in found["downloads"]]})

    tab.page.route("**/artifacts/downloads", large)
    tab.go(f"{world.address('runs', world.best, 'artifacts')}?path=plots/red.png")

    expect(tab.page.get_by_role("heading", name="This file is too large to be shown")).to_be_visible()
    expect(tab.page.get_by_role("button", name="Download", exact=True)).to_be_visible()
    assert not [url for url in asked if "X-Amz-Signature" in url]
    tab.look("file-too-large")


def test_an_id_that_is_none_leads_back(tab: Tab, world: World) -> None:
    tab.forgive("status of 40[04]")

    tab.go("#/experiments/abc/runs")
    expect(tab.page.get_by_role("heading", name="There is no such experiment")).to_be_visible()
    tab.go(world.address("runs", "abc"))
    expect(tab.page.get_by_role("heading", name="There is no such run")).to_be_visible()
    tab.go(f"{world.address('compare')}?runs={'a' * 32},{world.best}")
    expect(tab.page.get_by_role("heading", name="There are no two runs to compare")).to_be_visible()


def test_a_view_that_cannot_be_opened_says_why(tab: Tab, world: World, api: Api) -> None:
    for name, state, number in [("of tomorrow", {"query": "filter="}, 9), ("damaged", {"query": 3}, 1)]:
        fields = {"experiment_id": world.experiment_id, "name": name, "state": json.dumps(state), "format": number}
        api.post("/api/2.0/cumulog/views/save", **fields)
    tab.go(world.address("runs"))
    choice = tab.page.locator(".views select")

    choice.select_option(label="of tomorrow")
    expect(tab.page.get_by_role("alert")).to_contain_text("Reload the page")
    choice.select_option(label="damaged")
    expect(tab.page.get_by_role("alert")).to_contain_text("Delete it")

    tab.page.get_by_role("button", name="Delete view").click()
    tab.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(choice.get_by_role("option", name="damaged")).to_have_count(0)
