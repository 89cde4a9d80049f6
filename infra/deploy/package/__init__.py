"""The package: one template for CloudFormation, one zip with the code of its functions, and the dashboard's files.

    app.py, .chalice/config.json ─ generated ─┐
    deploy/policies ──────────────────────────┤
    deploy/fragments ─ merging ───────────────┼─ functions, gateway ─► template.json
    deploy/statemachines ─ machine ───────────┤
    infra/dashboard/headers ─ page ───────────┘
    app.py, chalicelib ─ bytecode ────────────┐
    requirements.lock ─ dependencies ─────────┴─ archive ─────────────► cumulog.zip
    client/dashboard/dist ────────────────────────────────────────────► site/

The same sources give the same bytes, at any time and in any folder, on machines that agree on two things: whether there
is a Python to compile with (`bytecode`), and the zlib (`archive`). The template contains neither account nor stage:
these are parameters, and so is the location of the zip.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.dashboard.files import files
from infra.deploy.package import archive, bytecode, dependencies, functions, gateway, generated, machine, merging, page
from infra.deploy.package.target import DEPLOYED, Target, here

__all__ = ["DEPLOYED", "Built", "Target", "build", "here", "template"]

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "infra" / "deploy"


@dataclass(frozen=True)
class Built:
    """Two files, the folder of the dashboard's, and the SHA-256 of the zip in hexadecimal digits."""

    template: Path
    archive: Path
    site: Path
    sha256: str


def build(out: Path, target: Target = DEPLOYED) -> Built:
    """Write `template.json`, `cumulog.zip` and `site/` into a folder. `site/` is empty if the dashboard is not built.

    Raises subprocess.CalledProcessError if pip cannot get a wheel.
    """
    out.mkdir(parents=True, exist_ok=True)
    built = out / "template.json", out / "cumulog.zip", out / "site"
    built[0].write_text(_text(template(target)))
    with TemporaryDirectory() as ours:
        archive.write(code(target, Path(ours)), built[1])
    _write_site(built[2])
    return Built(*built, archive.sha256(built[1]))


def template(target: Target = DEPLOYED) -> dict[str, Any]:
    """The template of this checkout."""
    definition = DEPLOY / "statemachines" / "transition.asl.json"
    parts = [
        generated.generate(ROOT),
        machine.fragment(definition),
        page.fragment(),
        *merging.fragments(DEPLOY / "fragments"),
    ]
    return gateway.completed(functions.completed(merging.merged(parts), target))


def code(target: Target, ours: Path) -> dict[str, Path]:
    """The files of the zip by their names in it. Our own files are copied to an empty folder and compiled there."""
    for path in [ROOT / "app.py", *(ROOT / "chalicelib").rglob("*.py")]:
        copy = ours / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    bytecode.compile_all(ours, bytecode.compiler(target))
    return {**archive.files(dependencies.installed(target, ROOT / "build" / "dependencies")), **archive.files(ours)}


def _write_site(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path, _, content in files():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _text(template: dict[str, Any]) -> str:
    # Without blanks: CloudFormation's limit is a megabyte.
    return json.dumps(template, sort_keys=True, separators=(",", ":")) + "\n"
