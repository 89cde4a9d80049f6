"""An experiment in which every text that somebody else may choose is one that would run, lead or spoil something."""

import json
from functools import cache
from typing import NamedTuple

from chalicelib import clock
from tests.browser.api import Api

TEXTS = [
    "<img src=x onerror=window.hacked=1>",
    "<script>window.hacked=1</script>",
    '"><svg onload=window.hacked=1>',
    "javascript:window.hacked=1//",
    "data:text/html,<script>opener.hacked=1</script>",
    "'-window.hacked=1-'",
    "{{constructor.constructor('window.hacked=1')()}}",
    "${window.hacked=1} %s %d {0} $& $1",
    "<style>body{background:url(https://evil.example/css)}</style>",
    "url(https://evil.example/url)",
    "<iframe srcdoc='<script>parent.hacked=1</script>'>",
    "</title><base href=//evil.example/>",
    "__proto__",
    "constructor",
    "&lt;b&gt;&#x22;",
    "[a](javascript:window.hacked=1) ![b](https://evil.example/b.png) <https://evil.example/c>",
    "left \u202e thgir \u2066 \u200f x",
    "n" * 5_000,
]
ALL = " ".join(TEXTS[:-1])
# A name may have fewer signs than a text.
NAMES = [text[:200] for text in TEXTS]
_KEYS = ["__proto__", "constructor", "toString", "hasOwnProperty", "javascript:window.hacked", "data:text/html"]
_NOTE = f"""# {ALL}

{TEXTS[15]}

[x]: javascript:window.hacked=1
[go][x] [two](data:text/html,x) [three](vbscript:x) [four](//evil.example) [five](blob:x) <javascript:window.hacked=1>

| {TEXTS[0]} | b |
|---|---|
| {TEXTS[1]} | ![x](data:image/svg+xml,<svg/onload=window.hacked=1>) |

- [ ] {TEXTS[2]}

> {TEXTS[10]}
"""
_SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"
 onload="top.hacked=1"><script>top.hacked=1</script><image xlink:href="https://evil.example/svg.png" width="9"
 height="9"/><style>@import url(https://evil.example/svg.css);</style><rect width="9" height="9"/></svg>"""
_PAGE = b"""<!doctype html><meta http-equiv="refresh" content="0;url=https://evil.example/refresh">
<base href="https://evil.example/"><link rel="stylesheet" href="https://evil.example/a.css">
<link rel="prefetch" href="https://evil.example/p"><link rel="preload" as="image" href="https://evil.example/l">
<style>@import url(https://evil.example/i.css); body { background: url(https://evil.example/b) }</style>
<body onload="top.hacked=1" background="https://evil.example/g"><h1>Plot</h1><script>top.hacked=1</script>
<img src="https://evil.example/x.png" onerror="top.hacked=1"><img srcset="https://evil.example/s.png 1x">
<iframe src="https://evil.example/f"></iframe><iframe srcdoc="<script>top.hacked=1</script>"></iframe>
<object data="https://evil.example/o"></object><embed src="https://evil.example/e"><video poster="https://evil.example/v">
</video><audio src="https://evil.example/u" autoplay></audio><a href="https://evil.example/top" target="_top">out</a>
<a href="javascript:top.hacked=1">run</a><form action="https://evil.example/form" target="_top"><button>Send</button>
</form><svg><image href="https://evil.example/m"/><use href="https://evil.example/d#x"/></svg>"""
_RECORD = {
    "entry_point": {"command": ["python", ALL], "working_directory": ALL, "module": {"toString": 1}},
    "git": {"commit": ALL, "branch": TEXTS[0], "remote": TEXTS[3], "untracked": [ALL, None, 3], "left_out": [None, {}]},
    "python": {"flags": "x", "version": None},
    "environment": {"__proto__": ALL, "constructor": TEXTS[0], ALL: "x"},
    "host": [1],
    "accelerators": [{"name": ALL}, 7],
}
_SIGNATURE = [None, 7, {"name": ALL, "type": TEXTS[0]}, {"name": {"toString": 1}, "tensor-spec": {"shape": ALL}}]
_MLMODEL = {
    "artifact_path": "model",
    "flavors": {ALL[:200]: {"version": TEXTS[0]}, "python_function": {"loader_module": ALL, "env": TEXTS[1]}},
    "metadata": {ALL: ALL},
    "signature": {"inputs": json.dumps(_SIGNATURE), "outputs": json.dumps(_SIGNATURE), "params": "null"},
    "saved_input_example_info": {"artifact_path": "input_example.json", "type": ALL},
}

FILES: dict[str, bytes] = {
    "page.svg": _PAGE,
    "config.constructor": ALL.encode(),
    "config.__proto__": ALL.encode(),
    "deep.json": b"[" * 100_000 + b"]" * 100_000,
    "drawing.svg": _SVG,
    "names.json": json.dumps(
        {"columns": [{"toString": 1, "valueOf": 1}, ALL], "data": [[ALL, {"__proto__": 1}]]}
    ).encode(),
    "notes.md": _NOTE.encode(),
    "quotes.md": b">" * 20_000 + b" x",
    "table.csv": ("\n".join(f'"{text.replace(chr(34), chr(34) * 2)}",=1+1,{text}' for text in TEXTS)).encode(),
    "text.yaml": json.dumps(_RECORD).encode(),
    "broken.parquet": b"PAR1\xff\xff\xff\x7fPAR1",
    "broken.json": b"{" + ALL.encode(),
    "text.png": b"<svg onload=top.hacked=1>",
    "picture.txt": b"\x89PNG\r\n\x1a\n\0",
    f"{TEXTS[0]} {TEXTS[16]} [b](javascript:x).txt": ALL.encode(),
    "images/<b>~__proto__+step+3+timestamp+7+0.svg": _SVG,
}
_RECORDED = {
    "cumulog/run.json": json.dumps(_RECORD).encode(),
    "cumulog/requirements.txt": "\n".join(TEXTS).encode(),
    "cumulog/changes.patch": "\n".join(
        [
            f"diff --git a/{TEXTS[0]} b/__proto__",
            "--- a/x",
            f"+++ b/{ALL}",
            f"@@ -1 +1 @@ {ALL}",
            f"-{ALL}",
            f"+{ALL}",
        ]
    ).encode(),
}


class Hostile(NamedTuple):
    """Of `run_ids` the first has files, inputs and a model; both have a record."""

    experiment_id: str
    run_ids: tuple[str, str]

    def address(self, *path: str) -> str:
        return "#/" + "/".join(["experiments", self.experiment_id, *path])


@cache
def make(url: str) -> Hostile:
    """The experiment on a stack that is open."""
    api = Api(url)
    experiment_id = api.experiment(f"{ALL[:300]} {clock.short_id()}")
    for key, value in [("mlflow.note.content", _NOTE), *((key, ALL) for key in _KEYS[:4])]:
        api.post("/experiments/set-experiment-tag", experiment_id=experiment_id, key=key, value=value)
    runs = [_run(api, experiment_id, name) for name in reversed(NAMES)]
    first, second = runs[-1], runs[-2]
    _files(api, experiment_id, first, {**FILES, **_RECORDED, "page.html": _PAGE})
    _files(api, experiment_id, second, _RECORDED)
    _inputs(api, first)
    _model(api, experiment_id, first)
    for name in NAMES[:3]:
        state = json.dumps({"query": f"filter={ALL}&columns=__proto__,m.__proto__,p.constructor,{ALL}&group={ALL}"})
        api.post("/api/2.0/cumulog/views/save", experiment_id=experiment_id, name=name, state=state)
    return Hostile(experiment_id, (first, second))


def _run(api: Api, experiment_id: str, name: str) -> str:
    ours = ["source.name", "source.git.commit", "source.git.branch", "source.git.repoURL", "parentRunId", "user"]
    tags = [{"key": f"mlflow.{key}", "value": ALL} for key in ours]
    run_id = api.run(experiment_id, run_name=name, user_id=name, tags=tags)
    api.post(
        "/runs/log-batch",
        run_id=run_id,
        metrics=[{"key": key, "value": len(name), "timestamp": 1, "step": at} for key in _KEYS for at in range(3)],
        params=[{"key": key, "value": f"{ALL} {name}"} for key in _KEYS],
        tags=[*({"key": key, "value": ALL} for key in _KEYS), {"key": "mlflow.note.content", "value": _NOTE}],
    )
    return run_id


def _inputs(api: Api, run_id: str) -> None:
    texts = {"source": ALL, "schema": ALL, "profile": ALL}
    used = [{"name": name, "digest": name[:30], "source_type": name[:30], **texts} for name in NAMES]
    tags = [{"key": "mlflow.data.context", "value": ALL[:200]}]
    api.post("/runs/log-inputs", run_id=run_id, datasets=[{"dataset": each, "tags": tags} for each in used])


def _files(api: Api, experiment_id: str, run_id: str, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        api.put(f"/api/2.0/mlflow-artifacts/artifacts/{experiment_id}/{run_id}/artifacts/{path}", content)


def _model(api: Api, experiment_id: str, run_id: str) -> None:
    versions = json.dumps([None, {"name": ALL, "version": {"toString": 1}}])
    tags = [{"key": "mlflow.modelVersions", "value": versions}, {"key": "__proto__", "value": ALL}]
    params = [{"key": "__proto__", "value": ALL}]
    model = api.post(
        "/logged-models",
        experiment_id=experiment_id,
        source_run_id=run_id,
        name="<img src=x onerror=alert(1)> {{1}}",
        params=params,
        tags=tags,
    )["model"]["info"]
    folder = f"{experiment_id}/models/{model['model_id']}/artifacts"
    for path, content in {"MLmodel": json.dumps(_MLMODEL).encode(), "input_example.json": ALL.encode()}.items():
        api.put(f"/api/2.0/mlflow-artifacts/artifacts/{folder}/{path}", content)
    api.post("/runs/outputs", run_id=run_id, models=[{"model_id": model["model_id"], "step": 0}])
