"""What names a project, and where its revision begins."""

import pytest

from cumulog._projects.sources import naming


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("https://git.example/team/project", ("https://git.example/team/project", "", "")),
        ("https://git.example/team/project@v1", ("https://git.example/team/project", "", "v1")),
        ("https://me@git.example/project", ("https://me@git.example/project", "", "")),
        ("https://git.example/project#sub/folder@v1", ("https://git.example/project", "sub/folder", "v1")),
        ("git@git.example:team/project", ("git@git.example:team/project", "", "")),
        ("git@git.example:team/project@v1", ("git@git.example:team/project", "", "v1")),
    ],
)
def test_a_revision_stands_behind_the_path_of_a_url(given: str, name: tuple[str, str, str]) -> None:
    assert tuple(naming.read(given, "")) == name
