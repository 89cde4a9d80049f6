"""Which model folders an event is about: the key decides, however it is encoded, and nothing outside the layout."""

import pytest

from chalicelib.catalogue import events

INSIDE = [
    ("1/run/artifacts/MLmodel", ["1/run/artifacts"]),
    ("1/run/artifacts/model/MLmodel", ["1/run/artifacts/model"]),
    ("1/run/artifacts/a/b c/MLmodel", ["1/run/artifacts/a/b c"]),
    ("1/models/m-1/artifacts/MLmodel", ["1/models/m-1/artifacts"]),
    ("1/run/artifacts/a%20b/MLmodel", ["1/run/artifacts/a%20b", "1/run/artifacts/a b"]),
    ("1%2Frun%2Fartifacts%2Fmodel%2FMLmodel", ["1/run/artifacts/model"]),
    ("1/run/artifacts/a+b/MLmodel", ["1/run/artifacts/a+b", "1/run/artifacts/a b"]),
    ("1/run/artifacts/%C3%BC/MLmodel", ["1/run/artifacts/%C3%BC", "1/run/artifacts/ü"]),
]
OUTSIDE = [
    "MLmodel",
    "1/run/artifacts/model/notMLmodel",
    "1/run/artifacts/model/MLmodel/",
    "1/run/model/MLmodel",
    "x/run/artifacts/MLmodel",
    "1/models/artifacts/MLmodel",
    "1/models/m-1/artifacts/deeper/MLmodel",
    "_cumulog/values/MLmodel",
    "1/run/artifacts//MLmodel",
    "1/run/artifacts/../MLmodel",
    "1/run/artifacts/%2e%2e/../MLmodel",
    "/1/run/artifacts/MLmodel",
    "1/run/artifacts/a\\b/MLmodel",
    "1/run/artifacts/a\x00/MLmodel",
    "1/run/artifacts/" + "x" * 1100 + "/MLmodel",
    "\u0661/run/artifacts/MLmodel",
]


def detail(key, bucket="bucket"):
    return {"bucket": {"name": bucket}, "object": {"key": key}}


@pytest.mark.parametrize(("key", "paths"), INSIDE)
def test_a_key_in_the_layout_names_its_folder(key, paths):
    assert [place.path for place in events.places_of(detail(key), "bucket")] == paths


@pytest.mark.parametrize("key", OUTSIDE)
def test_any_other_key_is_ignored(key):
    assert events.places_of(detail(key), "bucket") == []


@pytest.mark.parametrize("odd", [{}, {"bucket": "bucket"}, detail(7), detail("1/run/artifacts/MLmodel", "other")])
def test_what_makes_no_sense_is_ignored(odd):
    assert events.places_of(odd, "bucket") == []
