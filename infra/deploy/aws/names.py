"""The names of a stage's resources, the same as in the template: plain functions.

A stage's name has no hyphen, so no other stage's names begin with `cumulog-<stage>-`. A stage cannot be named `code`,
because its bucket would have the name of the bucket for packages.
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
        """The table of runs, and the ledger."""
        return f"cumulog-{self.stage}-runs", f"cumulog-{self.stage}-ledger"

    @property
    def bucket(self) -> str:
        """The bucket of artifacts. Bucket names are unique among all AWS accounts."""
        return f"cumulog-{self.stage}-{self.account}-{self.region}"

    @property
    def site_bucket(self) -> str:
        """The bucket of the dashboard's files."""
        return f"cumulog-{self.stage}-site-{self.account}-{self.region}"

    @property
    def code_bucket(self) -> str:
        """The bucket for the packages of all stages."""
        return f"cumulog-code-{self.account}-{self.region}"

    @property
    def code_prefix(self) -> str:
        """The prefix of this stage's packages in the code bucket."""
        return f"{self.stage}/"

    def owns(self, name: str) -> bool:
        """Whether a name belongs to the stage: it is `cumulog-<stage>…`, possibly after folders."""
        return re.search(rf"(^|/)cumulog-{self.stage}(?![a-z0-9])", name) is not None


def is_stage(text: str) -> bool:
    return _STAGE.fullmatch(text) is not None and text not in _NOT_STAGES
