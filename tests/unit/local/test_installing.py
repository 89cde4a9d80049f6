import pytest

from infra.local.installing import engine


@pytest.mark.parametrize(
    ("version", "expected"),
    [("11.19.1\n", True), ("7.0.0", True), ("6.14.18", False), ("", False), ("npm: not found", False)],
)
def test_an_npm_that_reads_our_lock_file_is_usable(version: str, expected: bool) -> None:
    assert engine.is_usable(version) is expected
