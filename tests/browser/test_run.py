"""The page of a run: its parts, its files straight from the bucket, and what somebody may change."""

import pytest
from playwright.sync_api import expect

from infra.local.stack import Stack
from tests.browser import worlds
from tests.browser.api import Api
from tests.browser.tabs import Tab
from tests.browser.worlds import HOSTILE, World


@pytest.fixture
def world(opened: Stack) -> World:
    return worlds.make(opened.url)


@pytest.mark.parametrize("part", ["overview", "charts", "artifacts", "models"])
def test_each_part_of_a_run_can_be_used_by_everybody(tab: Tab, world: World, part: str) -> None:
    tab.go(world.address("runs", world.best, part))

    expect(tab.page.get_by_role("heading", name="run-00")).to_be_visible()
    expect(tab.page.get_by_role("link", name=part.title())).to_have_attribute("aria-current", "page")
    tab.page.wait_for_load_state("networkidle")
    tab.look(f"run-{part}")


def test_a_chart_shows_its_metric_alone_and_the_address_says_so(tab: Tab, world: World) -> None:
    tab.go(world.address("runs", world.best, "charts"))

    tab.page.get_by_role("heading", name="loss").get_by_role("button").click()

    expect(tab.page.get_by_role("button", name="All charts")).to_be_visible()
    expect(tab.page.get_by_text("accuracy")).to_have_count(0)
    assert "chart=loss" in tab.page.url
    tab.page.wait_for_load_state("networkidle")
    tab.look("run-chart-alone")


FILES = {
    "notes.txt": "a note",
    "table.csv": "1",
    "config.json": "</script><script>window.hacked=1</script>",
    "README.md": HOSTILE,
}


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_fetched_from_the_bucket_and_shown(tab: Tab, world: World, path: str) -> None:
    tab.go(world.address("runs", world.best, "artifacts"))

    tab.page.get_by_role("button", name=path).click()

    expect(tab.page.get_by_role("heading", name=path)).to_be_visible()
    expect(tab.page.get_by_text(FILES[path]).first).to_be_visible()
    assert tab.page.evaluate("() => window.hacked") is None
    tab.look(f"file-{path}")


def test_a_picture_is_shown_and_a_page_runs_nothing(tab: Tab, world: World) -> None:
    # The frame has no scripts: the browser says of each that it was not let.
    tab.forgive("Blocked script execution|Content Security Policy")
    tab.go(world.address("runs", world.best, "artifacts"))

    tab.page.get_by_role("button", name="report.html").click()
    frame = tab.page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Report")).to_be_visible()
    tab.page.get_by_role("button", name="drawing.svg").click()
    expect(tab.page.get_by_role("heading", name="drawing.svg")).to_be_visible()
    tab.page.get_by_text("plots", exact=True).click()
    tab.page.get_by_role("button", name="red.png").first.click()
    picture = tab.page.get_by_role("img", name="plots/red.png")
    expect(picture).to_be_visible()

    assert picture.evaluate("(shown) => shown.naturalWidth") == 8
    assert tab.page.evaluate("() => window.hacked") is None


def test_odd_texts_are_texts_on_every_part_of_a_run(tab: Tab, world: World) -> None:
    tab.go(world.address("runs", world.odd))
    expect(tab.page.get_by_role("heading", name=HOSTILE)).to_be_visible()
    expect(tab.page.get_by_text("ünïcode/损失").first).to_be_visible()
    tab.page.wait_for_load_state("networkidle")
    tab.look("run-odd")

    for link in tab.page.get_by_role("link").all():
        assert not (link.get_attribute("href") or "").lower().startswith("javascript:")
    for part in ("charts", "artifacts", "models"):
        tab.go(world.address("runs", world.odd, part))
        expect(tab.page.get_by_role("heading", name=HOSTILE)).to_be_visible()
    assert tab.page.evaluate("() => window.hacked") is None


def test_a_run_is_renamed_deleted_and_restored(tab: Tab, world: World, api: Api) -> None:
    run_id = api.run(api.experiment(f"of {world.experiment_id} alone"), run_name="before")
    experiment_id = api.get("/runs/get", run_id=run_id)["run"]["info"]["experiment_id"]
    tab.go(f"#/experiments/{experiment_id}/runs/{run_id}")
    dialog = tab.page.get_by_role("dialog")

    tab.page.get_by_role("button", name="Rename").click()
    dialog.get_by_label("Name").fill("after")
    dialog.get_by_role("button", name="Rename").click()
    expect(tab.page.get_by_role("heading", name="after")).to_be_visible()

    tab.page.get_by_role("button", name="Delete", exact=True).click()
    dialog.get_by_role("button", name="Delete").click()
    expect(tab.page.get_by_role("button", name="Restore")).to_be_visible()
    tab.page.get_by_role("button", name="Restore").click()
    dialog.get_by_role("button", name="Restore").click()
    expect(tab.page.get_by_role("button", name="Delete", exact=True)).to_be_visible()
    assert api.get("/runs/get", run_id=run_id)["run"]["info"]["lifecycle_stage"] == "active"


def test_a_run_that_there_is_not_says_so(tab: Tab, world: World) -> None:
    tab.forgive("status of 404")

    tab.go(world.address("runs", "f" * 32))

    expect(tab.page.get_by_role("heading", name="There is no such run")).to_be_visible()
    tab.look("no-run")
