"""Checkpoints of a run whose machine may be taken away: a folder that is kept as artifacts, and is there again.

What the command puts there under its last name is uploaded every minute, and once more when it ends. A file that is
still written belongs under a name that begins with a dot or ends with `.tmp`, to be renamed when it is complete.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from cumulog._http.errors import CumulogError
from cumulog._transfer.api import Api
from cumulog._transfer.transfer import Options, download, upload

FOLDER = "checkpoints"
VARIABLE, ATTEMPT = "CUMULOG_CHECKPOINTS", "CUMULOG_ATTEMPT"
SECONDS = 60.0
_UNFINISHED = (".tmp", ".part")
_QUIET = Options(progress=False)


class Checkpoints:
    """A folder, and its copy in the artifacts of a run, whose whole path is `root`."""

    def __init__(self, folder: Path, root: str, api: Api, tell: Callable[[str], None]) -> None:
        self.folder = folder
        self._root = root
        self._api = api
        self._tell = tell
        self._sent: dict[str, tuple[int, int]] = {}
        self._saving = threading.Lock()

    def fetch(self) -> None:
        """Get what earlier attempts left. Raises CumulogError, and OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        place = f"{self._root}/{FOLDER}"
        paths = [f"{place}/{each.path}" for each in self._api.entries(place, recursive=True) if not each.is_dir]
        if paths:
            download(paths, self.folder, self._api, _QUIET, root=place)
        self._sent = self._found()

    def save(self) -> None:
        """Upload what is new. Whatever goes wrong is said, as training must go on."""
        with self._saving:
            found = self._found()
            new = {name: facts for name, facts in found.items() if self._sent.get(name) != facts}
            try:
                places = {f"{self._root}/{FOLDER}/{name}": self.folder / name for name in new}
                if places:
                    upload(places, self._api, _QUIET)
                self._sent |= new
            except (CumulogError, OSError) as error:
                self._tell(f"Checkpoints were not uploaded: {error}")

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Upload what is new every minute while the block runs, and at its end, however it ends."""
        over = threading.Event()
        thread = threading.Thread(target=self._watch, args=(over,), name="cumulog-checkpoints", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            self.save()

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(SECONDS):
            self.save()

    def _found(self) -> dict[str, tuple[int, int]]:
        """Each file that is complete, with its size and when it changed."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if any(part.startswith(".") for part in name.split("/")) or name.endswith(_UNFINISHED):
                continue
            with contextlib.suppress(OSError):
                if path.is_file() and not path.is_symlink():
                    facts = path.stat()
                    found[name] = (facts.st_size, facts.st_mtime_ns)
        return found
