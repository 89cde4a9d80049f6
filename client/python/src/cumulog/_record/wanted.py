"""What the process that collects a record is asked."""

import json
from typing import NamedTuple

from cumulog._record.started import Started

FOLDER = "cumulog"
RUN_FILE, REQUIREMENTS, LOCK = (f"{FOLDER}/{name}" for name in ("run.json", "requirements.txt", "requirements.lock"))


class Wanted(NamedTuple):
    """The first part of a record, which takes a moment; or the rest, for what run.json and the requirements say."""

    started: Started
    with_files: bool = True
    run: str = ""
    requirements: str = ""

    def written(self) -> bytes:
        return json.dumps([self.started, *self[1:]]).encode()

    @classmethod
    def read(cls, text: bytes) -> "Wanted":
        begun, *rest = json.loads(text)
        return cls(Started(*begun), *rest)
