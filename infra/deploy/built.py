"""The package for a deployment, read from the folder that `make package` fills."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from infra.dashboard import build
from infra.dashboard.files import File, files
from infra.deploy import package


@dataclass(frozen=True)
class Package:
    folder: Path

    @cached_property
    def template(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "template.json").read_bytes()))

    def archive(self) -> bytes:
        return (self.folder / "cumulog.zip").read_bytes()

    @cached_property
    def site(self) -> list[File]:
        """The dashboard's files; none if it could not be built."""
        return list(files(self.folder / "site"))


def found_or_made(folder: Path | None) -> Package:
    """The package in the folder; without a folder, the package of this checkout, built now."""
    if folder is None:
        build.main()
        folder = package.build(package.ROOT / "build").template.parent
    return Package(folder)
