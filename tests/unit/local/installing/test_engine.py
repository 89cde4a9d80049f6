from subprocess import CompletedProcess

import pytest

from infra.local.installing import engine

SPEC = "@dynoxide/linux-x64@1.2.1"
HASH = "sha512-abc=="

HINDRANCES = [
    # what npm knows of the package, the hash in the lock file → what hinders
    (CompletedProcess([], 1, "", "npm error code E404\n"), HASH, "npm error code E404"),
    (CompletedProcess([], 0, "sha512-xyz==\n", ""), HASH, "another file"),
    (CompletedProcess([], 0, "sha512-abc==\n", ""), HASH, "its log says why"),
    (CompletedProcess([], 0, "sha512-xyz==\n", ""), None, "its log says why"),
]


@pytest.mark.parametrize(("asked", "pinned", "said"), HINDRANCES)
def test_what_npm_keeps_silent_about_is_told(asked, pinned, said):
    why = engine.why(SPEC, pinned, asked)

    assert SPEC in why
    assert said in why
