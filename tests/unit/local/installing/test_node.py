from pathlib import Path

import pytest

from infra.local.installing import node


@pytest.mark.parametrize(
    ("version", "expected"),
    [("11.19.1\n", True), ("7.0.0", True), ("6.14.18", False), ("", False), ("npm: not found", False)],
)
def test_an_npm_that_reads_our_lock_file_is_usable(version, expected):
    assert node.is_usable(version) is expected


def test_npm_from_pypi_reads_the_machines_configuration():
    assert node.with_npmrc({"HOME": "/h"}, Path("/etc/npmrc")) == {
        "HOME": "/h",
        "npm_config_globalconfig": "/etc/npmrc",
    }
    assert node.with_npmrc({"HOME": "/h"}, None) == {"HOME": "/h"}


@pytest.mark.parametrize("name", ["npm_config_globalconfig", "NPM_CONFIG_GLOBALCONFIG"])
def test_a_configuration_that_is_set_wins(name):
    assert node.with_npmrc({name: "/mine"}, Path("/etc/npmrc")) == {name: "/mine"}


def test_a_program_that_cannot_be_run_is_told_by_its_path(tmp_path):
    with pytest.raises(node.NotInstalled, match=r"bin/npm could not be run"):
        node._run([str(tmp_path / "bin" / "npm"), "ci"], tmp_path, {})
