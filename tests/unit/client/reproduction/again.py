"""A script of somebody's in a repository, its run, and that run again."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import cumulog
from cumulog._command.root import main
from cumulog._fluent.process import process
from tests.unit.client.fake_server import World

SCRIPT = """
import hashlib, os, random, sys
import cumulog

options = dict(word.lstrip("-").split("=") for word in sys.argv[1:])
seed, rate = int(options.get("seed", 1)), float(options.get("rate", 0.5))
with cumulog.start_run():
    cumulog.log_params({"rate": rate, "seed": seed})
    cumulog.declare_seeds(python=seed)
    random.seed(seed)
    data = open("data.txt", "rb").read()
    digest = hashlib.sha256(data).hexdigest()[:36]
    cumulog.log_input({"name": "data", "digest": digest, "source_type": "local", "source": "data.txt"})
    scale = float(os.environ.get("OMP_SCALE", "1"))
    for step in range(3):
        cumulog.log_metric("loss", sum(data) * rate * scale * random.random(), step=step)
    cumulog.log_text(repr(random.random()), "last.txt")
"""


class Home:
    """The folder where somebody works: a repository with a script, and data that git ignores."""

    def __init__(self, folder: Path, world: World) -> None:
        self.folder = folder
        self.world = world
        folder.mkdir()
        for name, text in {"train.py": SCRIPT, "data.txt": "1 2 3", ".gitignore": "data.txt\n"}.items():
            (folder / name).write_text(text)
        self.git("init", "-q", "-b", "main")
        self.commit()

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=n", "-c", "user.email=e@example.org")
        subprocess.run(["git", "-C", str(self.folder), *who, *arguments], check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", ".")
        self.git("commit", "-qm", "a change")

    def edit(self, old: str, new: str) -> None:
        script = self.folder / "train.py"
        script.write_text(script.read_text().replace(old, new))

    def run(self, *arguments: str, start: tuple[str, ...] = ("train.py",), **variables: str) -> str:
        """Run the script by hand; returns its run's id."""
        before = {*self.world.tracking.runs}
        told = {
            "MLFLOW_TRACKING_URI": self.world.url,
            "MLFLOW_EXPERIMENT_ID": "0",
            "CUMULOG_RECORD_LOCK": "off",
            "PYTHONPATH": str(Path(cumulog.__file__).parents[1]),
        }
        subprocess.run(
            [sys.executable, *start, *arguments],
            cwd=self.folder,
            env={**os.environ, **told, **variables},
            check=True,
            capture_output=True,
        )
        (run_id,) = {*self.world.tracking.runs} - before
        return run_id

    def manifest(self) -> dict[str, str]:
        files = (each for each in sorted(self.folder.rglob("*")) if each.is_file())
        return {str(each): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def again(world: World, run_id: str, *options: str, code: int = 0) -> dict[str, Any]:
    """The report of `cumulog reproduce`, as it is kept with the new run."""
    assert main(["reproduce", run_id, "--json", *options]) == code
    process.flush()
    (new,) = [key for key in reversed(world.objects) if key.endswith("/cumulog/reproduction.json")][:1]
    found: dict[str, Any] = json.loads(world.objects[new])
    return found


def causes(report: dict[str, Any]) -> list[tuple[str, str]]:
    """What is known to differ: kinds and sentences."""
    return [(each["kind"], each["sentence"]) for each in report["causes"] if each["is_change"]]
