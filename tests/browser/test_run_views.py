"""How somebody makes the table of runs theirs: filters, columns, saved views; and the models and images of runs."""

import json

import pytest
from playwright.sync_api import expect

from chalicelib import clock
from infra.local.stack import Stack
from tests.browser import worlds
from tests.browser.api import Api
from tests.browser.tabs import Tab
from tests.browser.worlds import World

SAVE = "/api/2.0/cumulog/views/save"
FILES = "/api/2.0/mlflow-artifacts/artifacts"


@pytest.fixture
def world(opened: Stack) -> World:
    return worlds.make(opened.url)


def test_a_filter_is_completed_applied_and_told_where_it_is_wrong(tab: Tab, world: World) -> None:
    tab.forgive("status of 400")
    tab.go(world.address("runs"))
    grid, typed = tab.page.get_by_role("grid", name="Runs"), tab.page.get_by_role("combobox", name="Filter")
    expect(grid).to_have_attribute("aria-rowcount", str(worlds.RUNS + 1))

    typed.fill("metrics.loss << 1")
    typed.press("Enter")
    expect(tab.page.get_by_role("alert")).to_contain_text("^")
    tab.look("filter-wrong")

    typed.fill("params.opt")
    tab.page.get_by_role("option", name="params.optimizer").click()
    typed.press_sequentially("= ")
    expect(tab.page.get_by_role("option", name="'adam'")).to_be_visible()
    tab.look("filter-completed")
    typed.press("ArrowDown")
    typed.press("Enter")
    typed.press("Escape")
    typed.press("Enter")

    expect(tab.page.get_by_role("alert")).to_have_count(0)
    expect(grid).to_have_attribute("aria-rowcount", str(worlds.RUNS // 2 + 1))
    assert "filter=params.optimizer" in tab.page.url


def test_columns_are_chosen_pinned_moved_sized_and_hidden_and_a_link_shows_that(tab: Tab, world: World) -> None:
    tab.go(f"{world.address('runs')}?columns=name!,status,m.loss,p.depth")
    heads = tab.page.get_by_role("grid", name="Runs").get_by_role("columnheader")
    titles = heads.filter(has=tab.page.locator(".title"))

    def act(column: str, *what: str) -> None:
        for each in what:
            tab.page.get_by_role("button", name=f"Menu of {column}", exact=True).click()
            tab.page.get_by_role("menu").get_by_text(each, exact=True).click()

    act("depth", "Move left", "Pin at the left")
    act("status".title(), "Hide")
    tab.page.get_by_role("button", name="Columns", exact=True).click()
    panel = tab.page.get_by_role("complementary", name="Columns")
    panel.get_by_label("Search columns").fill("accuracy")
    panel.get_by_role("checkbox").check()
    tab.look("columns")
    panel.get_by_role("button", name="Close").click()
    handle = titles.filter(has_text="loss").locator(".handle").bounding_box()
    assert handle
    tab.page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + 5)
    tab.page.mouse.down()
    tab.page.mouse.move(handle["x"] + 90, handle["y"] + 5, steps=3)
    tab.page.mouse.up()

    expect(titles).to_contain_text(["Name", "depth", "loss", "accuracy"])
    assert "columns=name!,p.depth!,m.loss~" in tab.page.url
    tab.page.reload()
    expect(titles).to_contain_text(["Name", "depth", "loss", "accuracy"])


def test_a_view_is_saved_opened_and_not_saved_over_somebody_else_s(tab: Tab, world: World, api: Api) -> None:
    tab.forgive("status of 409")
    name = f"mine {clock.short_id()}"
    tab.go(f"{world.address('runs')}?filter=params.depth+=+%273%27")
    choice, dialog = tab.page.locator(".views select"), tab.page.get_by_role("dialog")
    tab.page.get_by_role("button", name="Save view").click()
    dialog.get_by_label("Name").fill(name)
    tab.look("view-save")
    dialog.get_by_role("button", name="Save").click()
    expect(choice.locator("option:checked")).to_have_text(name)

    choice.select_option(index=0)
    expect(tab.page.get_by_role("combobox", name="Filter")).to_have_value("")
    choice.select_option(label=name)
    expect(tab.page.get_by_role("combobox", name="Filter")).to_have_value("params.depth = '3'")

    view_id = tab.page.url.rpartition("saved=")[2]
    fields = {"experiment_id": world.experiment_id, "view_id": view_id, "name": name, "version": 1}
    api.post(SAVE, **fields, state=json.dumps({"query": "filter="}))
    tab.page.get_by_role("button", name="Save view").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    tab.look("view-conflict")


def test_a_model_says_how_it_is_loaded(tab: Tab, api: Api) -> None:
    # Its files are read a moment after they have arrived.
    tab.forgive("status of 404")
    experiment_id = api.experiment(f"model {clock.short_id()}")
    run_id = api.run(experiment_id)
    model = api.post("/logged-models", experiment_id=experiment_id, source_run_id=run_id, name="wine")["model"]["info"]
    columns = json.dumps([{"name": "acidity", "type": "double"}])
    about = {"flavors": {"sklearn": {"sklearn_version": "1.5"}}, "signature": {"inputs": columns}}
    api.put(f"{FILES}/{experiment_id}/models/{model['model_id']}/artifacts/MLmodel", json.dumps(about).encode())
    api.post("/runs/outputs", run_id=run_id, models=[{"model_id": model["model_id"], "step": 0}])

    tab.go(f"#/experiments/{experiment_id}/runs/{run_id}/models")

    expect(tab.page.get_by_role("heading", name="wine")).to_be_visible()
    again, known = tab.page.get_by_role("button", name="Look again"), tab.page.get_by_text("sklearn")
    for _turn in range(60):
        expect(again.or_(known)).to_be_visible()
        if known.is_visible():
            break
        tab.page.wait_for_timeout(250)
        again.click()
    expect(tab.page.get_by_role("cell", name="acidity")).to_be_visible()
    tab.page.get_by_text("Load it", exact=True).click()
    expect(tab.page.get_by_text(f'cumulog.load_model("models:/{model["model_id"]}')).to_be_visible()
    tab.look("run-model")


def test_images_of_runs_stand_beside_each_other_by_step(tab: Tab, api: Api) -> None:
    experiment_id = api.experiment(f"images {clock.short_id()}")
    run_ids = [api.run(experiment_id, run_name=f"painter {number}") for number in range(2)]
    for run_id in run_ids:
        for step in (1, 2):
            path = f"images/face+step+{step}+timestamp+7+{step}.png"
            api.put(f"{FILES}/{experiment_id}/{run_id}/artifacts/{path}", worlds.png())

    tab.go(f"#/experiments/{experiment_id}/compare?runs={','.join(run_ids)}&tab=images")

    expect(tab.page.get_by_role("img", name="face at step 2")).to_have_count(2)
    tab.look("compare-images")
    tab.page.get_by_role("slider").fill("0")
    expect(tab.page.get_by_role("img", name="face at step 1")).to_have_count(2)
