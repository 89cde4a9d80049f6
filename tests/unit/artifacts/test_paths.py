"""What is a path and what is not, as data: each case is a whole path, and what its owner and inner path are."""

import pytest

from chalicelib.artifacts import paths
from chalicelib.artifacts.paths import Owner
from chalicelib.errors import InvalidParameterValue

RUN = "7/0123456789abcdef0123456789abcdef/artifacts"
MODEL = "7/models/m-0123/artifacts"

NAMES = [
    "a",
    "folder/file.txt",
    "with space.txt",
    "ünï 漢字 😀.txt",
    "100%.txt",
    "100%25.txt",
    "a%20b.txt",
    "k+step+1.png",
    "a#b?c&d=e;f.txt",
    "...",
    "..a",
    ".hidden",
    "models/m/artifacts/x",
    "C:x",
    "x" * 255,
    "é" * 127,
]

DANGEROUS = [
    "..",
    ".",
    "../x",
    "a/../b",
    "a/./b",
    "a//b",
    "/a",
    "a/",
    "/",
    "a\\b",
    "..\\x",
    "a\x00b",
    "a\nb",
    "a\x7fb",
    "a\x85b",
    "a\ud800b",
    "%2e%2e",
    "%2E%2e/x",
    ".%2e/x",
    "%2e",
    "a%2Fb",
    "a%2fb",
    "%2fetc",
    "a%5cb",
    "a%00b",
    "a%0ab",
    "%252e%252e/x",
    "%25252e%25252e%25252fx",
    "%" + "25" * 12 + "2e",
    "x" * 256,
    "é" * 128,
    "/".join(["x" * 200] * 6),
]

OUTSIDE = [
    "",
    "7",
    "7/run",
    "7/run/other/x",
    "7/run/artifact",
    "run/7/artifacts/x",
    "07/run/artifacts/x",
    "-1/run/artifacts/x",
    "7/models/artifacts/x",
    "7/models/m/x",
    "7/models/m",
    "7/-run/artifacts/x",
    "7/ru n/artifacts/x",
    "7/%72un/artifacts/x",
    "_cumulog/values/x",
    "mlflow-artifacts:/7/run/artifacts/x",
    "s3://bucket/7/run/artifacts/x",
    "/" + RUN,
    "../" + RUN,
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("root", "owner"),
    [(RUN, Owner("7", run_id="0123456789abcdef0123456789abcdef")), (MODEL, Owner("7", model_id="m-0123"))],
)
def test_a_name_is_kept_as_it_is(root: str, owner: Owner, name: str) -> None:
    path = paths.file(f"{root}/{name}")

    assert (path.owner, path.inner, path.key) == (owner, name, f"{root}/{name}")


@pytest.mark.parametrize("name", DANGEROUS)
def test_what_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid path"):
        paths.file(f"{RUN}/{name}")


@pytest.mark.parametrize("name", [name for name in DANGEROUS if name])
def test_what_leads_elsewhere_from_a_root_is_refused(name: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid path"):
        paths.below(paths.folder(RUN), name)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ""),
        (".", ""),
        ("./", ""),
        ("d", "d"),
        ("d/", "d"),
        ("./d", "d"),
        ("d/.", "d"),
        ("d/./b", "d/b"),
        ("d//b", "d/b"),
        (".//./d//.//b//", "d/b"),
        ("d/..", "d/.."),
        ("...", "..."),
        ("/d", "/d"),
        ("//d", "/d"),
        ("/", "/"),
        ("/.", "/"),
        ("d/%2e", "d/%2e"),
        (f"{RUN}/.", RUN),
    ],
)
def test_a_path_in_other_words_is_tidied(text: str, path: str) -> None:
    assert paths.tidy(text) == path


@pytest.mark.parametrize("text", ["/d", "//d", "/", "/.", "..", "d/..", "./..", "d/%2e", ".//../d"])
def test_what_leads_elsewhere_stays_refused_when_it_is_tidy(text: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid path"):
        paths.below(paths.folder(RUN), paths.tidy(text))


@pytest.mark.parametrize("name", ["a//b", "a///b"])
def test_two_slashes_of_an_upload_are_one(name: str) -> None:
    assert paths.uploaded(f"{RUN}/{name}") == paths.uploaded_below(paths.folder(RUN), name) == paths.file(f"{RUN}/a/b")


@pytest.mark.parametrize("name", ["x#y", "a%23b", "100%25", "a%20b", "%61"])
def test_an_upload_of_mlflow_has_a_name_that_its_client_can_list(name: str) -> None:
    with pytest.raises(InvalidParameterValue, match="cannot list"):
        paths.uploaded(f"{RUN}/{name}")
    with pytest.raises(InvalidParameterValue, match="cannot list"):
        paths.uploaded_below(paths.folder(RUN), name)


@pytest.mark.parametrize("name", ["/a", "//a", "a/", "./a", "a/./b", "..", "a//../b"])
def test_other_paths_of_an_upload_are_taken_as_they_are(name: str) -> None:
    with pytest.raises(InvalidParameterValue, match="must not be empty"):
        paths.uploaded_below(paths.folder(RUN), name)


@pytest.mark.parametrize("text", OUTSIDE)
def test_what_lies_outside_of_the_layout_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameterValue, match="Invalid path"):
        paths.folder(text)


@pytest.mark.parametrize("text", [RUN, RUN + "/"])
def test_a_root_is_a_folder_and_no_file(text: str) -> None:
    path = paths.folder(text)

    assert (path.inner, path.key, path.folder) == ("", RUN, RUN + "/")
    with pytest.raises(InvalidParameterValue):
        paths.file(text)


def test_a_key_has_at_most_1024_bytes() -> None:
    longest = "/".join(["x" * 200] * 4 + ["y" * (1024 - len(RUN) - 1 - 4 * 201)])

    assert len(paths.file(f"{RUN}/{longest}").key) == 1024
    with pytest.raises(InvalidParameterValue, match="1024 bytes"):
        paths.file(f"{RUN}/{longest}y")


@pytest.mark.parametrize(
    ("path", "name"),
    [("/home/ada/m.bin", "m.bin"), ("C:\\Users\\ada\\m.bin", "m.bin"), ("m.bin", "m.bin"), ("/x/", ""), ("", "")],
)
def test_the_name_of_a_file_on_somebodys_machine(path: str, name: str) -> None:
    assert paths.basename(path) == name
