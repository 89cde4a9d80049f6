"""What differs between two records is named, the likeliest first."""

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from cumulog._reproduction.rebuilding.places import Data
from cumulog._reproduction.recorded.run import Code, Dataset, Invocation, Missing, Recorded
from cumulog._reproduction.repeating.causes import Pair, found

DOCUMENT = {
    "environment": {"OMP_NUM_THREADS": "1"},
    "host": {"processor": "A", "platform": "Linux", "cpus_allowed": 2},
    "blas_threads": [{"internal_api": "openblas", "num_threads": 2}],
    "accelerators": [{"maker": "NVIDIA", "name": "A100"}],
}
PLAIN = Recorded(
    *("1" * 32, "0", "one", "FINISHED"),
    {"cumulog.seed.numpy": "1"},
    {"lr": "0.1"},
    DOCUMENT,
    {},
    {},
    (Dataset("table", "abc", "local", "a.csv"),),
    Code(has_git=True, commit="a" * 40),
    Invocation("train.py", "", ("--lr", "0.1")),
    "3.11.7",
    "numpy==2.0.0\nscipy==1.0\n",
    "",
    (),
)


def told(**fields: Any) -> dict[str, Any]:
    return {"document": {**DOCUMENT, **fields}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": Code(has_git=True, commit="b" * 40)}, "The commit is bbbbbbbbbbbb, it was aaaaaaaaaaaa."),
        ({"tags": {"cumulog.seed.numpy": "2"}}, "The seed of numpy is '2', it was '1'."),
        ({"tags": {}}, "The seed of numpy is not set, it was '1'."),
        ({"params": {"lr": "0.2"}}, "The parameter lr is '0.2', it was '0.1'."),
        (
            {"invocation": Invocation("train.py", "", ("--lr", "0.2"))},
            "The arguments are '--lr 0.2', they were '--lr 0.1'.",
        ),
        ({"datasets": (Dataset("table", "abd", "", ""),)}, "The dataset table has the digest abd, it was abc."),
        ({"datasets": ()}, "The dataset table was not logged this time."),
        ({"requirements": "numpy==2.0.1\nscipy==1.0\n"}, "numpy is 2.0.1, it was 2.0.0."),
        ({"requirements": "numpy==2.0.0\n"}, "These packages are not installed this time: scipy."),
        ({"python": "3.11.8"}, "Python is 3.11.8, it was 3.11.7."),
        (told(environment={"OMP_NUM_THREADS": "4"}), "OMP_NUM_THREADS is '4', it was '1'."),
        (told(environment={}), "OMP_NUM_THREADS is not set, it was '1'."),
        (
            told(environment={"OMP_NUM_THREADS": "1", "MY_SCALE": "2"}),
            "MY_SCALE is '2', it was not recorded.",
        ),
        (told(accelerators=[]), "The GPUs are none, they were A100."),
        (
            told(blas_threads=[{"internal_api": "openblas", "num_threads": 8}]),
            "openblas had 2 threads, and has 8 threads.",
        ),
        (
            told(host={"processor": "A", "platform": "Linux", "cpus_allowed": 4}),
            "The process may use 4 processors, it had 2: sums by threads may differ.",
        ),
        (told(host={"processor": "B", "platform": "Linux", "cpus_allowed": 2}), "The processor is B, it was A."),
    ],
)
def test_one_thing_that_differs_is_the_one_cause(changes: dict[str, Any], expected: str) -> None:
    causes = found(Pair(PLAIN, PLAIN._replace(**changes)))

    assert [each.sentence for each in causes] == [expected]
    assert causes[0].is_change


def test_two_equal_records_have_no_cause() -> None:
    assert found(Pair(PLAIN, PLAIN)) == []


def test_edits_are_named_by_file(tmp_path: Path) -> None:
    first = b"diff --git a/one.py b/one.py\n+1\ndiff --git a/a b.py b/a b.py\n+1\n"
    (tmp_path / "old").write_bytes(first)
    (tmp_path / "new").write_bytes(first.replace(b"b.py\n+1", b"b.py\n+2"))
    old, new = (PLAIN._replace(files={"cumulog/changes.patch": tmp_path / name}) for name in ("old", "new"))

    assert [each.sentence for each in found(Pair(old, new))] == ["Uncommitted edits differ in a b.py."]


def test_files_that_git_does_not_know_are_compared_by_what_they_hold(tmp_path: Path) -> None:
    for name, content in {"old": b"1", "new": b"2"}.items():
        with tarfile.open(tmp_path / name, "w:gz") as tar:
            info = tarfile.TarInfo("sub/a.py")
            info.size = 1
            tar.addfile(info, io.BytesIO(content))
    old, new = (PLAIN._replace(files={"cumulog/untracked.tar.gz": tmp_path / name}) for name in ("old", "new"))

    assert [each.sentence for each in found(Pair(old, new))] == ["Files that git does not know differ: sub/a.py."]


def test_a_parameter_that_nobody_gave_has_another_default() -> None:
    old = PLAIN._replace(invocation=Invocation("train.py"))

    (cause,) = found(Pair(old, old._replace(params={"lr": "0.2"})))

    assert cause.sentence == "The parameter lr is '0.2', it was '0.1': nobody gave it, so its default changed."


def test_the_likeliest_is_told_first_and_what_is_not_known_after_what_is() -> None:
    old = PLAIN._replace(missing=(Missing("seeds", "No seeds."), Missing("code", "No patch.")))
    new = PLAIN._replace(python="3.11.8", requirements="numpy==3\nscipy==1.0\n")

    causes = found(Pair(old, new, Data(changed=("a: 'b' is not what it was",))))

    assert [(each.kind, each.likelihood) for each in causes] == [
        ("data", "likely"),
        ("package", "likely"),
        ("code", "likely"),
        ("seed", "possible"),
        ("python", "unlikely"),
    ]


def test_what_a_failed_run_did_not_come_to_is_no_cause() -> None:
    new = PLAIN._replace(
        status="FAILED", params={}, tags={}, datasets=(), document={}, requirements="numpy==3\nscipy==1.0\n"
    )

    assert [each.sentence for each in found(Pair(PLAIN, new))] == ["numpy is 3, it was 2.0.0."]


def test_other_files_of_the_same_version_are_a_cause() -> None:
    lock = "numpy==2.0.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nscipy==1.0 --hash=sha256:cc\n"
    old, more = PLAIN._replace(lock=lock), PLAIN._replace(lock=lock.replace("aa", "dd"))

    causes = found(Pair(old, more._replace(lock=more.lock.replace("cc", "ee"))))

    assert [each.sentence for each in causes] == [
        "The package index has other files of scipy==1.0 than those in the lock."
    ]
