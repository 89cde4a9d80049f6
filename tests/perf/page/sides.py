"""Where each of the two pages shows what is measured, and how one sees that it is there."""

import json
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from tests.perf.page import runs


class Side(NamedTuple):
    """A server with its experiments and their runs, and the page on it."""

    name: str
    url: str
    table_id: str
    table_runs: list[str]
    curves_id: str
    curve_runs: list[str]
    # Run before the page's own scripts.
    script: str = ""


class View(NamedTuple):
    """Where to go, and the expression of the page that says whether it is there."""

    address: str
    is_there: str


class Views(NamedTuple):
    """All that is looked at. `more` loads rows until there are `all_rows`; `scrollers` scroll down and across."""

    table: View
    all_rows: str
    more: str
    curves: View
    plot: str
    scrollers: tuple[str, str]


_ROWS = 15


def ours(side: Side) -> Views:
    columns = (
        [f"p.{key}" for key in runs.PARAMS] + [f"m.{key}" for key in runs.METRICS] + [f"t.{key}" for key in runs.TAGS]
    )
    query = urlencode({"columns": ",".join(["name!", *columns])})
    return Views(
        table=View(f"{side.url}/#/experiments/{side.table_id}/runs?{query}", _has_rows('.grid .body [role="row"]')),
        all_rows=f"document.querySelector('.grid').ariaRowCount > {runs.TABLE_RUNS}",
        more="",
        curves=View(_compared(side, side.curves_id, side.curve_runs, "curves"), _CANVAS),
        plot=".u-over",
        scrollers=(".grid", ".grid"),
    )


def mlflow(side: Side) -> Views:
    charts = f"{side.url}/#/experiments/{side.curves_id}/runs?compareRunsMode=CHART"
    return Views(
        table=View(f"{side.url}/#/experiments/{side.table_id}/runs", _has_rows(".ag-center-cols-container .ag-row")),
        all_rows=f"document.body.innerText.includes('{runs.TABLE_RUNS} matching runs')",
        more="Load more",
        curves=View(charts, "!!document.querySelector('.js-plotly-plot .scatterlayer .trace, .js-plotly-plot canvas')"),
        plot=".js-plotly-plot .nsewdrag",
        scrollers=(".ag-body-viewport", ".ag-center-cols-viewport"),
    )


def comparisons(side: Side, count: int) -> dict[str, View]:
    """A table of the first runs, lines across their params, and curves, which MLflow's page does not compare."""
    if side.name == "MLflow":
        ids, experiments = quote(json.dumps(side.table_runs[:count])), quote(json.dumps([side.table_id]))
        address = f"{side.url}/#/compare-runs?runs={ids}&experiments={experiments}"
        return {what: View(address, is_there) for what, is_there in _THEIRS.items()}
    ids = side.table_runs[:count]
    return {what: View(_compared(side, side.table_id, ids, tab), is_there) for what, (tab, is_there) in _OURS.items()}


def mlflow_script(table_id: str, curves_id: str) -> str:
    """What its page keeps in the browser: all columns chosen, the first 20 runs in charts, and no assistant."""
    chosen = [f"params.`{key}`" for key in runs.PARAMS] + [f"metrics.`{key}`" for key in runs.METRICS]
    chosen += [f"tags.`{key}`" for key in runs.TAGS]
    kept = {
        _STATE.format(each): json.dumps({**_UNTOUCHED, "selectedColumns": chosen}) for each in (table_id, curves_id)
    }
    kept |= {"mlflow.assistant.fab.autoOpenedOnFirstLoad_v1": "true", "mlflow.assistant.panelOpen_v1": "false"}
    return "".join(f"localStorage.setItem({json.dumps(key)}, {json.dumps(value)});" for key, value in kept.items())


_CANVAS = "!!document.querySelector('.chart-card canvas')"
_OURS = {
    "table": ("differences", "!!document.querySelector('table.differences td')"),
    "lines": ("parallel", "!!document.querySelector('main svg path')"),
    "curves": ("curves", _CANVAS),
}
_THEIRS = {
    "table": "[...document.querySelectorAll('td, th')].some((cell) => cell.innerText.startsWith('calm-owl'))",
    "lines": "!!document.querySelector('.js-plotly-plot canvas')",
}
_STATE = 'MLflowLocalStorage-1.1-ExperimentPage-["{}"]-ReactComponentState'
# What it keeps of an experiment whose view nobody has changed, but for the runs that its charts show.
_UNTOUCHED = json.loads(Path(__file__).with_name("mlflow_untouched.json").read_text())


def _has_rows(selector: str) -> str:
    """So many rows, and a value with a decimal point in one of them."""
    rows = f"[...document.querySelectorAll({json.dumps(selector)})]"
    return f"{rows}.length > {_ROWS} && {rows}.some((row) => row.innerText.includes('0.'))"


def _compared(side: Side, experiment_id: str, run_ids: list[str], tab: str) -> str:
    query = urlencode({"runs": ",".join(run_ids), "tab": tab})
    return f"{side.url}/#/experiments/{experiment_id}/compare?{query}"
