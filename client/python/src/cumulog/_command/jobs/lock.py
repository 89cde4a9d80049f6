"""`cumulog lock`: writes a run to an archive that `cumulog run` runs."""

import tempfile
from pathlib import Path

import click

from cumulog._command.frame import completing, finding
from cumulog._command.frame.exits import NotFound
from cumulog._command.frame.session import Session
from cumulog._command.frame.tree import Command
from cumulog._command.shown.results import Done
from cumulog._command.shown.text import size
from cumulog._reproduction.rebuilding.packages import Wanted
from cumulog._reproduction.rebuilding.tree import Where
from cumulog._reproduction.recorded import reading
from cumulog._reproduction.repeating import archive, reproducing

HELP = """Write a run to one archive that runs with nothing but `cumulog run`.

It holds the code with its uncommitted edits, the packages with their digests, the parameters as defaults, and the files
that parameters of type path name. Its record says which files of this machine these are: look through the archive of
somebody else's run before you hand it on.
"""


@click.command(cls=Command, help=HELP)
@click.argument("run", shell_complete=completing.runs)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The archive: <run id>.zip without it.")
@click.option("--repository", default="", metavar="FOLDER|URL", help="Where the commit is to be had.")
@click.option("--data-mb", default=100, show_default=True, type=click.IntRange(0), help="Of data at most so much.")
@click.pass_obj
def command(session: Session, /, run: str, output: Path | None, repository: str, data_mb: int) -> Done:
    run_id = finding.run(session.client, run)["info"]["run_id"]
    place = (output or Path(f"{run_id}.zip")).resolve()
    if not place.parent.is_dir():
        raise NotFound(f"There is no folder '{place.parent}'.")
    server = reading.Server(session.client, session.api)
    wishes = reproducing.Wishes(Where(repository), Wanted("uv"))
    with tempfile.TemporaryDirectory(prefix="cumulog-lock-") as scratch:
        recorded = reading.read(server, run_id, Path(scratch, "old"))
        work = reproducing.Work(server, recorded, wishes, Path(scratch).resolve())
        packed = archive.written(work, reproducing.rebuild(work), place, data_mb << 20)
    fields = {**packed._asdict(), "path": str(packed.path), "run_id": run_id}
    notes = [f"Not in it, as data are large: {each}" for each in packed.left_out]
    notes += [each.sentence for each in recorded.missing]
    return Done(fields, f"{packed.path}: {packed.files} files, {size(packed.size)}", str(packed.path), notes=notes)


COMMAND = command
