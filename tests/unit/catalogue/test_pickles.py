"""Pickles are known by their first bytes."""

import io
import pickle
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalogue import pickles

THING = {"weights": list(range(5000)), "name": "model", "nested": [("a", 1.5), None]}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("thing", [THING, [1, 2, {"a": "b"}], complex(1, 2)])
def test_every_protocol_is_known_from_its_header(protocol, thing):
    header = pickle.dumps(thing, protocol)[: pickles.HEADER_BYTES]

    assert pickles.is_pickle(header)


def test_torchs_zip_with_a_pickle_inside_counts():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("model/data.pkl", pickle.dumps(THING))

    assert pickles.is_pickle(held.getvalue()[: pickles.HEADER_BYTES])


OTHERS = [b"", b"hello world, this is text", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04" + b"a.txt" * 9, b"N.", b"{}", b"(" * 9]


@pytest.mark.parametrize("header", OTHERS)
def test_other_bytes_are_no_pickle(header):
    assert not pickles.is_pickle(header)


def test_what_would_be_called_is_never_called():
    class Evil:
        def __reduce__(self):
            return (pytest.fail, ("it was loaded",))

    assert pickles.is_pickle(pickle.dumps(Evil()))


@given(st.binary(max_size=pickles.HEADER_BYTES))
def test_any_bytes_have_an_answer(header):
    assert pickles.is_pickle(header) in (True, False)


NAMES = [("model.pkl", True), ("model.JOBLIB", True), ("weights", True), ("model.bin", True), ("data/model.pt", True)]
NAMES += [("MLmodel", False), ("conda.yaml", False), ("requirements.txt", False), ("model.safetensors", False)]


@pytest.mark.parametrize(("name", "is_looked_at"), NAMES)
def test_files_of_known_other_kinds_are_not_looked_into(name, is_looked_at):
    assert pickles.may_be(name) == is_looked_at
