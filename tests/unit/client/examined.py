"""What `cumulog doctor` says, for its tests."""

import json
from pathlib import Path

import pytest

from cumulog._command import main
from cumulog._command.health.findings import Finding


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


class Report:
    """What the doctor says."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        self.code = main(["doctor", "--json", *arguments])
        self._checks = [Finding(**each) for each in json.loads(capsys.readouterr().out)["checks"]]

    def __call__(self, check: str) -> tuple[str, str]:
        """The worst that a check has found: its state and its text."""
        found = [each for each in self._checks if each.check == check]
        worst = max(found, key=lambda each: ["skipped", "ok", "warning", "fault"].index(each.state))
        assert worst.remedy or worst.state in ("ok", "skipped")
        return worst.state, worst.told

    def states(self) -> set[str]:
        return {each.state for each in self._checks if each.check not in ("plugin", "versions")}

    def remedy(self, check: str) -> str:
        return next(each.remedy for each in self._checks if each.check == check and each.remedy)
