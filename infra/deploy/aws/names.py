"""What the things of a stage are called: plain functions, the same names as the template gives.

A stage's name has no hyphen, so `cumulog-<stage>-` is the beginning of no other stage's names; and `code` is no stage,
as its bucket would have the name of the one that packages are uploaded to.
"""

import re
from dataclasses import dataclass

_STAGE = re.compile(r"[a-z][a-z0-9]{0,19}")
_NOT_STAGES = frozenset({"code"})


@dataclass(frozen=True)
class Place:
    """A stage in one region of one account."""

    stage: str
    account: str
    region: str

    @property
    def stack(self) -> str:
        return f"cumulog-{self.stage}"

    @property
    def tables(self) -> tuple[str, str]:
        """Of runs, and the ledger."""
        return f"cumulog-{self.stage}-runs", f"cumulog-{self.stage}-ledger"

    @property
    def bucket(self) -> str:
        """Of artifacts; bucket names are shared by all accounts of the world."""
        return f"cumulog-{self.stage}-{self.account}-{self.region}"

    @property
    def code_bucket(self) -> str:
        """Of the packages of all stages."""
        return f"cumulog-code-{self.account}-{self.region}"

    @property
    def code_prefix(self) -> str:
        """Where the packages of this stage lie in the code bucket."""
        return f"{self.stage}/"

    def owns(self, name: str) -> bool:
        """Whether something of this name belongs to the stage: named `cumulog-<stage>…`, folders before it aside."""
        return re.search(rf"(^|/)cumulog-{self.stage}(?![a-z0-9])", name) is not None


def is_stage(text: str) -> bool:
    return _STAGE.fullmatch(text) is not None and text not in _NOT_STAGES
