"""axe-core, which finds what keeps people from using a page: a missing label, too little contrast."""

from functools import cache
from typing import Any

from infra.dashboard.files import FOLDER
from infra.local.installing import node

_SOURCE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async () => {
  const { violations } = await axe.run();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(" ")}`);
}"""


@cache
def source() -> str:
    """Its script; the dashboard's tools are installed first if they are missing."""
    if not _SOURCE.is_file():
        done = node.npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", folder=FOLDER)
        assert done.returncode == 0, done.stderr
    return _SOURCE.read_text(encoding="utf-8")


def violations(page: Any) -> list[str]:
    """What is serious or critical on the page as it is. The script comes from outside, so no policy refuses it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(source())
    found: list[str] = page.evaluate(_RUN)
    return found
