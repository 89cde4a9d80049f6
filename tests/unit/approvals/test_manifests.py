"""A manifest: what sha256sum prints, read line by line."""

import hashlib

import pytest

from chalicelib.approvals import manifests
from chalicelib.errors import InvalidParameterValue

ONE, TWO = "0123456789abcdef" * 4, "f" * 64


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}  MLmodel\n{TWO}  data/model.bin\n",
        f"{TWO}  data/model.bin\n{ONE}  MLmodel",
        f"{ONE.upper()} *./MLmodel\r\n{TWO} *./data/model.bin\r\n",
    ],
)
def test_files_in_any_order_are_one_manifest(text: str) -> None:
    assert manifests.read(text) == {"MLmodel": ONE, "data/model.bin": TWO}
    lines = f"{ONE}  MLmodel\n{TWO}  data/model.bin\n"
    assert manifests.digest(text) == hashlib.sha256(lines.encode()).hexdigest()


def test_names_with_blanks_and_in_any_script_are_kept() -> None:
    assert manifests.read(f"{ONE}   a b\n{TWO}  ü/中") == {" a b": ONE, "ü/中": TWO}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("\n", 1),
        ("MLmodel", 1),
        (f"{ONE[:-1]}  MLmodel", 1),
        (f"{ONE} MLmodel", 1),
        (f"{ONE}\tMLmodel", 1),
        (f"\\{ONE}  a\\nb", 1),
        (f"{ONE}  /etc/passwd", 1),
        (f"{ONE}  a/../b", 1),
        (f"{ONE}  a//b", 1),
        (f"{ONE}  a/", 1),
        (f"{ONE}  a\n\n{TWO}  b", 2),
        (f"{ONE}  a\n{TWO}  a", 2),
        (f"{ONE}  a\n{TWO}  ./a", 2),
        (f"{ONE}  \x00", 1),
    ],
)
def test_anything_else_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(InvalidParameterValue, match=f"Line {line}:"):
        manifests.read(text)
